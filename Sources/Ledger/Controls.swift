import Domain
import Storage

/// Who put a bar or pressed a switch, when and why.
public struct ControlMark: BitwiseCopyable {
  /// Of the notice that told of it; 0 = it is not in place.
  public var number: UInt64
  public var since: Timestamp
  public var controller: ControllerID
  var padding: UInt32
  public var reason: ControlReason

  @inlinable public var isInPlace: Bool { number != 0 }
}

/// What kill switches stop: an account, a product, a counter, everything.
public enum KillScope: Equatable, Sendable {
  case platform
  case account(OperationAccountID)
  case product(ProductID)
  case counter(CounterID)
}

/// Bars and kill switches that risk controllers have put in place. They stay over days until they
/// are released.
public struct Controls: ~Copyable {
  private let pinned = Pinned()
  // What an order reads: a byte each, and nothing at all while none is in place.
  let barred: Table<UInt8>
  let killed: Table<UInt8>
  public internal(set) var barCount = 0
  public internal(set) var switchCount = 0
  // What people read.
  let bars: Table<ControlMark>
  let switches: Table<ControlMark>
  let accounts: Int
  let products: Int

  init(accounts: Int, products: Int, counters: Int) {
    self.accounts = accounts
    self.products = products
    barred = Table(capacity: accounts)
    bars = Table(capacity: accounts)
    let places = 1 + accounts + products + counters
    killed = Table(capacity: places)
    switches = Table(capacity: places)
  }

  /// How many places there are for switches.
  public var switchPlaces: Int { killed.capacity }

  /// Where a scope's switch is.
  public func place(_ scope: KillScope) -> Int {
    switch scope {
    case .platform: 0
    case .account(let id): 1 + id.index
    case .product(let id): 1 + accounts + id.index
    case .counter(let id): 1 + accounts + products + id.index
    }
  }

  /// Whose switch a place is.
  public func scope(at place: Int) -> KillScope {
    if place == 0 { return .platform }
    if place <= accounts { return .account(OperationAccountID(UInt32(place - 1))) }
    if place <= accounts + products { return .product(ProductID(UInt32(place - 1 - accounts))) }
    return .counter(CounterID(UInt32(place - 1 - accounts - products)))
  }

  @inline(__always) public func isBarred(_ account: OperationAccountID) -> Bool {
    barCount != 0 && barred.at(account.raw).pointee != 0
  }

  @inline(__always) public func isKilled(_ scope: KillScope) -> Bool {
    switchCount != 0 && killed.at(place(scope)).pointee != 0
  }

  /// The widest switch that stops an account's orders: everything, its product, its own.
  public func killing(_ account: OperationAccountID, _ product: ProductID) -> KillScope? {
    guard switchCount != 0 else { return nil }
    if isKilled(.platform) { return .platform }
    if !product.isNone, isKilled(.product(product)) { return .product(product) }
    return isKilled(.account(account)) ? .account(account) : nil
  }

  public func bar(_ account: OperationAccountID) -> UnsafePointer<ControlMark> {
    UnsafePointer(bars.at(account.raw))
  }

  public func killSwitch(_ place: Int) -> UnsafePointer<ControlMark> {
    UnsafePointer(switches.at(place))
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(barred)
    try archive.pass(killed)
    try archive.pass(bars)
    try archive.pass(switches)
    try archive.pass(count: &barCount, atMost: barred.capacity)
    try archive.pass(count: &switchCount, atMost: killed.capacity)
  }

  /// What is in place. A switch's place depends on capacities; its scope does not.
  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(barCount) << 32 | UInt64(switchCount))
    if barCount != 0 {
      for account in 0..<accounts where barred.at(account).pointee != 0 {
        hasher.combine(UInt64(account))
        hasher.combine(bars, from: account, count: 1)
      }
    }
    guard switchCount != 0 else { return }
    for place in 0..<killed.capacity where killed.at(place).pointee != 0 {
      switch scope(at: place) {
      case .platform: hasher.combine(UInt64(0))
      case .account(let id): hasher.combine(1 << 32 | UInt64(id.raw))
      case .product(let id): hasher.combine(2 << 32 | UInt64(id.raw))
      case .counter(let id): hasher.combine(3 << 32 | UInt64(id.raw))
      }
      hasher.combine(switches, from: place, count: 1)
    }
  }
}

extension Ledger {
  /// Bars opening of an account; again, it says who and why anew.
  public mutating func barOpening(
    _ account: OperationAccountID, by controller: ControllerID, _ reason: ControlReason,
    number: UInt64, at time: Timestamp
  ) {
    if controls.barred.at(account.raw).pointee == 0 { controls.barCount += 1 }
    controls.barred.at(account.raw).pointee = 1
    Self.write(controls.bars.at(account.raw), controller, reason, number: number, at: time)
  }

  /// False when no bar is in place.
  public mutating func releaseOpening(_ account: OperationAccountID) -> Bool {
    guard controls.barred.at(account.raw).pointee != 0 else { return false }
    controls.barred.at(account.raw).pointee = 0
    controls.bars.at(account.raw).pointee.number = 0
    controls.barCount -= 1
    return true
  }

  public mutating func pressKillSwitch(
    _ scope: KillScope, by controller: ControllerID, _ reason: ControlReason, number: UInt64,
    at time: Timestamp
  ) {
    let place = controls.place(scope)
    if controls.killed.at(place).pointee == 0 { controls.switchCount += 1 }
    controls.killed.at(place).pointee = 1
    Self.write(controls.switches.at(place), controller, reason, number: number, at: time)
  }

  /// False when it is not pressed.
  public mutating func releaseKillSwitch(_ scope: KillScope) -> Bool {
    let place = controls.place(scope)
    guard controls.killed.at(place).pointee != 0 else { return false }
    controls.killed.at(place).pointee = 0
    controls.switches.at(place).pointee.number = 0
    controls.switchCount -= 1
    return true
  }

  private static func write(
    _ mark: UnsafeMutablePointer<ControlMark>, _ controller: ControllerID,
    _ reason: ControlReason, number: UInt64, at time: Timestamp
  ) {
    mark.pointee.number = number
    mark.pointee.since = time
    mark.pointee.controller = controller
    mark.pointee.reason = reason
  }
}
