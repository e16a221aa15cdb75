import Domain
import Engine
import Ledger
import MarketData
import Messages
import ReferenceModel
import Storage

/// One seed: an engine, a second one that must do the same though it is written to a snapshot and
/// read again all the time, and the twin that judges both.
final class TwinRun {
  let seed: UInt64
  var draw: SplitMix
  private(set) var engine = Engine(capacities: TwinWorld.capacities)
  private var second = Engine(capacities: TwinWorld.capacities)
  let twin = Twin()
  private var buffer = EffectBuffer()
  private var secondBuffer = EffectBuffer()
  private(set) var time = TwinWorld.genesisTime
  /// Steps of the stream; slices and genesis don't count.
  var stepNumber = 0
  private(set) var coverage = TwinCoverage()
  /// The first figure that was wrong; nothing goes on after it.
  private(set) var failure: String?

  // What counters know.
  var counterSequences = [UInt64](repeating: 0, count: TwinWorld.funds.count)
  var epochs = [UInt64](repeating: 0, count: TwinWorld.funds.count)
  var isUp = [Bool](repeating: false, count: TwinWorld.funds.count)
  var isSynced = [Bool](repeating: false, count: TwinWorld.funds.count)
  /// Children of today and of days before, in the order they were sent.
  var sent: [SendOrder] = []
  var sentBefore: [SendOrder] = []
  var newestReports: [FundAccountID: Command] = [:]

  // What terminals know.
  var usedOrders: [NewOrder] = []
  var acceptedOrders: [(OrderID, OperationAccountID)] = []
  var clientIDs = 0
  var closed: Set<InstrumentID> = []
  var isClockJumped = false
  /// The seed is about sessions: many begin and end.
  var isComingAndGoing = false
  var dayIndex = 0

  init(seed: UInt64) {
    self.seed = seed
    draw = SplitMix(seed: seed)
  }

  // MARK: Stepping

  @discardableResult func step(_ command: Command, milliseconds: Int64 = 1) -> [Effect] {
    step(command, at: time.adding(nanoseconds: milliseconds * 1_000_000))
  }

  /// Steps both engines and the twin, works off what waits, and compares what was touched.
  @discardableResult func step(_ command: Command, at time: Timestamp) -> [Effect] {
    guard failure == nil else { return [] }
    let before = isAskedFor(command) ? engine.booksHash : nil
    var effects = stepOnce(command, at: time)
    if let before, isRefusal(effects), engine.booksHash != before, !engine.hasWork {
      fail(command, "refused, and the books are others than before")
    }
    while engine.hasWork, engine.isReady, failure == nil {
      effects += stepOnce(.continueWork, at: self.time.adding(nanoseconds: 1_000))
    }
    if engine.isReady, failure == nil {
      twin.checkNothingDue()
      check(command, effects)
    }
    return effects
  }

  /// Steps between two snapshots of the second engine; no divisor of what streams do in turn.
  private static let stepsBetweenSnapshots: UInt64 = 41

  /// The second engine goes on as a snapshot has it, in the middle of whatever it does.
  private func restoreSecond() {
    do throws(SnapshotFault) {
      let snapshot = try second.write(
        to: MemorySnapshot(), genesisHash: InlineArray(repeating: 7), journalCRC: 1)
      second = try Engine.read(SnapshotReader(snapshot), capacities: TwinWorld.capacities)
    } catch {
      fail(nil, "a snapshot can't be written and read: \(error)")
    }
  }

  private func stepOnce(_ command: Command, at time: Timestamp) -> [Effect] {
    self.time = time
    if engine.sequence % TwinRun.stepsBetweenSnapshots == 0 { restoreSecond() }
    let stamped = Stamped(sequence: engine.sequence + 1, time: time, command: command)
    engine.step(stamped, into: &buffer)
    second.step(stamped, into: &secondBuffer)
    var effects: [Effect] = []
    for index in 0..<buffer.count { effects.append(buffer[index]) }
    let isSame =
      buffer.count == secondBuffer.count
      && effects.indices.allSatisfy { effects[$0] == secondBuffer[$0] }
    if !isSame { fail(command, "a second engine does something else") }
    twin.apply(stamped, effects)
    for case .sendOrder(let order) in effects { sent.append(order) }
    coverage.add(command, effects)
    if let complaint = twin.complaints.first { fail(command, complaint) }
    twin.complaints = []
    return effects
  }

  /// What can be refused: facts of counters and markets can't.
  private func isAskedFor(_ command: Command) -> Bool {
    switch command {
    case .childReport, .counterTrade, .counterLinkUp, .counterLinkDown, .counterResynced,
      .counterFunds, .tick, .instrumentStatus, .timeReached, .continueWork:
      false
    default: true
    }
  }

  /// An order, a cancel or a setting that was not taken.
  private func isRefusal(_ effects: [Effect]) -> Bool {
    var isRefused = false
    for effect in effects {
      switch effect {
      case .report(let report):
        guard report.execType == .rejected || report.execType == .cancelRejected,
          report.cumulativeLots == 0, report.refusal.rule != .counterRefused,
          report.refusal.rule != .fundLinkDown
        else { return false }
        isRefused = true
      case .commandRefused: isRefused = true
      case .notice: break
      default: return false
      }
    }
    return isRefused
  }

  func note(_ what: String) { coverage.add(what) }

  func fail(_ command: Command?, _ what: String) {
    guard failure == nil else { return }
    let name = command.map { TwinCoverage.name($0) } ?? "end"
    failure = """
      seed \(seed), step \(stepNumber) (\(name)): \(what)
      \(command.map { String(describing: $0) } ?? "")
      alone: SLUICE_TWIN_SEED=\(seed) SLUICE_TWIN_STEPS=\(max(stepNumber, 300)) \
      swift test --skip-build -Xswiftc -O --scratch-path .build/tests --filter TwinTests
      """
  }

  // MARK: Comparing

  private func check(_ command: Command, _ effects: [Effect]) {
    var touched = Touched()
    touched.add(command, effects, twin)
    if touched.isMarked {
      for holder in allHolders { checkMoney(holder, command) }
    }
    for holder in touched.holders { checkHolder(holder, command) }
    for id in touched.orders { checkOrder(id, command) }
    for id in touched.children { checkChild(id, command) }
    if touched.isTraded { checkConservation(command) }
    if let complaint = twin.complaints.first { fail(command, complaint) }
    if stepNumber % 50 == 49 { checkAll(command) }
  }

  /// Everybody and everything, and the lots replayed from the first fact on.
  func checkAll(_ command: Command?) {
    guard failure == nil, engine.isReady else { return }
    twin.checkReplay()
    for id in twin.orders.keys { twin.checkTold(id) }
    if let complaint = twin.complaints.first { fail(command, complaint) }
    for holder in allHolders { checkHolder(holder, command) }
    for id in twin.orders.keys { checkOrder(id, command) }
    for id in twin.children.keys { checkChild(id, command) }
    checkConservation(command)
    if engine.stateHash != second.stateHash { fail(command, "a second engine's state differs") }
    for index in TwinWorld.modes.indices {
      let product = ProductID(UInt32(index))
      let value = Int64(engine.ledger.product(product).pointee.openedValue)
      expect("product \(index) opened value", value, twin.openedValue(product), command)
    }
  }

  private var allHolders: [TwinHolder] {
    TwinWorld.accounts.map { .account($0) } + TwinWorld.funds.map { .fund($0) }
  }

  private func expect<Value: Equatable>(
    _ what: @autoclosure () -> String, _ engine: Value, _ twin: Value, _ command: Command?
  ) {
    guard engine != twin else { return }
    let fields = twinDifferences(engine, twin)
    fail(command, "\(what()): \(fields.isEmpty ? "engine \(engine), twin \(twin)" : fields)")
  }

  private func id(_ holder: TwinHolder) -> HolderID {
    switch holder {
    case .account(let account): engine.ledger.holder(of: account)
    case .fund(let fund): engine.ledger.holder(of: fund)
    }
  }

  private func checkMoney(_ holder: TwinHolder, _ command: Command?) {
    let money = TwinReading.money(engine.ledger.holder(id(holder)))
    expect("\(holder) money", money, twin.money(holder), command)
    if money.workingOrders == 0, money.frozenMargin != 0 || money.frozenFees != 0 {
      fail(command, "\(holder) holds \(money) without a working order")
    }
  }

  private func checkHolder(_ holder: TwinHolder, _ command: Command?) {
    guard failure == nil else { return }
    checkMoney(holder, command)
    let sides = twin.sides(holder)
    var places = Set(sides.keys)
    let number = id(holder)
    for instrument in TwinWorld.instruments {
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge]
      where engine.ledger.position(number, instrument, hedge) != 0 {
        places.insert(TwinPlace(instrument, .long, hedge))
        places.insert(TwinPlace(instrument, .short, hedge))
      }
      guard case .account(let account) = holder else { continue }
      let head = engine.ledger.firstPosition(number, instrument)
      let cancels = head == 0 ? 0 : Int64(engine.ledger.position(head).pointee.cancels)
      expect(
        "\(holder) cancels in \(instrument.raw)", cancels, twin.cancelCount(account, instrument),
        command)
    }
    for place in places {
      let record = engine.ledger.position(number, place.instrument, place.hedge)
      let side =
        record == 0
        ? TwinSide()
        : TwinReading.side(
          engine.ledger.position(record).pointee.side(place.side),
          engine.ledger.position(record).pointee.cost(place.side), engine.ledger)
      expect("\(holder) \(place)", side, sides[place] ?? TwinSide(), command)
    }
    for index in TwinWorld.commodities.indices {
      let commodity = CommodityID(UInt32(index))
      let record = engine.ledger.figuresNumber(number, commodity)
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
        let columns =
          record == 0
          ? TwinColumns() : TwinReading.columns(engine.ledger.figures(record).pointee[hedge])
        expect(
          "\(holder) commodity \(index) \(hedge)", columns,
          twin.columns(sides, commodity, hedge), command)
      }
    }
  }

  private func checkOrder(_ id: OrderID, _ command: Command?) {
    let number = engine.ledger.orderNumber(id, day: twin.day, shard: engine.shard)
    guard let order = twin.order(id), number != 0 else {
      return fail(command, "order \(id) is unknown to one of both")
    }
    twin.checkTold(id)
    expect("order \(id)", TwinReading.order(engine.ledger.order(number)), order, command)
  }

  private func checkChild(_ id: OrderID, _ command: Command?) {
    let number = engine.ledger.childNumber(id, day: twin.day, shard: engine.shard)
    guard let child = twin.child(id), number != 0 else {
      return fail(command, "child \(id) is unknown to one of both")
    }
    expect("child \(id)", TwinReading.child(engine.ledger.child(number)), child, command)
  }

  /// design.md, "Conservation", from the engine's own figures: signed lots of operation accounts
  /// and unmapped trades are those of fund accounts; and so is what they earn, which holds only
  /// where the notional does.
  private func checkConservation(_ command: Command?) {
    guard failure == nil else { return }
    for index in TwinWorld.modes.indices {
      let product = ProductID(UInt32(index))
      var earned = -twin.unmappedProfit(product)
      for holder in allHolders where twin.product(holder) == product {
        let record = engine.ledger.holder(id(holder))
        let profit = (record.pointee.positionProfit + record.pointee.closeProfit).units
        if case .fund = holder { earned += profit } else { earned -= profit }
      }
      expect("product \(index): funds earn more by", earned, 0, command)
      for instrument in TwinWorld.instruments {
        let unmapped = twin.unmapped(product, instrument)
        let row = unmappedRow(product, instrument)
        expect("unmapped lots", row.lots, unmapped.lots, command)
        expect("unmapped basis", row.basis, unmapped.basis, command)
        var more = -row.lots
        for holder in allHolders where twin.product(holder) == product {
          let net = netLots(id(holder), instrument)
          if case .fund = holder { more += net } else { more -= net }
        }
        expect("product \(index): funds hold more of \(instrument.raw) by", more, 0, command)
      }
    }
  }

  private func netLots(_ holder: HolderID, _ instrument: InstrumentID) -> Int64 {
    [HedgeFlag.speculation, .arbitrage, .hedge].reduce(0) { sum, hedge in
      let number = engine.ledger.position(holder, instrument, hedge)
      return number == 0 ? sum : sum + engine.ledger.position(number).pointee.net
    }
  }

  private func unmappedRow(_ product: ProductID, _ instrument: InstrumentID) -> (
    lots: Int64, basis: Int64
  ) {
    for index in 0..<engine.ledger.unmapped.count {
      let row = engine.ledger.unmapped.rows.at(index)
      if row.pointee.product == product, row.pointee.instrument == instrument {
        return (row.pointee.lots, row.pointee.basis)
      }
    }
    return (0, 0)
  }
}
