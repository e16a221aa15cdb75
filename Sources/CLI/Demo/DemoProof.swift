import Config
import Domain
import Engine
import Exchange
import Ledger
import MarketData

/// Parent fills = child fills = what terminals were told, signed lots of accounts = of fund
/// accounts, and each fund account's money as its counter counts it.
enum DemoProof {
  /// Everything that does not agree.
  ///
  /// - Parameter notices: what a controller heard; nil where none was there.
  static func faults(
    _ books: borrowing DemoBooks, _ tally: DemoTally, _ notices: DemoNotices?,
    _ configuration: Configuration
  ) -> [String] {
    var faults: [String] = []
    for refusal in books.refusedCommands { faults.append("a command was refused: \(refusal)") }
    if tally.brokenStreams > 0 {
      faults.append("\(tally.brokenStreams) reports were missing or came twice")
    }
    faults += fillFaults(books, tally)
    if let notices { faults += noticeFaults(books, notices) }
    for product in configuration.products.indices { faults += lotFaults(books, product) }
    for index in configuration.fundAccounts.indices {
      faults += moneyFaults(books, FundAccountID(UInt32(index)), configuration)
    }
    return faults
  }

  /// The controller is bound to everybody: he hears every notice, none twice, and the end of every
  /// liquidation.
  private static func noticeFaults(
    _ books: borrowing DemoBooks, _ notices: DemoNotices
  ) -> [String] {
    var faults: [String] = []
    if notices.count != notices.last - notices.first + 1 {
      faults.append(
        "the controller heard \(notices.count) notices of \(notices.first) to \(notices.last)")
    }
    if notices.refusedControls > 0 {
      faults.append("\(notices.refusedControls) requests of the controller were refused")
    }
    let ended = notices.ended.values.reduce(0, +)
    if ended != books.liquidationsEnded {
      faults.append(
        "the controller heard of the end of \(ended) liquidations of \(books.liquidationsEnded)")
    }
    return faults
  }

  private static func fillFaults(_ books: borrowing DemoBooks, _ tally: DemoTally) -> [String] {
    var faults: [String] = []
    var told = tally.filled
    for index in 0..<books.engine.ledger.orderCount {
      let order = books.engine.ledger.order(UInt32(index + 1))
      var filled: Lots = 0
      var child = order.pointee.firstChild
      while child != 0 {
        filled += books.engine.ledger.child(child).pointee.filled
        child = books.engine.ledger.child(child).pointee.nextSibling
      }
      let heard = told.removeValue(forKey: order.pointee.id.raw) ?? 0
      if filled != order.pointee.filled || Int64(filled) != heard {
        faults.append(
          "order \(index + 1): filled \(order.pointee.filled), children \(filled), told \(heard)")
      }
    }
    for order in told.keys { faults.append("a terminal was told of fills of no order: \(order)") }
    return faults
  }

  private static func lotFaults(_ books: borrowing DemoBooks, _ product: Int) -> [String] {
    var faults: [String] = []
    for index in 0..<books.engine.market.instrumentCount {
      let instrument = InstrumentID(UInt32(index))
      var accounts: Int64 = 0
      var funds: Int64 = 0
      for account in 0..<books.engine.ledger.accountCount {
        let id = OperationAccountID(UInt32(account))
        guard books.engine.ledger.account(id).pointee.product.index == product else { continue }
        accounts += net(books, books.engine.ledger.holder(of: id), instrument)
      }
      for fund in 0..<books.engine.ledger.fundAccountCount {
        let id = FundAccountID(UInt32(fund))
        guard books.engine.ledger.fundAccount(id).pointee.product.index == product else {
          continue
        }
        funds += net(books, books.engine.ledger.holder(of: id), instrument)
      }
      if accounts != funds {
        let code = books.engine.directory.code(instrument) ?? "?"
        faults.append("\(code): accounts hold \(accounts) net, fund accounts \(funds)")
      }
    }
    return faults
  }

  private static func net(
    _ books: borrowing DemoBooks, _ holder: HolderID, _ instrument: InstrumentID
  ) -> Int64 {
    var total: Int64 = 0
    var number = books.engine.ledger.firstPosition(holder, instrument)
    while number != 0 {
      total += books.engine.ledger.position(number).pointee.net
      number = books.engine.ledger.position(number).pointee.sibling
    }
    return total
  }

  private static func moneyFaults(
    _ books: borrowing DemoBooks, _ fund: FundAccountID, _ configuration: Configuration
  ) -> [String] {
    let name = configuration.fundAccounts[fund.index].name
    guard let (counter, place) = books.places[fund] else { return ["\(name) has no counter"] }
    let theirs = books.exchanges[counter].funds(of: place)
    let ours = books.engine.ledger.holder(books.engine.ledger.holder(of: fund))
    var faults: [String] = []
    func compare(_ what: String, _ ours: Money, _ theirs: Money) {
      if ours != theirs {
        faults.append("\(name), \(what): \(ours.units) here, \(theirs.units) at its counter")
      }
    }
    compare("close profit", ours.pointee.closeProfit, theirs.closeProfit)
    compare("premium", ours.pointee.premium, theirs.premium)
    compare("position profit", ours.pointee.positionProfit, theirs.positionProfit)
    compare("fees", ours.pointee.fees, theirs.fees)
    compare("margin", ours.pointee.margin, theirs.margin)
    return faults
  }
}
