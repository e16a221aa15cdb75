import Domain
import Ledger
import MarketData

/// What a holder's lots are worth, at the marks that overnight rules and schemes value them at, in
/// 1e-4 yuan: price * lots * multiplier, working orders left out.
public struct HolderExposure: Equatable, Sendable, BitwiseCopyable {
  public private(set) var long: Int128 = 0
  public private(set) var short: Int128 = 0
  /// Long less short of each commodity, without their signs, added up: absolute exposure
  /// (rules.md 5).
  public private(set) var absolute: Int128 = 0
  /// Positions that were looked at.
  public private(set) var looks = 0

  /// One holder's.
  public init(_ holder: HolderID, _ ledger: borrowing Ledger, _ market: borrowing Market) {
    var number = ledger.holder(holder).pointee.firstFigures
    while number != 0 {
      let figures = ledger.figures(number)
      absolute += abs(add(figures, ledger, market))
      number = figures.pointee.nextOfHolder
    }
  }

  /// A product's: what its fund accounts have in a commodity is netted.
  public init(
    _ product: ProductID, _ ledger: borrowing Ledger, _ market: borrowing Market
  ) {
    let record = ledger.product(product)
    let count = Int(record.pointee.fundAccountCount)
    for place in 0..<count {
      let holder = ledger.holder(of: record.pointee.fundAccounts[place])
      var number = ledger.holder(holder).pointee.firstFigures
      while number != 0 {
        let figures = ledger.figures(number)
        number = figures.pointee.nextOfHolder
        let commodity = figures.pointee.commodity
        // A commodity counts once, with the first fund account that has something of it.
        guard !(0..<place).contains(where: { has(commodity, $0, product, ledger) }) else {
          continue
        }
        var net: Int128 = 0
        for other in place..<count {
          let number = self.figures(commodity, other, product, ledger)
          if number != 0 { net += add(ledger.figures(number), ledger, market) }
        }
        absolute += abs(net)
      }
    }
  }

  private func figures(
    _ commodity: CommodityID, _ place: Int, _ product: ProductID, _ ledger: borrowing Ledger
  ) -> UInt32 {
    ledger.figuresNumber(
      ledger.holder(of: ledger.product(product).pointee.fundAccounts[place]), commodity)
  }

  private func has(
    _ commodity: CommodityID, _ place: Int, _ product: ProductID, _ ledger: borrowing Ledger
  ) -> Bool { figures(commodity, place, product, ledger) != 0 }

  /// Adds the positions of a commodity; long less short of them.
  private mutating func add(
    _ figures: UnsafePointer<CommodityFigures>, _ ledger: borrowing Ledger,
    _ market: borrowing Market
  ) -> Int128 {
    var net: Int128 = 0
    var number = figures.pointee.firstPosition
    while number != 0 {
      let position = ledger.position(number)
      let value = Int128(market.instrument(position.pointee.instrument).lotValue)
      let long = Int128(position.pointee.long.held) * value
      let short = Int128(position.pointee.short.held) * value
      self.long += long
      self.short += short
      net += long - short
      looks += 1
      number = position.pointee.nextOfCommodity
    }
    return net
  }
}
