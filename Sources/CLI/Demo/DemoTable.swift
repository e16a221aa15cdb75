import Config
import Domain
import Engine
import Exchange
import Ledger
import Messages
import RiskRules

/// The demo's closing table, and the proof that the books of both sides agree.
enum DemoTable {
  /// Prints everything; 0 when the proof holds, else 1.
  static func show(_ world: borrowing DemoWorld, _ configuration: Configuration) -> Int32 {
    let tally = world.tally
    Console.say("orders in          \(tally.ordersIn)")
    Console.say("accepted           \(tally.accepted)")
    for (rule, count) in tally.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      Console.say("refused            \(count)  \(RuleTable.row(rule)?.name ?? "?")")
    }
    Console.say("lots filled        \(tally.parentFillLots)")
    for (index, account) in configuration.fundAccounts.enumerated() {
      let id = FundAccountID(UInt32(index))
      let mode = account.product.map { "\(configuration.products[$0].mode)" } ?? "none"
      Console.say("children           \(tally.children[id] ?? 0)  \(account.name) (\(mode))")
    }
    let sorted = tally.decisions.sorted()
    func part(_ share: Double) -> Int64 {
      sorted.isEmpty ? 0 : sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
    }
    Console.say("decision, ns       p50 \(part(0.5))  p99 \(part(0.99))  p99.9 \(part(0.999))")
    return prove(world, configuration) ? 0 : 1
  }

  /// Parent fills = child fills, signed lots of accounts + unmapped = of fund accounts, and each
  /// fund account's money as its counter counts it.
  private static func prove(
    _ world: borrowing DemoWorld, _ configuration: Configuration
  ) -> Bool {
    var faults: [String] = []
    for refusal in world.tally.refusedCommands {
      faults.append("a command was refused: \(refusal)")
    }
    faults += fillFaults(world)
    for product in configuration.products.indices { faults += lotFaults(world, product) }
    for index in configuration.fundAccounts.indices { faults += moneyFaults(world, index) }
    guard faults.isEmpty else {
      for fault in faults.prefix(20) { Console.complain("proof fails: \(fault)") }
      return false
    }
    Console.say(
      """
      proof              parent fills = child fills; lots of accounts = lots of fund accounts; \
      money of fund accounts = as their counters count it
      """)
    return true
  }

  private static func fillFaults(_ world: borrowing DemoWorld) -> [String] {
    var faults: [String] = []
    for number in 1...UInt32(max(world.engine.ledger.orderCount, 1)) {
      guard Int(number) <= world.engine.ledger.orderCount else { break }
      let order = world.engine.ledger.order(number)
      var filled: Lots = 0
      var child = order.pointee.firstChild
      while child != 0 {
        filled += world.engine.ledger.child(child).pointee.filled
        child = world.engine.ledger.child(child).pointee.nextSibling
      }
      let told = world.tally.parentFills[order.pointee.id] ?? 0
      if filled != order.pointee.filled || Int64(filled) != told {
        faults.append(
          "order \(number): filled \(order.pointee.filled), children \(filled), told \(told)"
        )
      }
    }
    return faults
  }

  private static func lotFaults(_ world: borrowing DemoWorld, _ product: Int) -> [String] {
    var faults: [String] = []
    for index in world.genesis.instruments.indices {
      let instrument = InstrumentID(UInt32(index))
      var accounts: Int64 = 0
      var funds: Int64 = 0
      for account in 0..<world.engine.ledger.accountCount {
        let id = OperationAccountID(UInt32(account))
        guard world.engine.ledger.account(id).pointee.product.index == product else { continue }
        accounts += net(world, world.engine.ledger.holder(of: id), instrument)
      }
      for fund in 0..<world.engine.ledger.fundAccountCount {
        let id = FundAccountID(UInt32(fund))
        let its = world.engine.ledger.fundAccount(id).pointee.product
        guard its.index == product else { continue }
        funds += net(world, world.engine.ledger.holder(of: id), instrument)
      }
      if accounts != funds {
        faults.append(
          "\(world.genesis.instruments[index].code): accounts \(accounts), fund accounts \(funds)")
      }
    }
    return faults
  }

  private static func net(
    _ world: borrowing DemoWorld, _ holder: HolderID, _ instrument: InstrumentID
  ) -> Int64 {
    var total: Int64 = 0
    var number = world.engine.ledger.firstPosition(holder, instrument)
    while number != 0 {
      total += world.engine.ledger.position(number).pointee.net
      number = world.engine.ledger.position(number).pointee.sibling
    }
    return total
  }

  private static func moneyFaults(_ world: borrowing DemoWorld, _ index: Int) -> [String] {
    let id = FundAccountID(UInt32(index))
    let link = world.links[index]
    let counter = world.exchanges[link.counter].funds(of: link.place)
    let ours = world.engine.ledger.holder(world.engine.ledger.holder(of: id))
    var faults: [String] = []
    func compare(_ what: String, _ ours: Money, _ counter: Money) {
      if ours != counter {
        faults.append("fund account \(index), \(what): \(ours.units), counter \(counter.units)")
      }
    }
    compare("close profit", ours.pointee.closeProfit, counter.closeProfit)
    compare("position profit", ours.pointee.positionProfit, counter.positionProfit)
    compare("fees", ours.pointee.fees, counter.fees)
    compare("margin", ours.pointee.margin, counter.margin)
    return faults
  }
}
