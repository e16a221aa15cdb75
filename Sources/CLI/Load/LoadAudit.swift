import Client
import Config
import Domain
import Wire

/// Compares what one terminal heard with what the gateway answers to queries at the end: orders,
/// fills, positions and money.
struct LoadAudit {
  private struct Key: Hashable {
    var instrument: InstrumentCode
    var side: PositionSide
    var hedge: HedgeFlag
  }

  private struct Turnover: Equatable {
    var opened: Int64 = 0
    var closed: Int64 = 0
  }

  private static let questions: [OrderEntry.QueryKind] = [.funds, .positions, .trades, .orders]

  /// What is still asked, the last first.
  private(set) var questions = LoadAudit.questions
  /// The row that the next one comes behind; 0 = from the beginning.
  var after: UInt64 = 0
  private var orders = 0
  private var tradedLots: [Int: Lots] = [:]
  private var tradedFees: Int64 = 0
  /// Of positions as queried.
  private var turnover: [Key: Turnover] = [:]
  private var heard: [Key: Turnover] = [:]
  private var heardFees: Int64 = 0
  private var heardPremium: Int64 = 0
  /// What options are worth that it holds, by its positions as queried.
  private var optionValue: Int64 = 0
  /// When those were looked at; a price may have come before its money was.
  private var optionsAt = Timestamp.none
  private var funds: OrderEntry.AccountUpdate?
  private var declarations: LoadDeclarations

  /// - Parameter declaration: what its house pays its exchanges for orders and cancels; nil =
  ///   nothing.
  init(declaration: LoadPlan.Declaration? = nil) {
    declarations = LoadDeclarations(declaration)
  }

  // MARK: While it trades

  /// - Parameter premium: what a fill of an option received, or paid as a negative amount, in 1e-4
  ///   yuan.
  mutating func hear(_ report: OrderEntry.ExecutionReport, premium: Int64 = 0) {
    declarations.hear(report)
    guard report.execType == .trade else { return }
    heardPremium += premium
    if !report.fee.isNone { heardFees += report.fee.units }
    let opens = report.offset == .open
    let isLong = (report.side == .buy) == opens
    let key = Key(
      instrument: report.instrument, side: isLong ? .long : .short, hedge: report.hedge)
    if opens {
      heard[key, default: Turnover()].opened += Int64(report.lastLots)
    } else {
      heard[key, default: Turnover()].closed += Int64(report.lastLots)
    }
  }

  // MARK: Questions

  var isDone: Bool { questions.isEmpty }

  /// A question has had its last row.
  mutating func next() {
    questions.removeLast()
    after = 0
  }

  /// All is asked anew: the rows that came are forgotten, what was heard while it traded is not.
  mutating func beginAgain() {
    (questions, after) = (LoadAudit.questions, 0)
    orders = 0
    (tradedLots, tradedFees) = ([:], 0)
    turnover = [:]
    funds = nil
  }

  // MARK: Rows

  mutating func note(_ row: OrderEntry.OrderRow, _ model: TerminalModel) -> String? {
    orders += 1
    guard let order = model.order(row.orderID) else {
      return "\(row.clOrdID.string): the gateway has it and its terminal was never told"
    }
    let isSame =
      order.state == row.state && order.cumulativeLots == row.cumulativeLots
      && order.leavesLots == row.leavesLots && order.lots == row.lots && order.price == row.price
      && order.clOrdID == row.clOrdID
    return isSame
      ? nil
      : """
      \(row.clOrdID.string): its terminal knows \(order.state) with \(order.cumulativeLots) \
      filled, the gateway \(row.state) with \(row.cumulativeLots)
      """
  }

  mutating func note(_ row: OrderEntry.TradeRow, _ model: TerminalModel) {
    tradedFees += row.fee.isNone ? 0 : row.fee.units
    let place = model.number(of: row.clOrdID)
    tradedLots[place, default: 0] += row.lots
  }

  mutating func note(_ update: OrderEntry.PositionUpdate) {
    let key = Key(instrument: update.instrument, side: update.side, hedge: update.hedge)
    turnover[key] = Turnover(
      opened: Int64(update.openedLots), closed: Int64(update.closedLots))
    guard !update.optionValue.isNone, update.todayLots + update.yesterdayLots > 0 else { return }
    optionValue += update.optionValue.units
    optionsAt = update.time
  }

  mutating func note(_ update: OrderEntry.AccountUpdate) { funds = update }

  // MARK: The verdict

  /// What does not agree, when all rows have come.
  func faults(_ model: TerminalModel) -> [String] {
    var faults: [String] = []
    let known = model.orders.count { !$0.orderID.isNone }
    if known != orders {
      faults.append("its terminal knows \(known) orders, the gateway \(orders)")
    }
    for (place, order) in model.orders.enumerated() {
      let lots = tradedLots[place + 1] ?? 0
      if lots != order.cumulativeLots {
        faults.append(
          """
          \(order.clOrdID.string): \(order.cumulativeLots) lots filled, the fills of its children \
          add up to \(lots)
          """)
      }
    }
    for key in Set(turnover.keys).union(heard.keys) {
      let ours = heard[key] ?? Turnover()
      let theirs = turnover[key] ?? Turnover()
      if ours != theirs {
        faults.append(
          """
          \(key.instrument.string) \(key.side): opened \(ours.opened) and closed \(ours.closed) by \
          its reports, \(theirs.opened) and \(theirs.closed) by its position
          """)
      }
    }
    if heardFees != tradedFees {
      faults.append("fees of its reports \(heardFees), of its fills as listed \(tradedFees)")
    }
    guard let funds else { return faults + ["no answer about its money"] }
    if funds.fees.units != heardFees + declarations.fees {
      let declared = declarations.fees == 0 ? "" : " and declarations \(declarations.fees)"
      faults.append(
        "fees of its reports \(heardFees)\(declared), of its money \(funds.fees.units)")
    }
    return faults + self.faults(of: funds)
  }

  /// Its money adds up, and has the premium that its fills paid and received.
  private func faults(of funds: OrderEntry.AccountUpdate) -> [String] {
    let premium = funds.premium.units
    let equity =
      funds.openingEquity.units + funds.netCash.units + funds.closeProfit.units
      + funds.positionProfit.units - funds.fees.units
    let available =
      equity &- funds.margin.units &- funds.frozenMargin.units &- funds.frozenFee.units
    var sums: [(String, Money, Int64)] = [
      ("equity", funds.equity, equity),
      ("net cash", funds.netCash, funds.deposits.units &- funds.withdrawals.units &+ premium),
      ("available", funds.available, available &- funds.frozenPremium.units),
    ]
    if optionsAt.isNone || optionsAt == funds.time {
      sums.append(("market equity", funds.marketEquity, equity + optionValue))
    }
    var faults = sums.filter { $0.1.units != $0.2 }
      .map { "\($0.0) \($0.1.units), its parts add up to \($0.2)" }
    if premium != heardPremium {
      faults.append("premium of its reports \(heardPremium), of its money \(premium)")
    }
    return faults
  }
}
