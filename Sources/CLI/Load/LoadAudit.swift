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

  /// What the answers so far say.
  private struct Rows {
    var orders = 0
    var tradedLots: [Int: Lots] = [:]
    var tradedFees: Int64 = 0
    /// Of positions.
    var turnover: [Key: Turnover] = [:]
    /// What options are worth that it holds, by its positions.
    var optionValue: Int64 = 0
    /// When those were looked at; a price may have come before its money was.
    var optionsAt = Timestamp.none
    var funds: OrderEntry.AccountUpdate?
  }

  private static let questions: [OrderEntry.QueryKind] = [.funds, .positions, .trades, .orders]

  /// What is still asked, the last first.
  private(set) var questions = LoadAudit.questions
  /// The row that the next one comes behind; 0 = from the beginning.
  var after: UInt64 = 0
  private var rows = Rows()
  private var heard: [Key: Turnover] = [:]
  private var heardFees: Int64 = 0
  private var heardPremium: Int64 = 0
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
    rows = Rows()
  }

  // MARK: Rows

  mutating func note(_ row: OrderEntry.OrderRow, _ model: TerminalModel) -> String? {
    rows.orders += 1
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
    rows.tradedFees += row.fee.isNone ? 0 : row.fee.units
    let place = model.number(of: row.clOrdID)
    rows.tradedLots[place, default: 0] += row.lots
  }

  mutating func note(_ update: OrderEntry.PositionUpdate) {
    let key = Key(instrument: update.instrument, side: update.side, hedge: update.hedge)
    rows.turnover[key] = Turnover(
      opened: Int64(update.openedLots), closed: Int64(update.closedLots))
    guard !update.optionValue.isNone, update.todayLots + update.yesterdayLots > 0 else { return }
    rows.optionValue += update.optionValue.units
    rows.optionsAt = update.time
  }

  mutating func note(_ update: OrderEntry.AccountUpdate) { rows.funds = update }

  // MARK: The verdict

  /// What does not agree, when all rows have come.
  func faults(_ model: TerminalModel) -> [String] {
    var faults: [String] = []
    let known = model.orders.count { !$0.orderID.isNone }
    if known != rows.orders {
      faults.append("its terminal knows \(known) orders, the gateway \(rows.orders)")
    }
    for (place, order) in model.orders.enumerated() {
      let lots = rows.tradedLots[place + 1] ?? 0
      if lots != order.cumulativeLots {
        faults.append(
          """
          \(order.clOrdID.string): \(order.cumulativeLots) lots filled, the fills of its children \
          add up to \(lots)
          """)
      }
    }
    for key in Set(rows.turnover.keys).union(heard.keys) {
      let ours = heard[key] ?? Turnover()
      let theirs = rows.turnover[key] ?? Turnover()
      if ours != theirs {
        faults.append(
          """
          \(key.instrument.string) \(key.side): opened \(ours.opened) and closed \(ours.closed) by \
          its reports, \(theirs.opened) and \(theirs.closed) by its position
          """)
      }
    }
    if heardFees != rows.tradedFees {
      faults.append("fees of its reports \(heardFees), of its fills as listed \(rows.tradedFees)")
    }
    guard let funds = rows.funds else { return faults + ["no answer about its money"] }
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
    var sums = funds.sums
    if rows.optionsAt.isNone || rows.optionsAt == funds.time {
      sums.append(
        OrderEntry.AccountUpdate.Sum(
          "market equity", funds.marketEquity, parts: funds.equityOfParts + rows.optionValue))
    }
    var faults = sums.filter { !$0.holds }
      .map { "\($0.name) \($0.told.units), its parts add up to \($0.parts)" }
    if premium != heardPremium {
      faults.append("premium of its reports \(heardPremium), of its money \(premium)")
    }
    return faults
  }
}
