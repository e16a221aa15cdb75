import Domain
import Messages
import Session
import Storage

/// A terminal's connection: a slot that is used again, and which use of it.
public struct TerminalID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public let slot: UInt32
  let generation: UInt32

  init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  /// As one number, for whoever passes it through something that knows no terminals.
  public var ticket: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
  public init(ticket: UInt64) {
    self.init(
      slot: UInt32(truncatingIfNeeded: ticket), generation: UInt32(truncatingIfNeeded: ticket >> 32)
    )
  }
}

/// What the gateway keeps of a terminal's connection.
struct Terminal: BitwiseCopyable {
  var state: TerminalSessionState
  /// Odd while the slot is used.
  var generation: UInt32
  var door: SessionDoor
  var address: NetworkAddress
  /// Of the logon it has sent; `.none` before.
  var session: SessionID
  /// Whose logon was accepted, or is being decided.
  var account: OperationAccountID
  /// The same at the controllers' door.
  var controller: ControllerID
  /// What the logon called the account, or the controller.
  var accountName: Name
  /// What the logon said, until its verdict.
  var logon: LogonFacts
  /// The engine counts it among the account's sessions.
  var isCounted: Bool
  /// The engine has not let it in, ever.
  var isUnauthenticated: Bool
  /// Its bytes are left in the system's buffers.
  var isPaused: Bool
  /// Until there is room in its output, or until this moment if it was over its rate.
  var waitsForRoom: Bool
  var pausedUntil: Int64
  /// It is over; the connection is to be closed behind what waits.
  var isClosing: Bool
  /// The next terminal of the account as slot + 1, and the one before; 0 = none.
  var next: UInt32
  var previous: UInt32
  /// The sequence of the report that is sent again next; 0 = it is up to date.
  var resumeAt: UInt64
  /// Reports after this one are new to the session: they are not marked as sent again.
  var resumeEnd: UInt64
  var resumeHint: UInt32
  /// Some of what it missed is not kept any more: the oldest that is; 0 = all is.
  var resumeGap: UInt64
  /// The next instrument of the snapshot that follows a gap, + 1; 0 = none is owed.
  var snapshotAt: UInt32
  /// Queries that wait for their answer.
  var openQueries: UInt32
  /// Updates of its account found no room: they are asked for again.
  var owesUpdates: Bool
  /// Of a controller who watches: the number of the notice that is sent next, who asked for it, and
  /// up to which one he is told that he has missed none.
  var noticeAt: UInt64
  var noticeRequest: UInt64
  var noticeGoal: UInt64
  var isCatchingUp: Bool
  /// Of a controller who follows liquidations: up to which version he was told, who asked for it
  /// and up to which one he is told that those were all that run; 0 = he was, or never asked.
  var liquidationAt: UInt64
  var liquidationRequest: UInt64
  var liquidationGoal: UInt64
  /// Those of all his accounts; else those that he asked for.
  var followsAll: Bool

  var isLive: Bool { isCounted && !isClosing }
}

/// What a Logon says beside the password.
struct LogonFacts: BitwiseCopyable {
  var mac: MACAddress
  var terminalName: FixedText<32>
  var terminalVersion: FixedText<16>
  var lastTradingDay: TradingDay
  var lastReportSequence: UInt64

  static var none: LogonFacts {
    LogonFacts(
      mac: MACAddress(raw: 0), terminalName: FixedText(), terminalVersion: FixedText(),
      lastTradingDay: .none, lastReportSequence: 0)
  }
}

/// The slots of terminals and of controllers' clients, and which of them an account or a controller
/// has.
struct Terminals: ~Copyable {
  private let rows: Table<Terminal>
  /// The slot that was freed last is taken first: its buffers are there already, and memory is
  /// taken for as many slots as were ever used at the same time.
  private var free: Fifo<UInt32>
  /// First session of an account, or behind those of a controller, as slot + 1.
  private let firstOfOwner: Table<UInt32>
  private let accounts: Int
  /// Places that terminals may take, and clients of controllers.
  private let terminalPlaces: Int
  private let deskPlaces: Int
  /// Slots that were ever used.
  private(set) var used = 0
  private(set) var count = 0
  /// Of those, the clients of controllers.
  private(set) var deskCount = 0
  /// Those the engine has never let in: what is being closed behind a session is none.
  private(set) var unauthenticated = 0
  private(set) var deskUnauthenticated = 0
  /// Terminals that the engine counts as sessions.
  private(set) var counted = 0

  init(terminals: Int, desk: Int, accounts: Int, controllers: Int) {
    let capacity = terminals + desk
    rows = Table(capacity: capacity)
    free = Fifo(capacity: capacity)
    firstOfOwner = Table(capacity: accounts + controllers)
    self.accounts = accounts
    terminalPlaces = terminals
    deskPlaces = desk
    for slot in 0..<capacity { _ = free.push(UInt32(slot)) }
  }

  var capacity: Int { rows.capacity }

  /// A slot for a new connection; nil when all that it may take are used.
  mutating func open(
    _ terms: TerminalSessionTerms, door: SessionDoor, from address: NetworkAddress, at now: Int64
  ) -> TerminalID? {
    let isDesk = door == .desk
    guard isDesk ? deskCount < deskPlaces : count - deskCount < terminalPlaces,
      let slot = free.pop()
    else { return nil }
    let row = rows.at(slot)
    let generation = row.pointee.generation &+ 1
    row.pointee = Terminal(
      state: TerminalSessionState(terms, door: door, at: now), generation: generation, door: door,
      address: address, session: .none, account: .none, controller: .none, accountName: Name(),
      logon: .none, isCounted: false,
      isUnauthenticated: true, isPaused: false, waitsForRoom: false, pausedUntil: 0,
      isClosing: false, next: 0,
      previous: 0, resumeAt: 0, resumeEnd: 0, resumeHint: 0, resumeGap: 0, snapshotAt: 0,
      openQueries: 0, owesUpdates: false, noticeAt: 0, noticeRequest: 0, noticeGoal: 0,
      isCatchingUp: false, liquidationAt: 0, liquidationRequest: 0, liquidationGoal: 0,
      followsAll: false)
    used = max(used, Int(slot) + 1)
    count += 1
    if isDesk {
      deskCount += 1
      deskUnauthenticated += 1
    } else {
      unauthenticated += 1
    }
    return TerminalID(slot: slot, generation: generation)
  }

  /// The connection is gone; its id is nobody's from now on.
  mutating func close(_ id: TerminalID) {
    guard let row = find(id) else { return }
    precondition(!row.pointee.isCounted, "a session is uncounted before its slot is free")
    row.pointee.generation &+= 1
    count -= 1
    if row.pointee.door == .desk { deskCount -= 1 }
    if row.pointee.isUnauthenticated { authenticated(row) }
    precondition(free.pushFirst(id.slot), "every slot has room among the free ones")
  }

  /// In place, until the slot is closed; nil for a connection that is gone.
  func find(_ id: TerminalID) -> UnsafeMutablePointer<Terminal>? {
    guard Int(id.slot) < rows.capacity else { return nil }
    let row = rows.at(id.slot)
    return row.pointee.generation == id.generation && id.generation & 1 == 1 ? row : nil
  }

  /// The terminal of a slot that is used; nil for a free one.
  func inSlot(_ slot: UInt32) -> UnsafeMutablePointer<Terminal>? {
    let row = rows.at(slot)
    return row.pointee.generation & 1 == 1 ? row : nil
  }

  func id(_ slot: UInt32) -> TerminalID {
    TerminalID(slot: slot, generation: rows.at(slot).pointee.generation)
  }

  /// The terminal of a session; nil when it is gone.
  func find(_ session: SessionID) -> (slot: UInt32, UnsafeMutablePointer<Terminal>)? {
    let slot = UInt32(truncatingIfNeeded: session.raw & 0xFFFF)
    guard Int(slot) < rows.capacity, let row = inSlot(slot), row.pointee.session == session else {
      return nil
    }
    return (slot, row)
  }

  /// The id of the session whose logon is command `sequence`: unique for ever, larger than any
  /// before.
  static func session(_ slot: UInt32, logonSequence sequence: UInt64) -> SessionID {
    SessionID(sequence << 16 | UInt64(slot))
  }

  // MARK: Accounts

  private mutating func authenticated(_ row: UnsafeMutablePointer<Terminal>) {
    row.pointee.isUnauthenticated = false
    if row.pointee.door == .desk { deskUnauthenticated -= 1 } else { unauthenticated -= 1 }
  }

  /// Whose session it is, in the list of owners.
  private func owner(_ row: UnsafeMutablePointer<Terminal>) -> Int {
    row.pointee.door == .desk
      ? owner(row.pointee.controller) : owner(row.pointee.account)
  }
  func owner(_ account: OperationAccountID) -> Int { account.index }
  func owner(_ controller: ControllerID) -> Int { accounts + controller.index }

  /// The engine let a session in.
  mutating func count(_ slot: UInt32) {
    let row = rows.at(slot)
    precondition(!row.pointee.isCounted, "a session is counted once")
    row.pointee.isCounted = true
    if row.pointee.door == .terminals { counted += 1 }
    authenticated(row)
    let first = firstOfOwner.at(owner(row))
    row.pointee.next = first.pointee
    row.pointee.previous = 0
    if first.pointee != 0 { rows.at(first.pointee - 1).pointee.previous = slot + 1 }
    first.pointee = slot + 1
  }

  /// The engine is told that a session is over; false when it was told before.
  mutating func uncount(_ slot: UInt32) -> Bool {
    let row = rows.at(slot)
    guard row.pointee.isCounted else { return false }
    row.pointee.isCounted = false
    if row.pointee.door == .terminals { counted -= 1 }
    if row.pointee.previous != 0 {
      rows.at(row.pointee.previous - 1).pointee.next = row.pointee.next
    } else {
      firstOfOwner.at(owner(row)).pointee = row.pointee.next
    }
    if row.pointee.next != 0 {
      rows.at(row.pointee.next - 1).pointee.previous = row.pointee.previous
    }
    row.pointee.next = 0
    row.pointee.previous = 0
    return true
  }

  /// The slot of an account's first terminal; go on with `after`. Nil when there is none.
  func first(of account: OperationAccountID) -> UInt32? { first(ofOwner: owner(account)) }

  private func first(ofOwner owner: Int) -> UInt32? {
    let number = firstOfOwner.at(owner).pointee
    return number == 0 ? nil : number - 1
  }

  /// The slot of the owner's session that logged on first, when there are more than `most`.
  func oldest(ofOwner owner: Int, beyond most: Int64) -> UInt32? {
    var count: Int64 = 0
    var oldest: UInt32?
    var next = first(ofOwner: owner)
    while let slot = next {
      count += 1
      // Who comes later is put in front.
      oldest = slot
      next = after(slot)
    }
    return count > most ? oldest : nil
  }

  func after(_ slot: UInt32) -> UInt32? {
    let number = rows.at(slot).pointee.next
    return number == 0 ? nil : number - 1
  }
}
