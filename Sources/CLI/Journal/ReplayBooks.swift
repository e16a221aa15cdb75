import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Wire

/// What a replay's engine has in its books: money and positions of each operation account.
enum ReplayBooks {
  static func lines(_ engine: borrowing Engine, _ capacities: LedgerCapacities) -> [String] {
    var names = Names(capacities)
    names.load(engine.directory)
    var lines = [row("account", ["equity", "available", "margin", "frozen", "fees"])]
    for index in 0..<engine.ledger.accountCount {
      let account = OperationAccountID(UInt32(index))
      let name = names.operationAccounts.name(account.raw)
      let funds = BookMessages.account(
        engine.ledger.holder(of: account), name, engine, at: engine.now)
      lines.append(
        row(
          name.string,
          [
            funds.equity, funds.available, funds.margin, funds.frozenMargin + funds.frozenFee,
            funds.fees,
          ].map(text)))
    }
    lines.append("")
    lines.append(row("position", ["account", "side", "today", "yesterday", "margin"]))
    for index in 0..<engine.ledger.accountCount {
      addPositions(of: OperationAccountID(UInt32(index)), names, engine, to: &lines)
    }
    return lines
  }

  private static func addPositions(
    of account: OperationAccountID, _ names: borrowing Names, _ engine: borrowing Engine,
    to lines: inout [String]
  ) {
    let holder = engine.ledger.holder(of: account)
    let name = names.operationAccounts.name(account.raw)
    for index in 0..<engine.market.instrumentCount {
      let instrument = InstrumentID(UInt32(index))
      for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
        let number = engine.ledger.position(holder, instrument, hedge)
        guard number != 0 else { continue }
        for side in [PositionSide.long, .short] {
          let position = BookMessages.position(number, side, name, names, engine, at: engine.now)
          guard position.todayLots != 0 || position.yesterdayLots != 0 else { continue }
          let flag = hedge == .speculation ? "" : " \(hedge)"
          lines.append(
            row(
              position.instrument.string + flag,
              [
                name.string, "\(side)", "\(position.todayLots)", "\(position.yesterdayLots)",
                text(position.margin),
              ]))
        }
      }
    }
  }

  private static func row(_ first: String, _ columns: [String]) -> String {
    let start = first + String(repeating: " ", count: max(1, 24 - first.count))
    return start
      + columns.map { String(repeating: " ", count: max(1, 18 - $0.count)) + $0 }.joined()
  }

  /// Yuan, all four decimals.
  static func text(_ money: Money) -> String {
    let magnitude = money.units.magnitude
    let fraction = String(magnitude % 10_000)
    let zeros = String(repeating: "0", count: 4 - fraction.count)
    return "\(money.units < 0 ? "-" : "")\(magnitude / 10_000).\(zeros)\(fraction)"
  }
}
