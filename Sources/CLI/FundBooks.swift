import Domain
import Engine
import Exchange
import Ledger
import MarketData

/// What fund accounts hold and what became of their orders of the day, in the same lines whoever
/// tells it: a counter that ends, or a replay of the gateway's journal. Lines that differ are
/// something that one of them does not know.
struct FundBooks {
  private struct Account {
    var name: String
    /// By instrument, hedge flag and side.
    var positions: [(key: String, today: Lots, yesterday: Lots)] = []
    var states: [String: Int] = [:]
    var filledLots: Int64 = 0

    mutating func add(
      _ code: String, _ hedge: HedgeFlag, _ side: PositionSide, _ today: Lots, _ yesterday: Lots
    ) {
      guard today != 0 || yesterday != 0 else { return }
      let flag = hedge == .speculation ? "" : " \(hedge)"
      positions.append(("\(code)\(flag) \(side)", today, yesterday))
    }
  }

  private static let states = ["sent", "working", "filled", "cancelled", "rejected"]

  private var accounts: [Account] = []

  /// Of a simulated counter.
  ///
  /// - Parameter names: of its fund accounts, in its order.
  init(_ exchange: SimulatedExchange, names: [String]) {
    for (place, name) in names.enumerated() {
      let id = FundAccountID(UInt32(place))
      var account = Account(name: name)
      for position in exchange.positions(of: id) {
        account.add(
          exchange.instruments[position.instrument.index].code.string, position.hedge,
          position.side, position.todayLots, position.yesterdayLots)
      }
      for status in exchange.statuses(account: id) {
        let state =
          switch status.state {
          case .working, .partlyFilled: "working"
          case .filled: "filled"
          case .cancelled: "cancelled"
          case .rejected: "rejected"
          case .neverArrived: "sent"
          }
        account.states[state, default: 0] += 1
        account.filledLots += Int64(status.filledLots)
      }
      accounts.append(account)
    }
  }

  /// As a gateway's engine has them.
  init(_ engine: borrowing Engine) {
    for (place, name) in engine.directory.fundAccounts.names.enumerated() {
      var account = Account(name: name)
      let holder = engine.ledger.holder(of: FundAccountID(UInt32(place)))
      for index in 0..<engine.market.instrumentCount {
        let instrument = InstrumentID(UInt32(index))
        for hedge in [HedgeFlag.speculation, .arbitrage, .hedge] {
          let number = engine.ledger.position(holder, instrument, hedge)
          guard number != 0 else { continue }
          for side in [PositionSide.long, .short] {
            let lots = engine.ledger.position(number).pointee.side(side)
            account.add(
              engine.directory.code(instrument) ?? "", hedge, side, lots.today, lots.yesterday)
          }
        }
      }
      accounts.append(account)
    }
    for place in 0..<engine.ledger.childCount {
      let child = engine.ledger.child(UInt32(place + 1))
      let fund = child.pointee.fundAccount.index
      let state: String? =
        switch child.pointee.state {
        case .sent: "sent"
        case .working: "working"
        case .filled: "filled"
        case .cancelled: "cancelled"
        case .rejected: "rejected"
        // The counter does not know them either.
        case .unknown, .neverArrived, .waiting: nil
        }
      guard let state else { continue }
      accounts[fund].states[state, default: 0] += 1
      accounts[fund].filledLots += Int64(child.pointee.filled)
    }
  }

  var lines: [String] {
    accounts.flatMap { account -> [String] in
      let orders = FundBooks.states.map { "\(account.states[$0] ?? 0) \($0)" }
      return [
        "fund account \(account.name): orders \(orders.joined(separator: ", ")); "
          + "\(account.filledLots) lots filled"
      ]
        + account.positions.sorted { $0.key < $1.key }.map { position in
          "fund account \(account.name): \(position.key) \(position.today) today "
            + "\(position.yesterday) yesterday"
        }
    }
  }
}
