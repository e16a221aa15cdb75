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

  private var orders = 0
  private var tradedLots: [Int: Lots] = [:]
  private var tradedFees: Int64 = 0
  /// Of positions as queried.
  private var turnover: [Key: Turnover] = [:]
  private var heard: [Key: Turnover] = [:]
  private var heardFees: Int64 = 0
  private var funds: OrderEntry.AccountUpdate?
  private var declarations: LoadDeclarations

  /// - Parameter declaration: what its house pays its exchanges for orders and cancels; nil =
  ///   nothing.
  init(declaration: LoadPlan.Declaration? = nil) {
    declarations = LoadDeclarations(declaration)
  }

  // MARK: While it trades

  mutating func hear(_ report: OrderEntry.ExecutionReport) {
    declarations.hear(report)
    guard report.execType == .trade else { return }
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
    let equity =
      funds.openingEquity.units + funds.netCash.units + funds.closeProfit.units
      + funds.positionProfit.units - funds.fees.units
    if funds.equity.units != equity {
      faults.append("equity \(funds.equity.units), its parts add up to \(equity)")
    }
    return faults
  }
}
