import Domain
import Messages

/// What was set for windows before closes, and the hours that they lie in.
struct TwinWindows {
  var hours: [DefineTradingHours] = []
  /// By commodity.
  var hoursOf: [TradingHoursID] = []
  var overnight: [OperationAccountID: SetOvernight] = [:]
  var flat: [TwinFlat: SetSessionFlat] = [:]
  var listed: [TwinFlat: Set<CommodityID>] = [:]
  /// Of the liquidation that runs before a close.
  var close: [OperationAccountID: SessionClose] = [:]
  var rounds: [OperationAccountID: TwinRound] = [:]
}

struct TwinFlat: Hashable {
  var account: OperationAccountID
  var close: SessionClose
}

/// A round of a reduction: what each place has to give, and has given.
struct TwinRound {
  var wanted: [TwinPlace: Int64] = [:]
  var sent: [TwinPlace: Int64] = [:]
  var amounts: [TwinPlace: Int64] = [:]
}

/// rules.md 4, the rows of overnight-margin, overnight-exposure and session-flat; AMS manual notes
/// 16 and 17; decisions 19 and 32.
extension Twin {
  func setWindow(_ command: Command) {
    switch command {
    case .setOvernight(let set): windows.overnight[set.account] = set
    case .setSessionFlat(let set):
      windows.flat[TwinFlat(account: set.account, close: set.close)] = set
    case .setSessionFlatCommodity(let set):
      let key = TwinFlat(account: set.account, close: set.close)
      if set.isIn {
        windows.listed[key, default: []].insert(set.commodity)
      } else {
        windows.listed[key, default: []].remove(set.commodity)
      }
    default: break
    }
  }

  private func seconds(_ key: PlatformSetting, _ standard: Int64) -> Int64 {
    let set = platformSettings[key] ?? .min
    return set == .min ? standard : set
  }
  private var barSeconds: Int64 { seconds(.windowBarSeconds, 600) }
  private var reduceSeconds: Int64 { min(seconds(.windowReduceSeconds, 300), barSeconds) }

  // MARK: Closes

  /// Today's sessions of a commodity: from when to when, and whether it is the night's.
  private func sessions(
    _ commodity: CommodityID
  ) -> [(start: Int64, end: Int64, isNight: Bool, startSecond: Int32, endSecond: Int32)] {
    let hours = windows.hours[windows.hoursOf[commodity.index].index]
    return (0..<Int(hours.count)).compactMap { index in
      let interval = hours.intervals[index]
      let isNight = interval.date == .night
      let date = isNight ? CalendarDate(yyyymmdd: nightDate) : day.date
      guard let date else { return nil }
      func moment(_ second: Int32) -> Int64 {
        Timestamp(date: date, secondOfDay: Int64(second)).nanoseconds
      }
      return (
        moment(interval.startSecond), moment(interval.endSecond), isNight, interval.startSecond,
        interval.endSecond
      )
    }
  }

  func end(_ close: SessionClose, _ commodity: CommodityID) -> Int64? {
    let sessions = sessions(commodity)
    let noon: Int32 = 12 * 3600
    switch close {
    case .night: return sessions.filter(\.isNight).map(\.end).max()
    case .day: return sessions.filter { !$0.isNight }.map(\.end).max()
    case .midday:
      guard sessions.contains(where: { !$0.isNight && $0.startSecond >= noon }) else { return nil }
      return sessions.filter { !$0.isNight && $0.endSecond <= noon }.map(\.end).max()
    case .unknown: return nil
    }
  }

  /// Closing within so long, or closed and not open again.
  private func counts(_ commodity: CommodityID, _ close: SessionClose, _ seconds: Int64) -> Bool {
    guard let end = end(close, commodity), now.nanoseconds >= end - seconds * 1_000_000_000 else {
      return false
    }
    let isOpenAgain = sessions(commodity).contains {
      $0.start >= end && $0.start <= now.nanoseconds
    }
    return now.nanoseconds < end || close == .day
      || !isOpenAgain && sessions(commodity).contains { $0.start >= end }
  }

  private func isAboutToClose(_ commodity: CommodityID, _ close: SessionClose) -> Bool {
    guard let end = end(close, commodity) else { return false }
    return now.nanoseconds < end && now.nanoseconds >= end - reduceSeconds * 1_000_000_000
  }

  private func closeAhead(_ commodity: CommodityID) -> SessionClose {
    [SessionClose.midday, .day, .night].first { close in
      guard let end = end(close, commodity) else { return false }
      return now.nanoseconds <= end && now.nanoseconds >= end - barSeconds * 1_000_000_000
    } ?? .unknown
  }

  // MARK: Overnight

  private func lotValue(_ id: InstrumentID) -> Int64 {
    let instrument = instruments[id.index]
    return instrument.mark.isNone ? 0 : abs(instrument.mark.units) * instrument.multiplier
  }

  private func isOvernight(_ account: OperationAccountID, _ close: SessionClose) -> Bool {
    let product = accounts[account.index].product
    switch close {
    case .day: return true
    case .night:
      return setting(account, .countsNightClose) == 1 && !product.isNone
        && productSettings[product.index][ProductSetting.countsNightClose.rawValue] == 1
    case .midday, .unknown: return false
    }
  }

  /// The figure of an account's overnight line; with an order it is one that has filled, and what
  /// works counts at worst.
  private func overnight(
    _ account: OperationAccountID, _ close: SessionClose, within seconds: Int64,
    _ order: (terms: TwinTerms, margin: Int64, price: Price)? = nil
  ) -> Int64 {
    let isWorst = order != nil
    var margin: Int64 = 0
    var net: [CommodityID: Int64] = [:]
    var up: [CommodityID: Int64] = [:]
    var down: [CommodityID: Int64] = [:]
    for (place, side) in sides(.account(account)) {
      let commodity = instruments[place.instrument.index].commodity
      guard counts(commodity, close, seconds) else { continue }
      let value = lotValue(place.instrument)
      margin += side.margin + (isWorst ? side.frozenMargin : 0)
      net[commodity, default: 0] += (side.today + side.yesterday) * value * place.side.sign
      guard isWorst else { continue }
      if place.side == .long {
        up[commodity, default: 0] += side.workingOpen * value
        down[commodity, default: 0] += side.frozen * value
      } else {
        down[commodity, default: 0] += side.workingOpen * value
        up[commodity, default: 0] += side.frozen * value
      }
    }
    if let order {
      let instrument = instruments[order.terms.instrument.index]
      var value = lotValue(order.terms.instrument)
      if instrument.mark.isNone { value = abs(order.price.units) * instrument.multiplier }
      net[instrument.commodity, default: 0] +=
        Int64(order.terms.lots) * value * order.terms.place.side.sign
      margin += order.margin
    }
    guard windows.overnight[account]?.measure == .exposure else { return margin }
    return net.reduce(0) { sum, pair in
      sum + max(abs(pair.value + (up[pair.key] ?? 0)), abs(pair.value - (down[pair.key] ?? 0)))
    }
  }

  private func base(_ account: OperationAccountID) -> Int64 {
    let money = money(.account(account))
    switch windows.overnight[account]?.basis {
    case .marketEquity: return money.marketEquity
    case .allowedLoss: return money.allowedLossEver
    default: return 0
    }
  }

  private func isOver(_ account: OperationAccountID, _ value: Int64) -> Bool {
    guard let line = windows.overnight[account], line.measure != .unknown, line.basis != .none,
      line.limit > 0, value > 0
    else { return false }
    let base = base(account)
    return base <= 0 || Int128(value) * 100_000_000 > Int128(line.limit) * Int128(base)
  }

  /// Which rules of windows an opening order breaks.
  func brokenWindows(
    _ terms: TwinTerms, _ hold: TwinHold, _ price: Price
  ) -> [(rule: RuleID, isBroken: Bool, why: String)] {
    let commodity = instruments[terms.instrument.index].commodity
    let close = closeAhead(commodity)
    let measure = windows.overnight[terms.account]?.measure ?? .unknown
    let value = overnight(
      terms.account, close, within: barSeconds, (terms, hold.margin, price))
    let isOver = isOvernight(terms.account, close) && isOver(terms.account, value)
    return [
      (.overnightMargin, measure == .margin && isOver, "\(value) before \(close)"),
      (.overnightExposure, measure == .exposure && isOver, "\(value) before \(close)"),
      (.sessionFlat, isFlat(terms.account, close, commodity), "before \(close)"),
    ]
  }

  private func isFlat(
    _ account: OperationAccountID, _ close: SessionClose, _ commodity: CommodityID
  ) -> Bool {
    let key = TwinFlat(account: account, close: close)
    guard let set = windows.flat[key], set.action != .unknown else { return false }
    return set.everything || windows.listed[key]?.contains(commodity) == true
  }

  // MARK: Overnight clauses of products

  /// A close, and how long before it what closes counts.
  public struct Closing {
    var close: SessionClose
    var seconds: Int64
  }

  private func isOvernight(_ subject: TwinSubject, _ close: SessionClose) -> Bool {
    switch subject {
    case .account(let account): isOvernight(account, close)
    case .product(let product): isOvernight(product, close)
    }
  }

  private func isOvernight(_ product: ProductID, _ close: SessionClose) -> Bool {
    close == .day
      || close == .night
        && productSettings[product.index][ProductSetting.countsNightClose.rawValue] == 1
  }

  /// Of an order: its instrument's own close, while it is ahead and near; nil outside of that.
  func closing(_ subject: TwinSubject, _ instrument: InstrumentID) -> Closing? {
    let close = closeAhead(instruments[instrument.index].commodity)
    return isOvernight(subject, close) ? Closing(close: close, seconds: barSeconds) : nil
  }

  /// Of a product as it stands: level one from T-10, level two from T-5.
  public func closing(_ subject: TwinSubject, _ level: LineLevel) -> Closing? {
    let seconds = level == .liquidate ? reduceSeconds : barSeconds
    let close = [SessionClose.day, .night].first { close in
      isOvernight(subject, close)
        && windows.hoursOf.indices.contains { index in
          guard let end = end(close, CommodityID(UInt32(index))) else { return false }
          return now.nanoseconds < end && now.nanoseconds >= end - seconds * 1_000_000_000
        }
    }
    return close.map { Closing(close: $0, seconds: seconds) }
  }

  /// The figures of what closes now or has closed, and nothing of what does not.
  public func only(
    _ closing: Closing, _ figures: [TwinSchemeFigures]
  ) -> [TwinSchemeFigures] {
    figures.indices.map { index in
      counts(instruments[index].commodity, closing.close, closing.seconds)
        ? figures[index] : TwinSchemeFigures()
    }
  }

  // MARK: Liquidations

  /// Whether a liquidation of a rule of windows is about a place now.
  func isMeant(_ account: OperationAccountID, _ rule: RuleID, _ place: TwinPlace) -> Bool {
    guard rule.isWindow else { return true }
    guard let close = windows.close[account] else { return false }
    let commodity = instruments[place.instrument.index].commodity
    guard isAboutToClose(commodity, close) else { return false }
    return rule != .sessionFlat
      || place.hedge != .arbitrage && isFlat(account, close, commodity)
  }

  /// Whether a liquidation may begin before a close, and why not.
  func windowBegan(_ progress: LiquidationProgress) {
    let account = progress.account
    let commodities = windows.hoursOf.indices.map { CommodityID(UInt32($0)) }
    let close = [SessionClose.night, .day, .midday].first { close in
      commodities.contains { isAboutToClose($0, close) }
    }
    windows.close[account] = close
    windows.rounds[account] = nil
    guard let close else { return complain("\(progress.rule) before no close") }
    if progress.rule == .sessionFlat {
      let set = windows.flat[TwinFlat(account: account, close: close)]
      let isDue = sides(.account(account)).contains { place, side in
        isMeant(account, .sessionFlat, place)
          && side.today + side.yesterday + side.workingOpen > 0
      }
      if set?.action != .flatten || !isDue || progress.extent != .all {
        complain("account \(account.raw) is made flat, \(String(describing: set)), due \(isDue)")
      }
      return
    }
    let value = overnight(account, close, within: reduceSeconds)
    let line = windows.overnight[account]
    if line?.excess != .reduce || line?.measure.rule != progress.rule || !isOver(account, value)
      || progress.extent != .proportional || !isOvernight(account, close)
    {
      complain("account \(account.raw) is reduced at \(value), \(String(describing: line))")
    }
  }

  /// A reduction that came back to its line has done so.
  func windowEnded(_ progress: LiquidationProgress) {
    let account = progress.account
    guard progress.rule != .sessionFlat, progress.end == .backToLine,
      let close = windows.close[account], windows.overnight[account]?.measure.rule == progress.rule
    else { return }
    let value = overnight(account, close, within: reduceSeconds)
    if isOver(account, value) { complain("account \(account.raw) is over still, at \(value)") }
  }

  /// Of each position the part that the ratio is over by, and of exposure the heavier side alone;
  /// when that is nothing anywhere, one lot of the largest.
  func windowForced(_ terms: TwinTerms, isRunning: Bool) {
    let account = terms.account
    guard let close = windows.close[account] else { return complain("reduced before no close") }
    if !isRunning || windows.rounds[account] == nil {
      windows.rounds[account] = round(account, close)
    }
    guard var round = windows.rounds[account] else { return }
    let place = terms.place
    let given = round.sent[place, default: 0] + Int64(terms.lots)
    let isNothing = round.wanted.allSatisfy { $0.value < Int64(least($0.key.instrument)) }
    if isNothing {
      let amount = round.amounts[place] ?? -1
      let isLargest = round.amounts.allSatisfy { other, value in
        value < amount || value == amount && other.instrument.raw >= place.instrument.raw
      }
      if terms.lots != least(place.instrument) || !round.sent.isEmpty || !isLargest || finish != 1 {
        complain("a lot is taken of \(place), amounts \(round.amounts), sent \(round.sent)")
      }
    } else if given > round.wanted[place] ?? 0 {
      complain("a round closes \(given) of \(place), \(round.wanted[place] ?? 0) are its part")
    }
    round.sent[place] = given
    windows.rounds[account] = round
  }

  /// A reduction that takes no single lots ends where its rounds come to nothing; any ends where
  /// there is nothing that would make its figure smaller: an exposure that is balanced has no
  /// heavier side.
  func stopsShort(_ progress: LiquidationProgress) -> Bool {
    guard progress.extent == .proportional, let close = windows.close[progress.account] else {
      return false
    }
    let round = round(progress.account, close)
    if round.amounts.isEmpty { return true }
    return finish != 1
      && round.wanted.allSatisfy { $0.value < Int64(least($0.key.instrument)) }
  }

  private var finish: Int64 {
    let set = platformSettings[.reductionFinish] ?? .min
    return set == .min ? 1 : set
  }

  private func round(_ account: OperationAccountID, _ close: SessionClose) -> TwinRound {
    var round = TwinRound()
    let value = overnight(account, close, within: reduceSeconds)
    let isByExposure = windows.overnight[account]?.measure == .exposure
    let sides = sides(.account(account))
    var net: [CommodityID: Int64] = [:]
    for (place, side) in sides {
      net[instruments[place.instrument.index].commodity, default: 0] +=
        (side.today + side.yesterday) * lotValue(place.instrument) * place.side.sign
    }
    for (place, side) in sides {
      let held = side.today + side.yesterday
      let commodity = instruments[place.instrument.index].commodity
      guard held > 0, isAboutToClose(commodity, close) else { continue }
      if isByExposure, (net[commodity] ?? 0) * place.side.sign <= 0 { continue }
      let amount = isByExposure ? held * lotValue(place.instrument) : side.margin
      if amount <= 0 && base(account) > 0 || hasExpired(place.instrument) { continue }
      let part = part(account, value, of: held)
      let unit = Int64(unit(place.instrument))
      round.wanted[place] = max(part - side.frozen, 0) / unit * unit
      let most = offsets(place).map { closable(.account(account), place, $0) }.max()
      guard most ?? 0 >= Int64(least(place.instrument)) else {
        round.wanted[place] = 0
        continue
      }
      round.amounts[place] = amount
    }
    return round
  }

  /// floor(lots * (ratio - limit)), in exact fractions; all of them where nothing is divided by.
  private func part(_ account: OperationAccountID, _ value: Int64, of held: Int64) -> Int64 {
    let base = Int128(base(account))
    let limit = Int128(windows.overnight[account]?.limit ?? 0)
    guard base > 0 else { return held }
    let over = Int128(value) * 100_000_000 - limit * base
    let share = Int128(held) * over / (base * 100_000_000)
    return Int64(clamping: min(max(share, 0), Int128(held)))
  }
}
