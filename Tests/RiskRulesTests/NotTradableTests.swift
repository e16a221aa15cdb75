import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct NotTradableTests {
  @Test(arguments: [
    Case("nothing is listed", .off) { desk in desk.order() },
    Case("a template bars the commodity", .fails, observed: 0, limit: 1) { desk in
      list(desk, desk.rebar, .none)
      return desk.order()
    },
    Case("a template bars another commodity", .passes) { desk in
      list(desk, desk.iron, .none)
      return desk.order()
    },
    Case("a template bars: closing", .off) { desk in
      list(desk, desk.rebar, .none)
      return desk.order(.sell, .close)
    },
    Case("a template lets open these alone: the instrument", .passes) { desk in
      list(desk, desk.rebar, desk.rb, only: true)
      return desk.order()
    },
    Case("a template lets open these alone: another month", .fails) { desk in
      list(desk, desk.rebar, desk.rb, only: true)
      return desk.order(of: desk.rbJune)
    },
    Case("the account's own list before its template's", .passes) { desk in
      list(desk, desk.rebar, .none)
      desk.changeFigures(desk.iron) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
    Case("a template's before the product's", .passes) { desk in
      list(desk, desk.iron, .none)
      desk.ledger.setShared(desk.product, desk.rebar, .none, listed: true)
      return desk.order()
    },
    Case("a template without a list: the product's", .fails) { desk in
      list(desk, nil, .none)
      desk.ledger.setShared(desk.product, desk.rebar, .none, listed: true)
      return desk.order()
    },
    Case("barred: the commodity", .fails, observed: 1, limit: 0) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
    Case("barred: another commodity", .passes) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order(of: desk.ore)
    },
    Case("barred: the instrument", .fails) { desk in
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
    Case("barred: another month of it", .passes) { desk in
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order(of: desk.rbJune)
    },
    Case("barred: the instrument was taken off again", .passes) { desk in
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 0 }
      return desk.order()
    },
    Case("barred: closing", .off) { desk in
      desk.changeFigures(desk.rebar) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order(.sell, .close)
    },
    Case("only these: nothing is listed", .fails, observed: 0, limit: 1) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      return desk.order()
    },
    Case("only these: the commodity", .passes) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      desk.changeFigures(desk.rebar) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
    Case("only these: another commodity", .fails) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      desk.changeFigures(desk.rebar) { $0.pointee.isListed = true }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order(of: desk.ore)
    },
    Case("only these: the instrument", .passes) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
    Case("only these: another month of it", .fails) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order(of: desk.rbJune)
    },
    Case("only these: the instrument was taken off again", .fails) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      desk.changeRow(desk.rebar, .tradable, desk.rb) { $0.pointee.lots = 0 }
      return desk.order()
    },
    Case("only these: closing", .off) { desk in
      desk.change { $0.pointee.tradableOnlyListed = true }
      return desk.order(.sell, .close)
    },
    Case("a row of another kind is no listing", .passes) { desk in
      desk.changeRow(desk.rebar, .position, desk.rb) { $0.pointee.lots = 1 }
      desk.change { $0.pointee.hasTradableRows = true }
      return desk.order()
    },
  ])
  func theListSaysWhatMayBeOpened(_ row: Case) { row.check(.notTradable) }
}

/// Gives the desk's account a template with one row, or none.
private func list(
  _ desk: Desk, _ commodity: CommodityID?, _ instrument: InstrumentID, only: Bool = false
) {
  let template = desk.ledger.defineTemplate(.tradable)!
  if let commodity {
    desk.ledger.setTemplate(template, commodity, instrument, listed: true)
  }
  desk.ledger.setTemplate(template, onlyListed: only)
  precondition(desk.ledger.assign(template, .tradable, to: desk.account))
}
