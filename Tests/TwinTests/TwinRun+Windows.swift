import Domain
import Messages
import ReferenceModel

// Closes, and what accounts may have before them.
extension TwinRun {
  func windowTheme() {
    isAboutWindows = true
    for product in 0..<UInt32(3) where draw.chance(70) {
      step(
        .setProduct(
          SetProduct(product: ProductID(product), setting: .countsNightClose, value: 1)))
    }
    for _ in 0..<24 { windowSetting() }
    guard draw.chance(70) else { return schemeTheme() }
    step(.defineScheme(DefineScheme(name: FixedText("night")!)))
    for product in 0..<UInt32(3) {
      step(
        .bindScheme(
          BindScheme(
            product: ProductID(product), number: 1, scheme: 0, basis: .current, from: .min,
            to: .min, period: .day)))
    }
    overnightClause()
  }

  /// One kind a seed, so that no other is in its way.
  private func overnightClause() {
    let one = Int64(draw.pick([0, 0, 200_000, 4_000_000])) * Money.unitsPerYuan
    step(
      .setSchemeClause(
        SetSchemeClause(
          scheme: 0, number: 1, kind: ClauseKind(rawValue: UInt8(21 + seed % 6))!,
          scopeKind: .product, scopeID: 0, direction: .both, basis: .absolute, levelOne: one,
          levelTwo: draw.chance(50) ? .min : one + Int64(draw.pick([1, 900_000_000_000])))))
  }

  /// The evening before, where there is a night and the seed is about closes.
  func start(of day: TradingDay, _ night: UInt32) -> Timestamp {
    guard isAboutWindows, let evening = CalendarDate(yyyymmdd: night) else {
      return Timestamp(date: day.date, secondOfDay: 9 * 3600 + 1_800)
    }
    return Timestamp(date: evening, secondOfDay: 21 * 3600 + 60)
  }

  func window() {
    if draw.chance(45) { return windowSetting() }
    if draw.chance(30) {
      step(.timeReached, at: time.adding(seconds: Int64(draw.within(5...70))))
      return
    }
    // A moment before each window, so that its beginning is met.
    let clock = [
      -4_203, -3_903, -3_604, 40_797, 41_098, 41_397, 53_397, 53_697, 53_997, 54_300, 54_598,
      54_897,
    ]
    let today = TwinWorld.days[dayIndex - 1].date
    let ahead = clock.filter { $0 > 0 || dayIndex > 1 }.map { second in
      let isNight = second < 0
      let date = isNight ? TwinWorld.days[dayIndex - 2].date : today
      return Timestamp(date: date, secondOfDay: Int64(isNight ? second + 86_400 : second))
    }.filter { $0 > time }.sorted { $0 < $1 }
    guard let next = ahead.first, ahead.count > 1 || draw.chance(50) else { return switchDay() }
    step(.timeReached, at: next)
    for _ in 0..<draw.within(1...3) { tick(draw.pick(TwinWorld.instruments)) }
  }

  func windowSetting() {
    switch draw.below(13) {
    case 0...4: overnight()
    case 12: overnightClause()
    case 5, 6:
      step(
        .setSessionFlat(
          SetSessionFlat(
            account: anyAccount, close: draw.pick([.midday, .day, .night, .unknown]),
            action: draw.pick([.unknown, .barOpening, .flatten, .flatten]),
            everything: draw.chance(25))))
    case 7, 8:
      step(
        .setSessionFlatCommodity(
          SetSessionFlatCommodity(
            account: anyAccount, close: draw.pick([.midday, .day, .night]),
            commodity: draw.chance(95) ? anyCommodity : CommodityID(70), isIn: draw.chance(80))))
    case 9:
      step(
        .setAccount(
          SetAccount(
            account: anyAccount, setting: .countsNightClose,
            value: draw.chance(70) ? 1 : 0)))
    case 10:
      step(
        .setPlatform(
          SetPlatform(setting: .reductionFinish, value: Int64(draw.pick([1, 1, 2, 3])))))
    default:
      step(
        .setPlatform(
          SetPlatform(
            setting: draw.chance(50) ? .windowBarSeconds : .windowReduceSeconds,
            value: draw.pick([.min, 600, 300, 120, 5]))))
    }
  }

  /// A limit close to what the account has, or a part of it.
  private func overnight() {
    let account = anyAccount
    let money = twin.money(.account(account))
    let have = money.margin + money.frozenMargin
    let base = max(money.equity, 1)
    let percent = Int64(draw.pick([10, 40, 90, 100, 130]))
    let ratio = Int64(
      clamping: Int128(max(have, 1)) * Int128(percent) * 1_000_000 / Int128(base))
    let isExposure = draw.chance(40)
    step(
      .setOvernight(
        SetOvernight(
          account: account,
          measure: draw.chance(4) ? .unknown : isExposure ? .exposure : .margin,
          basis: draw.pick([.marketEquity, .marketEquity, .allowedLoss, .none, .equity]),
          excess: draw.pick([.reduce, .reduce, .barOnly]),
          limit: min(
            max(
              draw.chance(50)
                ? Int64(draw.pick([0, 200_000, 3_000_000])) : min(ratio, Ranges.lineRatioMaximum),
              0) * (isExposure ? 8 : 1), Ranges.lineRatioMaximum))))
  }
}
