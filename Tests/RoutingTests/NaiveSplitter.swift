import Domain

/// A fund account as the small splitter sees it: plain figures, nothing of the ledger's.
struct NaiveFund: Sendable {
  var yuan: Int64
  var priority: Int32 = 0
  var reserveYuan: Int64 = 0
  /// 1e-8.
  var marginRate: Int64 = NaiveFund.platformMarginRate
  var isReady = true
  var mayOpen = true
  /// Its own legal owner has a working order that the order could cross.
  var crosses = false
  /// Yesterday's lots of the order's instrument.
  var long: Lots = 0
  var short: Lots = 0
  /// Lots in a working opening buy at 3 500.
  var workingLong: Lots = 0
  var sizeLots: Int64?
  /// 1e-4 yuan.
  var sizeMargin: Int64?
  var mostLong: Int64?
  var mostTotal: Int64?

  static let platformMarginRate: Int64 = 8_333_333
  static let feeRate: Int64 = 12_345
  static let multiplier: Int64 = 10

  /// 1e-4 yuan, rounded up once for all lots.
  func margin(_ lots: Lots, price: Int64, rate: Int64? = nil) -> Int64 {
    let exact = Int64(lots) * price * Self.multiplier * (rate ?? marginRate)
    return (exact + 99_999_999) / 100_000_000
  }

  /// 1e-4 yuan, rounded up to a fen.
  func fee(_ lots: Lots, price: Int64) -> Int64 {
    let exact = Int64(lots) * price * Self.multiplier * Self.feeRate
    return (exact + 9_999_999_999) / 10_000_000_000 * 100
  }

  /// Available funds less the reserve.
  var funds: Int64 {
    let held = margin(long, price: 40_000_000) + margin(short, price: 40_000_000)
    let frozen =
      workingLong == 0
      ? 0 : margin(workingLong, price: 35_000_000) + fee(workingLong, price: 35_000_000)
    return (yuan - reserveYuan) * 10_000 - held - frozen
  }

  /// Whether a child that buys to open so many lots breaks no limit.
  func mayBuy(_ lots: Lots, price: Int64) -> Bool {
    guard lots > 0 else { return true }
    guard isReady, mayOpen, !crosses else { return false }
    if let sizeLots, Int64(lots) > sizeLots { return false }
    if let sizeMargin, margin(lots, price: price) > sizeMargin { return false }
    let longAfter = Int64(long + workingLong + lots)
    if let mostLong, longAfter > mostLong { return false }
    if let mostTotal, longAfter + Int64(short) > mostTotal { return false }
    return margin(lots, price: price) + fee(lots, price: price) <= funds
  }

  /// Whether a child that sells to close so many of the long lots breaks no limit.
  func mayClose(_ lots: Lots) -> Bool {
    guard lots > 0 else { return true }
    return isReady && lots <= long && Int64(lots) <= sizeLots ?? .max
  }
}

/// Routing.md said the slow way: fractions as they are, every number of lots tried, one lot after
/// the other.
struct NaiveSplitter {
  var funds: [NaiveFund]
  var price: Int64
  var unit: Lots
  var draws: SplitMix64
  var given: [Lots]

  init(_ funds: [NaiveFund], price: Int64, unit: Lots, seed: UInt64, sequence: UInt64) {
    self.funds = funds
    self.price = price
    self.unit = unit
    draws = SplitMix64(seed: seed ^ sequence)
    given = funds.map { _ in 0 }
  }

  func canTake(_ fund: Int) -> Bool { funds[fund].mayBuy(given[fund] + unit, price: price) }

  /// The most lots of an opening child, in units.
  func most(_ fund: Int, of lots: Lots) -> Lots {
    var most: Lots = 0
    while most + unit <= lots, funds[fund].mayBuy(most + unit, price: price) { most += unit }
    return most
  }

  private mutating func draw(_ tied: [Int]) -> Int {
    tied.count == 1 ? tied[0] : tied[Int(draws.next() % UInt64(tied.count))]
  }

  mutating func byPriority(_ lots: Lots) -> [Lots] {
    var left = lots
    var untried = funds.indices.filter { canTake($0) }
    while left >= unit, let best = untried.map({ funds[$0].priority }).max() {
      let next = draw(untried.filter { funds[$0].priority == best })
      untried.removeAll { $0 == next }
      given[next] = most(next, of: left)
      left -= given[next]
    }
    return given
  }

  /// need_i as a fraction over all equity: (numerator, E).
  private func need(_ fund: Int, _ lots: Lots) -> Int64 {
    let held = Int64(funds[fund].long + funds[fund].short)
    return equity(fund) * (Int64(lots) + held) - held * total
  }
  private func equity(_ fund: Int) -> Int64 { max(funds[fund].yuan, 0) }
  private var total: Int64 { funds.indices.reduce(0) { $0 + equity($1) } }

  mutating func byRatio(_ lots: Lots) -> [Lots] {
    var left = lots
    var isFirst = true
    while left >= unit, total > 0 {
      let before = left
      let round = left
      var fractions: [(fund: Int, fraction: Int64)] = []
      for fund in funds.indices where need(fund, round) > 0 && canTake(fund) {
        let size = total * Int64(unit)
        var units = need(fund, round) / size
        while units > 0, canTake(fund) {
          given[fund] += unit
          left -= unit
          units -= 1
        }
        fractions.append((fund, need(fund, round) % size))
      }
      if isFirst { left -= byFraction(fractions, left) }
      isFirst = false
      if left == before { break }
    }
    while left >= unit {
      let able = funds.indices.filter { canTake($0) }
      let needy = able.filter { need($0, left) > 0 }
      let pool = needy.isEmpty ? able : needy
      guard let richest = pool.map({ fundsLeft($0) }).max() else { break }
      given[draw(pool.filter { fundsLeft($0) == richest })] += unit
      left -= unit
    }
    return given
  }

  private mutating func byFraction(
    _ fractions: [(fund: Int, fraction: Int64)], _ left: Lots
  ) -> Lots {
    var waiting = fractions.filter { $0.fraction > 0 && canTake($0.fund) }
    var placed: Lots = 0
    while placed + unit <= left, let best = waiting.map(\.fraction).max() {
      let next = draw(waiting.filter { $0.fraction == best }.map(\.fund))
      waiting.removeAll { $0.fund == next }
      given[next] += unit
      placed += unit
    }
    return placed
  }

  /// After what was just given.
  private func fundsLeft(_ fund: Int) -> Int64 {
    guard given[fund] > 0 else { return funds[fund].funds }
    return funds[fund].funds - funds[fund].margin(given[fund], price: price)
      - funds[fund].fee(given[fund], price: price)
  }
}
