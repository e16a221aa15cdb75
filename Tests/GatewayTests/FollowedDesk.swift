import Domain
import Engine
import Follower
import Journal
import Ledger
import Messages
import Rings
import Storage
import Testing
import Wire

@testable import Gateway

/// A gateway in memory with a follower behind its journal: who asks is answered as on sockets.
struct FollowedDesk: ~Copyable {
  var desk: GatewayDesk
  var follower: Follower<MemoryJournalStorage>
  private var feed: JournalFeed
  private var answers: ByteConsumer
  private var answering: ByteProducer
  /// Bytes of the journal that the follower was told of.
  private var fed = 0
  /// The follower's clock, in nanoseconds.
  var now: Int64 = 1_000_000_000
  private var requestNumber: UInt32 = 0
  /// The terminal of whoever set the desk up.
  var alice = TerminalID(ticket: 0)

  /// - Parameters:
  ///   - capacities: of the follower, where they are other than those of the house.
  ///   - house: of the gateway.
  init(
    limits: FollowerLimits = FollowedDesk.limits, capacities: LedgerCapacities? = nil,
    gateway: GatewayLimits = GatewayDesk.limits, controllers: [(String, ControllerRights)] = [],
    house: LedgerCapacities = SmallHouse.capacities
  ) throws {
    let desk = try GatewayDesk(limits: gateway, controllers: controllers, capacities: house)
    let ring = ByteRing(capacity: limits.journalRingBytes)
    let answers = ByteRing(capacity: limits.answerRingBytes)
    let mark = JournalMark()
    mark.stored(desk.gateway.sequencer.journal.end)
    let follower = try Follower(
      MemoryJournalStorage(desk.file), ring.consumer, mark,
      capacities: capacities ?? house, limits: limits, terminals: gateway)
    fed = desk.file.bytes.count
    feed = JournalFeed(ring.producer, mark)
    self.answers = answers.consumer
    answering = answers.producer
    self.follower = follower
    self.desk = desk
  }

  static var limits: FollowerLimits {
    var limits = FollowerLimits()
    limits.journalRingBytes = 1 << 20
    limits.answerRingBytes = 256 << 10
    limits.questionRing = 16
    limits.waiting = 8
    limits.trades = 256
    return limits
  }

  /// Offers to the follower's ring what the journal has stored since the last time.
  mutating func offer() {
    let bytes = Array(desk.file.bytes[fed...])
    bytes.withUnsafeBytes { feed.offer($0, at: UInt64(fed)) }
    feed.mark.stored(desk.gateway.sequencer.journal.end)
    fed = desk.file.bytes.count
  }

  /// Another follower takes over: it reads a snapshot first, then the journal's file.
  mutating func followAnew(
    from snapshot: [UInt8]?, limits: FollowerLimits = FollowedDesk.limits
  ) throws {
    let ring = ByteRing(capacity: limits.journalRingBytes)
    let mark = JournalMark()
    mark.stored(desk.gateway.sequencer.journal.end)
    follower = try Follower(
      MemoryJournalStorage(desk.file), ring.consumer, mark, capacities: SmallHouse.capacities,
      limits: limits, terminals: desk.gateway.limits,
      from: try snapshot.map { try SnapshotReader(MemorySnapshot($0)) })
    fed = desk.file.bytes.count
    feed = JournalFeed(ring.producer, mark)
  }

  var overflowBytes: UInt64 { feed.overflowBytes }

  /// The follower steps what it was offered.
  mutating func follow() {
    while follower.follow(atMost: 64) > 0 {}
  }

  /// Questions go over, answers come back.
  mutating func serve() {
    while let question = desk.gateway.nextQuestion() { follower.ask(question, at: now) }
    while follower.answer(at: now, into: &answering) {
      while let record = answers.next() {
        let start = MemoryLayout<AnswerHeader>.size
        desk.gateway.answered(
          record.bytes.loadUnaligned(as: AnswerHeader.self),
          UnsafeRawBufferPointer(rebasing: record.bytes[start...]))
      }
      answers.release()
    }
    desk.turn()
  }

  /// Everybody does what there is to do.
  mutating func settle() {
    desk.settle()
    offer()
    follow()
    serve()
  }

  /// A terminal that has heard what it missed.
  mutating func logOn(_ name: String = "alice") throws -> TerminalID {
    let id = try desk.logOn(name)
    settle()
    _ = desk.received(id)
    return id
  }

  static func query(
    _ kind: OrderEntry.QueryKind, _ account: String = "alice", notBefore: UInt64 = 0,
    after: UInt64 = 0, rows: UInt32 = 0, instrument: String = "", workingOnly: Bool = false,
    number: UInt32 = 1
  ) -> OrderEntry.Query {
    OrderEntry.Query(
      requestNumber: number, account: Name(account)!, kind: kind,
      flags: workingOnly ? [.workingOnly] : [], notBefore: notBefore, after: after,
      maximumRows: rows, instrument: InstrumentCode(instrument)!)
  }

  /// A page with everything that came, which is nothing but it.
  struct Answer {
    var orders: [OrderEntry.OrderRow] = []
    var trades: [OrderEntry.TradeRow] = []
    var positions: [OrderEntry.PositionUpdate] = []
    var funds: [OrderEntry.AccountUpdate] = []
    var limits: [OrderEntry.LimitRow] = []
    var instruments: [OrderEntry.InstrumentDefinition] = []
    var end = OrderEntry.QueryEnd()

    var count: Int {
      orders.count + trades.count + positions.count + funds.count + limits.count
        + instruments.count
    }

    mutating func add(_ received: Received) {
      switch received {
      case .order(let row): orders.append(row)
      case .trade(let row): trades.append(row)
      case .position(let row): positions.append(row)
      case .account(let row): funds.append(row)
      case .limit(let row): limits.append(row)
      case .instrument(let row): instruments.append(row)
      case .queryEnd(let end): self.end = end
      default: Issue.record("\(received) came in an answer")
      }
    }
  }

  mutating func ask(_ query: OrderEntry.Query, from id: TerminalID) -> Answer {
    _ = desk.received(id)
    desk.send(query, from: id)
    serve()
    return answer(id)
  }

  /// What has come since the last look.
  mutating func answer(_ id: TerminalID) -> Answer {
    var answer = Answer()
    for received in desk.received(id) { answer.add(received) }
    return answer
  }

  /// All pages of a query, of so many rows each.
  mutating func pages(
    _ kind: OrderEntry.QueryKind, of rows: UInt32, _ account: String = "alice",
    instrument: String = "", from id: TerminalID
  ) -> [Answer] {
    var pages: [Answer] = []
    var after: UInt64 = 0
    repeat {
      requestNumber += 1
      let page = ask(
        Self.query(
          kind, account, after: after, rows: rows, instrument: instrument,
          number: requestNumber),
        from: id)
      pages.append(page)
      after = page.end.after
    } while pages.last?.end.result == .more && pages.count < 1_000
    return pages
  }

  // MARK: Trading

  /// An order whose children their counters have accepted, and filled as far as is said.
  mutating func trade(
    _ order: OrderEntry.NewOrder, filled lots: Lots, from id: TerminalID
  ) {
    let link = LinkID(index: 0)
    let before = desk.orders(at: link).count
    desk.send(order, from: id)
    desk.turn()
    desk.settle()
    for child in desk.orders(at: link)[before...] {
      desk.send(desk.counters[link]!.accepted(child.childOrderID), from: link)
      if lots > 0 {
        desk.send(desk.counters[link]!.filled(child, lots: min(lots, child.lots)), from: link)
      }
    }
    settle()
    _ = desk.received(id)
  }
}
