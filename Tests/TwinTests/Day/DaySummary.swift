import Domain
import Engine
import Ledger
import Messages
import ReferenceModel
import TwinChecks

/// What the engine said in a run, counted as it said it.
struct DaySaid {
  var orders = 0
  var explained = 0
  /// Orders refused at entry, by rule.
  var refused: [RuleID: Int] = [:]
  var trades = 0
  var tradedLots = 0
  var notices: [NoticeKind: Int] = [:]
  /// Levels of lines that are reached now: reached less released.
  var reachedLines = 0
  var liquidations: [LiquidationEnd: Int] = [:]
  var begun = 0
  var reports = 0

  mutating func add(_ command: Command, _ effects: [Effect]) {
    if case .newOrder = command { orders += 1 }
    if case .counterTrade(let trade) = command {
      trades += 1
      tradedLots += Int(trade.lots)
    }
    for effect in effects {
      switch effect {
      case .report: reports += 1
      case .notice(let notice):
        notices[notice.kind, default: 0] += 1
        if notice.kind == .lineReached { reachedLines += 1 }
        if notice.kind == .lineReleased { reachedLines -= 1 }
        if notice.kind == .liquidationStarted { begun += 1 }
      case .liquidationProgress(let progress) where progress.phase == .ended:
        liquidations[progress.end, default: 0] += 1
      default: break
      }
    }
  }

  var text: String {
    func counts<Key: Hashable>(_ counts: [Key: Int]) -> String {
      counts.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
    }
    return """
      \(orders) orders, refused: \(counts(refused))
      \(trades) trades of \(tradedLots) lots; notices: \(counts(notices))
      liquidations: \(begun), ended: \(counts(liquidations))
      """
  }
}

/// A day's books, in figures that an engine and a twin both have.
struct DaySummary: Equatable {
  var orders = 0
  var rejected = 0
  var filledLots = 0
  var workingLots = 0
  /// Of everybody, and what everybody earned: 1e-4 yuan.
  var fees: Int64 = 0
  var profit: Int64 = 0
  var money: [TwinMoney] = []
  var positions: [String] = []
  /// Levels of lines that are reached.
  var reachedLines = 0
  var liquidating: [OperationAccountID] = []

  init(_ engine: borrowing Engine) {
    for number in 1..<(UInt32(engine.ledger.orderCount) + 1) {
      add(TwinReading.order(engine.ledger.order(number)))
    }
    for holder in DayWorld.extent.holders {
      let id =
        switch holder {
        case .account(let account): engine.ledger.holder(of: account)
        case .fund(let fund): engine.ledger.holder(of: fund)
        }
      add(TwinReading.money(engine.ledger.holder(id)))
      for instrument in DayWorld.instruments {
        for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
          let number = engine.ledger.position(id, instrument, hedge)
          guard number != 0 else { continue }
          for side in [PositionSide.long, .short] {
            let record = engine.ledger.position(number).pointee.side(side)
            add(holder, TwinPlace(instrument, side, hedge), record.today + record.yesterday)
          }
        }
      }
    }
    for account in DayWorld.accounts {
      let record = engine.ledger.lines(account)
      if record.pointee.liquidation != .unknown { liquidating.append(account) }
      for line in AccountLine.allCases {
        for level in [LineLevel.warn, .liquidate]
        where record.pointee.reached.contains(line, level) { reachedLines += 1 }
      }
    }
  }

  /// - Parameter reachedLines: by the notices: levels that were reached, less those released.
  init(_ twin: Twin, reachedLines: Int) {
    for id in twin.orders.keys { if let order = twin.order(id) { add(order) } }
    for holder in DayWorld.extent.holders {
      add(twin.money(holder))
      for (place, lots) in twin.held(holder) { add(holder, place, lots) }
    }
    self.reachedLines = reachedLines
    liquidating = DayWorld.accounts.filter { twin.isLiquidating($0) }
    positions.sort()
  }

  private mutating func add(_ order: TwinOrderFigures) {
    orders += 1
    if order.state == .rejected { rejected += 1 }
    filledLots += Int(order.filled)
    workingLots += Int(order.leaves)
  }

  private mutating func add(_ money: TwinMoney) {
    self.money.append(money)
    fees += money.fees
    profit += money.closeProfit + money.positionProfit
  }

  private mutating func add(_ holder: TwinHolder, _ place: TwinPlace, _ lots: Lots) {
    guard lots != 0 else { return }
    positions.append("\(holder) \(place.instrument.raw) \(place.side) \(place.hedge): \(lots)")
    positions.sort()
  }
}
