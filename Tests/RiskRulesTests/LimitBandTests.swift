import Domain
import Ledger
import MarketData
import RiskRules
import Testing

@Suite struct LimitBandTests {
  @Test(arguments: [
    Case("unset", .off) { desk in
      desk.tick(desk.rb, last: 5_000)
      return desk.order()
    },
    Case("ticks: last 4989", .passes, observed: .yuan(4_989), limit: .yuan(4_990)) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 4989)
      return desk.order()
    },
    Case("ticks: last 4990", .fails, observed: .yuan(4_990), limit: .yuan(4_990)) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 4990)
      return desk.order()
    },
    Case("ticks: last at limit-up", .fails) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 5000)
      return desk.order()
    },
    Case("ticks: last 3011", .passes) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 3011)
      return desk.order()
    },
    Case("ticks: last 3010", .fails, observed: .yuan(3_010), limit: .yuan(3_010)) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 3010)
      return desk.order()
    },
    Case("ticks: own price 4989", .passes) { desk in
      desk.setBand(.ticks, 10, .all)
      return desk.order(price: .yuan(4_989))
    },
    Case("ticks: own price 4990", .fails, observed: .yuan(4_990)) { desk in
      desk.setBand(.ticks, 10, .all)
      return desk.order(price: .yuan(4_990))
    },
    Case("ticks: own price 3010", .fails, limit: .yuan(3_010)) { desk in
      desk.setBand(.ticks, 10, .all)
      return desk.order(.sell, price: .yuan(3_010))
    },
    Case("0 ticks: a tick inside", .passes) { desk in
      desk.setBand(.ticks, 0, .all)
      desk.tick(desk.rb, last: 4999)
      return desk.order()
    },
    Case("0 ticks: at limit-up", .fails) { desk in
      desk.setBand(.ticks, 0, .all)
      desk.tick(desk.rb, last: 5000)
      return desk.order()
    },
    Case("ticks beyond all bounds", .fails) { desk in
      desk.setBand(.ticks, .max, .all)
      return desk.order()
    },
    Case("90 %: last 4900", .passes, limit: .yuan(4_900)) { desk in
      desk.setBand(.percent, 900000, .all)
      desk.tick(desk.rb, last: 4900)
      return desk.order()
    },
    Case("90 %: last 4901", .fails, limit: .yuan(4_900)) { desk in
      desk.setBand(.percent, 900000, .all)
      desk.tick(desk.rb, last: 4901)
      return desk.order()
    },
    Case("90 %: last 3100", .passes) { desk in
      desk.setBand(.percent, 900000, .all)
      desk.tick(desk.rb, last: 3100)
      return desk.order()
    },
    Case("90 %: last 3099", .fails, limit: .yuan(3_100)) { desk in
      desk.setBand(.percent, 900000, .all)
      desk.tick(desk.rb, last: 3099)
      return desk.order()
    },
    Case("90 %: own price 4901", .fails) { desk in
      desk.setBand(.percent, 900000, .all)
      return desk.order(price: .yuan(4_901))
    },
    Case("90 %: own price 3099", .fails) { desk in
      desk.setBand(.percent, 900000, .all)
      return desk.order(.sell, price: .yuan(3_099))
    },
    Case("0 %: last at the prior settlement", .passes) { desk in
      desk.setBand(.percent, 0, .all)
      return desk.order()
    },
    Case("0 %: a tick above", .fails) { desk in
      desk.setBand(.percent, 0, .all)
      desk.tick(desk.rb, last: 4001)
      return desk.order()
    },
    Case("0 %: a tick below", .fails) { desk in
      desk.setBand(.percent, 0, .all)
      desk.tick(desk.rb, last: 3999)
      return desk.order()
    },
    Case("100 %: at limit-up", .passes) { desk in
      desk.setBand(.percent, 1000000, .all)
      desk.tick(desk.rb, last: 5000)
      return desk.order()
    },
    Case("against, at the upper side: selling", .fails) { desk in
      desk.setBand(.ticks, 10, .againstMove)
      desk.tick(desk.rb, last: 4990)
      return desk.marketOrder(.sell)
    },
    Case("against, at the upper side: buying", .passes) { desk in
      desk.setBand(.ticks, 10, .againstMove)
      desk.tick(desk.rb, last: 4990)
      return desk.marketOrder()
    },
    Case("against, at the lower side: buying", .fails) { desk in
      desk.setBand(.ticks, 10, .againstMove)
      desk.tick(desk.rb, last: 3010)
      return desk.marketOrder()
    },
    Case("against, at the lower side: selling", .passes) { desk in
      desk.setBand(.ticks, 10, .againstMove)
      desk.tick(desk.rb, last: 3010)
      return desk.marketOrder(.sell)
    },
    Case("with, at the upper side: buying", .fails) { desk in
      desk.setBand(.ticks, 10, .withMove)
      desk.tick(desk.rb, last: 4990)
      return desk.marketOrder()
    },
    Case("with, at the upper side: selling", .passes) { desk in
      desk.setBand(.ticks, 10, .withMove)
      desk.tick(desk.rb, last: 4990)
      return desk.marketOrder(.sell)
    },
    Case("with, at the lower side: selling", .fails) { desk in
      desk.setBand(.ticks, 10, .withMove)
      desk.tick(desk.rb, last: 3010)
      return desk.marketOrder(.sell)
    },
    Case("with, at the lower side: buying", .passes) { desk in
      desk.setBand(.ticks, 10, .withMove)
      desk.tick(desk.rb, last: 3010)
      return desk.marketOrder()
    },
    Case("percent with the move: buying", .fails) { desk in
      desk.setBand(.percent, 900000, .withMove)
      desk.tick(desk.rb, last: 4901)
      return desk.marketOrder()
    },
    Case("percent with the move: selling", .passes) { desk in
      desk.setBand(.percent, 900000, .withMove)
      desk.tick(desk.rb, last: 4901)
      return desk.marketOrder(.sell)
    },
    Case("closing in the zone", .off) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 5000)
      return desk.order(.sell, .close, price: .yuan(5_000))
    },
    Case("another commodity", .off) { desk in
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.ore, last: 5000)
      return desk.order(of: desk.ore)
    },
    Case("no last price", .fails, limit: Price.none.units) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.setReference(
        desk.rb, preSettlement: .yuan(4_000), preClose: .none, upperLimit: .yuan(5_000),
        lowerLimit: .yuan(3_000), openInterest: 0)
      desk.setBand(.ticks, 10, .all)
      return desk.order()
    },
    Case("no last price and a market order", .fails) { desk in
      desk.forgetPrices(desk.rb)
      _ = desk.market.setReference(
        desk.rb, preSettlement: .yuan(4_000), preClose: .none, upperLimit: .yuan(5_000),
        lowerLimit: .yuan(3_000), openInterest: 0)
      desk.setBand(.percent, 900000, .againstMove)
      return desk.marketOrder()
    },
    Case("no limits", .fails) { desk in
      desk.forgetPrices(desk.rb)
      desk.setBand(.ticks, 10, .all)
      desk.tick(desk.rb, last: 4000)
      return desk.order()
    },
  ])
  func examples9NearTheLimitsOpeningIsBarred(_ row: Case) { row.check(.limitBand) }

  @Test func percentsAreComparedWithoutLosingAFraction() {
    // 33.3333 % of 1 000 is 333.333: 4 333 is free, 4 334 is barred.
    for (last, passes) in [(Int64(4_333), true), (4_334, false), (3_667, true), (3_666, false)] {
      let desk = Desk()
      desk.setBand(.percent, 333_333, .all)
      desk.tick(desk.rb, last: last)
      #expect(desk.finding(.limitBand, desk.marketOrder()).passes == passes, "\(last)")
    }
  }
}
