import Domain
import Storage

/// A risk controller: who may log in as him, and what he may do.
public struct ControllerRecord: BitwiseCopyable {
  public var logon: LogonRecord
  public var rights: ControllerRights
  public var enabled: Bool
  /// Every account, those to come too.
  public var isBoundToAll: Bool
  /// A session more than allowed ends the oldest one instead of being refused.
  public var dropsOlderSession: Bool
  var padding8: UInt8
  var padding16: UInt16

  /// Whether he may be shown accounts, notices and liquidations.
  @inlinable public var mayWatch: Bool { enabled && rights.contains(.watch) }
}

/// Risk controllers and the accounts that are bound to them.
public struct Controllers: ~Copyable {
  private let pinned = Pinned()
  let records: Table<ControllerRecord>
  /// By controller and account.
  let bound: Table<UInt8>
  let accounts: Int
  public internal(set) var count = 0

  init(controllers: Int, accounts: Int) {
    records = Table(capacity: controllers)
    bound = Table(capacity: controllers * accounts)
    self.accounts = accounts
  }

  public func exists(_ id: ControllerID) -> Bool { id.index < count }

  public func at(_ id: ControllerID) -> UnsafePointer<ControllerRecord> {
    precondition(exists(id), "a controller is asked for by an id that was given")
    return UnsafePointer(records.at(id.raw))
  }

  /// Whether an account is bound to a controller; both exist.
  public func isBound(_ account: OperationAccountID, to id: ControllerID) -> Bool {
    at(id).pointee.isBoundToAll || isListed(account, id)
  }

  /// Whether an account is on a controller's list, whether that counts or not.
  func isListed(_ account: OperationAccountID, _ id: ControllerID) -> Bool {
    bound.at(id.index * accounts + account.index).pointee != 0
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(records)
    try archive.pass(bound)
    try archive.pass(count: &count, atMost: records.capacity)
  }

  func hash(accountCount: Int, into hasher: inout StateHasher) {
    hasher.combine(records, count: count)
    for controller in 0..<count {
      for account in 0..<accountCount where bound.at(controller * accounts + account).pointee != 0 {
        hasher.combine(UInt64(controller) << 32 | UInt64(account))
      }
    }
  }
}

extension Ledger {
  /// A controller that may do nothing yet; nil when there is no room.
  public mutating func defineController() -> ControllerID? {
    guard controllers.count < controllers.records.capacity else { return nil }
    let record = controllers.records.at(controllers.count)
    record.pointee.logon.begin()
    record.pointee.enabled = true
    controllers.count += 1
    return ControllerID(UInt32(controllers.count - 1))
  }

  public mutating func changeController(
    _ id: ControllerID, _ change: (UnsafeMutablePointer<ControllerRecord>) -> Void
  ) {
    change(controllers.records.at(id.raw))
  }

  public mutating func bind(_ account: OperationAccountID, to id: ControllerID, _ isBound: Bool) {
    controllers.bound.at(id.index * controllers.accounts + account.index).pointee = isBound ? 1 : 0
  }

  // MARK: Logging in, as accounts do

  public mutating func allowAddress(
    _ id: ControllerID, from: (high: UInt64, low: UInt64), to: (high: UInt64, low: UInt64)
  ) -> Bool {
    allowAddress(
      &controllers.records.at(id.raw).pointee.logon.firstAddress, from: from, to: to)
  }

  public mutating func allowMAC(_ id: ControllerID, _ mac: UInt64) -> Bool {
    allowMAC(&controllers.records.at(id.raw).pointee.logon.firstMAC, mac)
  }

  public mutating func countLoginFailure(
    _ id: ControllerID, at time: Timestamp, failures: Int64, windowSeconds: Int64,
    lockSeconds: Int64
  ) -> Bool {
    controllers.records.at(id.raw).pointee.logon.countFailure(
      at: time, failures: failures, windowSeconds: windowSeconds, lockSeconds: lockSeconds)
  }

  public mutating func sessionOpened(_ id: ControllerID) {
    controllers.records.at(id.raw).pointee.logon.sessionOpened()
  }

  public mutating func sessionClosed(_ id: ControllerID) {
    controllers.records.at(id.raw).pointee.logon.sessionClosed()
  }
}
