import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Messages
import Rings
import Session
import Storage
import Wire

/// The questions that wait, and what the answers need beside the engine.
struct QueryDesk: ~Copyable {
  /// Whether the engine's books may be shown.
  enum Standing {
    /// Not as far yet as when the follower began.
    case behind
    case ready
    case broken
  }

  var names: Names
  var listing: InstrumentListing
  var day: DayBook
  var updates: Updates
  var pictures: Pictures
  let limits: FollowerLimits
  let pageBytes: Int
  /// A ring of questions; each pass looks at every one once.
  private let waiting: Table<Question>
  private var waitingHead = 0
  private var waitingCount = 0
  /// The questions that came when no more could wait are answered before the others.
  private let refused: Table<Question>
  private var refusedCount = 0
  /// How often the rules may still be asked about orders to be in this pass.
  var explanationsLeft = 0
  /// A question that could be answered waits for the next pass.
  private var hasPutOff = false
  /// An order that rules are asked about, at a fixed address.
  let probe: Table<OrderTerms>

  /// Questions that could not wait, before they are told so.
  private static let refusedMaximum = 64
  /// What a terminal is told to wait before it asks again.
  private static let retryMilliseconds: UInt32 = 200

  init(
    _ capacities: LedgerCapacities, _ limits: FollowerLimits, terminals: Int, pageBytes: Int
  ) {
    self.limits = limits
    self.pageBytes = pageBytes
    names = Names(capacities)
    listing = InstrumentListing(capacity: capacities.instruments)
    day = DayBook(capacities, trades: limits.trades)
    updates = Updates(capacities, terminals: terminals)
    pictures = Pictures(capacities, limits)
    waiting = Table(capacity: limits.waiting)
    refused = Table(capacity: QueryDesk.refusedMaximum)
    probe = Table(capacity: 1)
  }

  /// Takes its part of a snapshot, the last one, and hands on those in front of it.
  mutating func load<Input: SnapshotInput & ~Copyable>(
    _ snapshot: consuming SnapshotReader<Input>, _ history: inout ReportHistory,
    _ capacities: LedgerCapacities
  ) throws(SnapshotFault) -> Engine {
    let engine = try Engine.read(from: &snapshot, capacities: capacities)
    try history.pass(through: &snapshot)
    try day.pass(through: &snapshot)
    try snapshot.finish()
    names.load(engine.directory)
    listing.load(names)
    return engine
  }

  mutating func stepped(
    _ command: Command, _ effects: borrowing EffectBuffer, _ engine: borrowing Engine
  ) {
    for index in 0..<effects.count {
      guard case .defined(let defined) = effects.pointer(at: index).pointee else { continue }
      names.defined(command)
      if defined.kind == .instrument { listing.add(InstrumentID(defined.id), names) }
    }
    day.stepped(command, effects, engine)
    picturesStepped(command, effects, engine)
  }

  // MARK: Questions

  mutating func ask(_ question: Question, at now: Int64) {
    switch question.kind {
    case .subscription, .updatesAgain, .farewell: updates.take(question, at: now)
    case .watch, .watchMore, .watchAgain, .unwatch: pictures.take(question, at: now)
    case .query, .instruments, .tryOrder, .why, .room:
      var question = question
      question.deadline = now + limits.waitNanoseconds
      if waitingCount < waiting.capacity {
        waiting.at((waitingHead + waitingCount) % waiting.capacity).pointee = question
        waitingCount += 1
      } else {
        precondition(refusedCount < refused.capacity, "who asks has looked whether there is room")
        refused.at(refusedCount).pointee = question
        refusedCount += 1
      }
    }
  }

  /// Whether a question more would find room.
  var hasRoom: Bool { waitingCount < waiting.capacity || refusedCount < refused.capacity }

  /// Answers what can be answered and sends what has changed; whether anything was put in.
  mutating func answer(
    _ engine: inout Engine, _ standing: Standing, at now: Int64,
    into answers: inout ByteProducer
  ) -> Bool {
    var hasAnswered = false
    explanationsLeft = limits.explanationsPerPass
    hasPutOff = false
    while refusedCount > 0 {
      guard end(refused.at(refusedCount - 1).pointee, .busy, engine, into: &answers) else {
        return hasAnswered
      }
      refusedCount -= 1
      hasAnswered = true
    }
    for _ in 0..<waitingCount {
      let question = waiting.at(waitingHead).pointee
      var isDone = false
      switch standing {
      case .broken: isDone = end(question, .unavailable, engine, into: &answers)
      case .ready where isFarEnough(question, engine) && !isPutOff(question):
        isDone = answer(question, &engine, into: &answers)
      case .behind, .ready:
        isDone = now >= question.deadline && end(question, .busy, engine, into: &answers)
      }
      waitingHead = (waitingHead + 1) % waiting.capacity
      if isDone {
        waitingCount -= 1
        hasAnswered = true
      } else {
        waiting.at((waitingHead + waitingCount - 1) % waiting.capacity).pointee = question
      }
    }
    if standing == .ready { hasAnswered = sendUpdates(engine, at: now, &answers) || hasAnswered }
    if standing != .behind, pictures.deadline <= now {
      let hasSent =
        standing == .broken
        ? endPictures(&answers) : sendPictures(engine, at: now, &answers)
      hasAnswered = hasSent || hasAnswered
    }
    return hasAnswered
  }

  private mutating func isPutOff(_ question: Question) -> Bool {
    guard question.kind.isExplained, explanationsLeft <= 0 else { return false }
    hasPutOff = true
    return true
  }

  private func isFarEnough(_ question: Question, _ engine: borrowing Engine) -> Bool {
    engine.ledger.exists(question.account)
      && engine.ledger.account(question.account).pointee.reportSequence >= question.notBefore
      && engine.market.tradingDay >= question.tradingDay
      && engine.sequence >= question.askedBehind
  }

  /// When `answer` is to be called, if nothing else comes before.
  var deadline: Int64 {
    guard waitingCount + refusedCount == 0 else { return waitingDeadline }
    return min(updates.deadline, pictures.deadline)
  }

  private var waitingDeadline: Int64 {
    guard waitingCount > 0, !hasPutOff else { return 0 }
    var first = waiting.at(waitingHead).pointee.deadline
    for place in 1..<max(waitingCount, 1) {
      first = min(first, waiting.at((waitingHead + place) % waiting.capacity).pointee.deadline)
    }
    return min(first, updates.deadline, pictures.deadline)
  }

  // MARK: Answers

  /// False when the ring has no room for a page now.
  private mutating func answer(
    _ question: Question, _ engine: inout Engine, into answers: inout ByteProducer
  ) -> Bool {
    guard let room = answers.reserve(pageBytes) else { return false }
    var page = Page(question, in: room, rowsLookedAt: limits.rowsLookedAt)
    if question.kind.isExplained {
      let end = explain(to: &page, &engine)
      answers.commit(page.finish(end), kind: QueryDesk.answerKind)
      return true
    }
    if question.kind == .instruments {
      addInstruments(to: &page, engine)
      answers.commit(
        page.finish(
          OrderEntry.InstrumentsEnd(
            requestNumber: question.requestNumber, count: page.count, remaining: page.remaining)),
        kind: QueryDesk.answerKind)
      return true
    }
    switch question.query {
    case .orders: addOrders(to: &page, engine)
    case .trades: addTrades(to: &page, engine)
    case .positions: addPositions(to: &page, engine)
    case .funds: addFunds(to: &page, engine)
    case .limits: addLimits(to: &page, engine)
    case .instruments: addListedInstruments(to: &page, engine)
    case .unknown: page.result = .refused
    }
    let end = OrderEntry.QueryEnd(
      requestNumber: question.requestNumber, kind: question.query, result: page.result,
      count: page.count, after: page.cursor, lost: page.lost,
      reportSequence: engine.ledger.account(question.account).pointee.reportSequence,
      tradingDay: engine.market.tradingDay, time: engine.now)
    answers.commit(page.finish(end), kind: QueryDesk.answerKind)
    return true
  }

  /// Ends a question without rows; false when the ring has no room.
  private func end(
    _ question: Question, _ result: OrderEntry.QueryResult, _ engine: borrowing Engine,
    into answers: inout ByteProducer
  ) -> Bool {
    guard let room = answers.reserve(pageBytes) else { return false }
    var page = Page(question, in: room, rowsLookedAt: limits.rowsLookedAt)
    let count: Int
    if question.kind.isExplained {
      count = page.finish(
        OrderEntry.ExplainEnd(
          requestNumber: question.requestNumber, result: result,
          retryAfterMilliseconds: result == .busy ? QueryDesk.retryMilliseconds : 0,
          tradingDay: engine.market.tradingDay, time: engine.now))
    } else if question.kind == .instruments {
      // This message has no word for "later": the terminal is refused the request.
      count = page.finish(
        OrderEntry.BusinessReject(
          refTemplateID: OrderEntry.InstrumentsRequest.templateID,
          refusal: OrderEntry.RefusalFigures(rule: RuleID.capacity.rawValue)))
    } else {
      count = page.finish(
        OrderEntry.QueryEnd(
          requestNumber: question.requestNumber, kind: question.query, result: result,
          retryAfterMilliseconds: result == .busy ? QueryDesk.retryMilliseconds : 0,
          tradingDay: engine.market.tradingDay, time: engine.now))
    }
    answers.commit(count, kind: QueryDesk.answerKind)
    return true
  }

  static let answerKind: UInt32 = 1
}
