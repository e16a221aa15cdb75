import Domain
import Ledger
import MarketData
import RiskRules
import Testing

/// not-tradable: account's own > fund account > product > everybody (note 10, decisions 18).
@Suite struct TradableLadderTests {
  /// Who lists rebar: barred, or as the only thing; or lists iron ore.
  enum List: Sendable {
    case barred
    case only
    /// Bars something else: it allows rebar, and that decides.
    case other
    /// Only something else.
    case onlyOther
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var own: List?
    var fund: List?
    var product: List?
    var everybody: List?
    var passes: Bool
    var testDescription: String { name }
  }

  static let rows: [Row] = [
    Row(name: "own bars", own: .barred, fund: .other, product: .other, passes: false),
    Row(
      name: "own allows what others bar", own: .other, product: .barred, everybody: .barred,
      passes: true),
    Row(name: "own only", own: .only, product: .barred, passes: true),
    Row(name: "own only another", own: .onlyOther, passes: false),
    Row(name: "fund bars", fund: .barred, product: .other, passes: false),
    Row(name: "fund allows what the product bars", fund: .other, product: .barred, passes: true),
    Row(name: "fund only", fund: .only, everybody: .barred, passes: true),
    Row(name: "fund only another", fund: .onlyOther, passes: false),
    Row(name: "product bars", product: .barred, everybody: .other, passes: false),
    Row(
      name: "product allows what everybody bars", product: .other, everybody: .barred,
      passes: true),
    Row(name: "product only another", product: .onlyOther, passes: false),
    Row(name: "everybody bars", everybody: .barred, passes: false),
    Row(name: "everybody only", everybody: .only, passes: true),
    Row(name: "everybody only another", everybody: .onlyOther, passes: false),
    Row(name: "everybody bars another", everybody: .other, passes: true),
  ]

  private func arrange(_ desk: Desk, _ row: Row) {
    func place(_ list: List) -> (CommodityID, Bool) {
      switch list {
      case .barred: (desk.rebar, false)
      case .only: (desk.rebar, true)
      case .other: (desk.iron, false)
      case .onlyOther: (desk.iron, true)
      }
    }
    if let list = row.own.map(place) {
      desk.changeFigures(list.0) { $0.pointee.isListed = true }
      desk.change {
        $0.pointee.hasTradableRows = true
        $0.pointee.tradableOnlyListed = list.1
      }
    }
    if let list = row.fund.map(place) {
      desk.listFund(list.0)
      desk.ledger.set(.dayOnly, list.1, of: desk.fundAccount)
    }
    for (id, list) in [(desk.product, row.product), (ProductID.none, row.everybody)] {
      guard let list = list.map(place) else { continue }
      desk.ledger.setShared(id, list.0, .none, listed: true)
      desk.ledger.setShared(id, onlyListed: list.1)
    }
  }

  @Test(arguments: rows)
  func theFirstListThereIsDecides(_ row: Row) {
    let desk = Desk()
    arrange(desk, row)
    let finding = desk.finding(.notTradable, desk.order())
    #expect(finding.passes == row.passes)
    #expect(finding.isActive)
    #expect(desk.finding(.notTradable, desk.order(.sell, .close)).standing == .otherKind)
  }

  /// One fund account that may is enough; one without a list goes by the product's.
  @Test func atLeastOneFundAccountMustAllowIt() {
    let desk = Desk()
    let second = desk.ledger.defineFundAccount(desk.product, CounterID(0))!
    desk.listFund(desk.rebar)
    #expect(desk.finding(.notTradable, desk.order()).passes)
    desk.ledger.setShared(desk.product, desk.rebar, .none, listed: true)
    let refused = desk.finding(.notTradable, desk.order())
    #expect(!refused.passes)
    #expect(refused.figures.scopeKind == .product)
    let isTaken = desk.ledger.setTradable(second, desk.iron, .none, isNight: false, listed: true)
    #expect(isTaken)
    #expect(desk.finding(.notTradable, desk.order()).passes)
  }

  /// At night the lists of the night count.
  @Test func theSessionsListCounts() {
    let desk = Desk()
    desk.listFund(desk.rebar, isNight: true)
    #expect(desk.finding(.notTradable, desk.order()).passes)
    desk.now = Timestamp(date: CalendarDate(yyyymmdd: 20_260_102)!, secondOfDay: 76_000)
    #expect(!desk.finding(.notTradable, desk.order()).passes)
  }

  @Test func whatIsTakenOffAgainIsNoList() {
    let desk = Desk()
    desk.ledger.setShared(desk.product, desk.rebar, desk.rb, listed: true)
    #expect(!desk.finding(.notTradable, desk.order()).passes)
    #expect(desk.finding(.notTradable, desk.order(of: desk.rbJune)).passes)
    desk.ledger.setShared(desk.product, desk.rebar, desk.rb, listed: false)
    #expect(desk.finding(.notTradable, desk.order()).standing == .unset)
  }
}

extension Desk {
  /// The fund account's list of a session has a commodity.
  fileprivate func listFund(_ commodity: CommodityID, isNight: Bool = false) {
    precondition(
      ledger.setTradable(fundAccount, commodity, .none, isNight: isNight, listed: true))
  }
}
