import Domain
import Engine
import Ledger
import MarketData
import Messages

/// An engine with a small world in it (`World`), fed one command at a time. Numbers and times are
/// given by themselves; what counters were sent is kept, so that they can answer.
final class EngineFixture {
  private(set) var engine: Engine
  private var buffer = EffectBuffer()
  /// Of the newest command.
  private(set) var time: Timestamp
  /// Children in the order they were sent.
  private(set) var sent: [SendOrder] = []
  /// Cancels in the order they were sent.
  private(set) var cancels: [SendCancel] = []
  /// Everything that was stepped, so that it can be stepped again elsewhere.
  private(set) var commands: [Stamped] = []
  var counterSequences: [UInt64] = []
  var epochs: [UInt64] = []
  /// Of the newest `pass`.
  var passed: [Effect] = []
  private var clientIDs = 0

  /// An engine without anything in it.
  init(capacities: LedgerCapacities = World.capacities, from time: Timestamp = World.genesisTime) {
    engine = Engine(capacities: capacities)
    self.time = time
  }

  /// Steps one command, a millisecond after the one before.
  @discardableResult func step(_ command: Command) -> [Effect] {
    step(command, at: time.adding(nanoseconds: 1_000_000))
  }

  @discardableResult func step(_ command: Command, at time: Timestamp) -> [Effect] {
    self.time = time
    let stamped = Stamped(sequence: engine.sequence + 1, time: time, command: command)
    commands.append(stamped)
    engine.step(stamped, into: &buffer)
    var effects: [Effect] = []
    for index in 0..<buffer.count { effects.append(buffer[index]) }
    for effect in effects {
      if case .sendOrder(let order) = effect { sent.append(order) }
      if case .sendCancel(let cancel) = effect { cancels.append(cancel) }
    }
    return effects
  }

  /// Why the next command would be decided as it would, were it this order.
  func explain(_ order: NewOrder) -> Explanation {
    engine.explain(order, at: time.adding(nanoseconds: 1_000_000))
  }

  /// The same of a liquidation's order.
  func explain(forced order: NewOrder) -> Explanation {
    engine.explain(forced: order, at: time.adding(nanoseconds: 1_000_000))
  }

  /// Steps `continueWork` until nothing waits; returns the effects of each slice.
  @discardableResult func drain() -> [[Effect]] {
    var slices: [[Effect]] = []
    while engine.hasWork { slices.append(step(.continueWork)) }
    return slices
  }

  /// A client id that this fixture has not used.
  func newClOrdID() -> ClOrdID {
    clientIDs += 1
    return ClOrdID("order-\(clientIDs)")!
  }

  // MARK: Reading
  //
  // By value: `#expect` takes nothing that can't be copied.

  var hasWork: Bool { engine.hasWork }
  var isReady: Bool { engine.isReady }
  var booksHash: UInt64 { engine.booksHash }
  var stateHash: UInt64 { engine.stateHash }
  var nextDeadline: Timestamp { engine.nextDeadline }
  var tradingDay: TradingDay { engine.market.tradingDay }

  func instrument(_ id: InstrumentID) -> InstrumentRecord {
    engine.market.instrument(id).pointee
  }
  func holder(_ account: OperationAccountID) -> HolderRecord {
    engine.ledger.holder(engine.ledger.holder(of: account)).pointee
  }
  func holder(_ fundAccount: FundAccountID) -> HolderRecord {
    engine.ledger.holder(engine.ledger.holder(of: fundAccount)).pointee
  }
  func fundAccount(_ id: FundAccountID) -> FundAccountRecord {
    engine.ledger.fundAccount(id).pointee
  }
  /// How often many messages left within a second today.
  func budgetMessages(_ id: FundAccountID, _ exchange: Exchange) -> Int32 {
    engine.ledger.budgetMessages(id, exchange).bursts
  }
  func product(_ id: ProductID) -> ProductRecord { engine.ledger.product(id).pointee }

  /// The side of a holder's position; nil when the holder never had one there.
  func side(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide,
    _ hedge: HedgeFlag = .speculation
  ) -> PositionSideRecord? {
    self.side(engine.ledger.holder(of: account), instrument, side, hedge)
  }
  func side(
    _ fundAccount: FundAccountID, _ instrument: InstrumentID, _ side: PositionSide,
    _ hedge: HedgeFlag = .speculation
  ) -> PositionSideRecord? {
    self.side(engine.ledger.holder(of: fundAccount), instrument, side, hedge)
  }
  private func side(
    _ holder: HolderID, _ instrument: InstrumentID, _ side: PositionSide, _ hedge: HedgeFlag
  ) -> PositionSideRecord? {
    let number = engine.ledger.position(holder, instrument, hedge)
    return number == 0 ? nil : engine.ledger.position(number).pointee.side(side)
  }

  /// What that side cost.
  func cost(
    _ account: OperationAccountID, _ instrument: InstrumentID, _ side: PositionSide
  ) -> PositionCostRecord? {
    cost(engine.ledger.holder(of: account), instrument, side)
  }
  func cost(
    _ fundAccount: FundAccountID, _ instrument: InstrumentID, _ side: PositionSide
  ) -> PositionCostRecord? {
    cost(engine.ledger.holder(of: fundAccount), instrument, side)
  }
  private func cost(
    _ holder: HolderID, _ instrument: InstrumentID, _ side: PositionSide
  ) -> PositionCostRecord? {
    let number = engine.ledger.position(holder, instrument, .speculation)
    return number == 0 ? nil : engine.ledger.position(number).pointee.cost(side)
  }

  /// Today's order by its id.
  func order(_ id: OrderID) -> OrderRecord? {
    let number = engine.ledger.orderNumber(
      id, day: engine.market.tradingDay, shard: engine.shard)
    return number == 0 ? nil : engine.ledger.order(number).pointee
  }

  /// Today's child order by its id.
  func child(_ id: OrderID) -> ChildRecord? {
    let number = engine.ledger.childNumber(
      id, day: engine.market.tradingDay, shard: engine.shard)
    return number == 0 ? nil : engine.ledger.child(number).pointee
  }
}

extension [Effect] {
  var reports: [ExecutionReport] {
    compactMap { if case .report(let report) = $0 { report } else { nil } }
  }
  var notices: [Notice] {
    compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
  }
  var sent: [SendOrder] {
    compactMap { if case .sendOrder(let order) = $0 { order } else { nil } }
  }
  var cancels: [SendCancel] {
    compactMap { if case .sendCancel(let cancel) = $0 { cancel } else { nil } }
  }
  var askedFates: [AskFate] {
    compactMap { if case .askFate(let ask) = $0 { ask } else { nil } }
  }
  var verdicts: [LogonVerdict] {
    compactMap { if case .logonVerdict(let verdict) = $0 { verdict } else { nil } }
  }
  var refusals: [Refusal] {
    compactMap { if case .commandRefused(let refused) = $0 { refused.refusal } else { nil } }
  }
  var defined: [Defined] {
    compactMap { if case .defined(let defined) = $0 { defined } else { nil } }
  }
  func notices(_ kind: NoticeKind) -> [Notice] { notices.filter { $0.kind == kind } }
}
