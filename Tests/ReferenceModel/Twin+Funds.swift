import Domain
import Messages

/// Whose limit, for what.
struct TwinFundKey: Hashable {
  var fund: FundAccountID
  var scope: Scope
}

struct TwinQuotaKey: Hashable {
  var fund: FundAccountID
  var exchange: Exchange
}

/// Whose list of commodities and instruments.
enum TwinListOwner: Hashable {
  case account(OperationAccountID)
  case fund(FundAccountID, SessionDate)
  case product(ProductID)
  case template(AccountTemplateID)
  case everybody
}

// rules.md 7: what a fund account limits.
extension Twin {
  func setFundLimit(_ command: Command) {
    switch command {
    case .setFundOpenVolume(let set):
      openVolumes[TwinFundKey(fund: set.fundAccount, scope: set.scope)] =
        set.lots == .min ? nil : set.lots
    case .setFundQuota(let set):
      quotas[TwinQuotaKey(fund: set.fundAccount, exchange: set.exchange)] = set
    case .setTradable(let set): list(.account(set.account), set.scope, set.listed)
    case .setFundTradable(let set):
      list(.fund(set.fundAccount, set.session), set.scope, set.listed)
    case .setSharedTradable(let set):
      list(set.product.isNone ? .everybody : .product(set.product), set.scope, set.listed)
    default: break
    }
  }

  func list(_ owner: TwinListOwner, _ scope: Scope, _ listed: Bool) {
    if listed {
      lists[owner, default: []].insert(scope)
    } else {
      lists[owner]?.remove(scope)
    }
  }

  // MARK: Lists

  /// rules.md 3, not-tradable: nil when there is no list at all.
  private func allows(
    _ owner: TwinListOwner, onlyListed: Bool, _ instrument: InstrumentID
  ) -> Bool? {
    let listed = lists[owner] ?? []
    if listed.isEmpty, !onlyListed { return nil }
    let commodity = instruments[instrument.index].commodity
    let isListed =
      listed.contains(.commodity(commodity)) || listed.contains(.instrument(instrument))
    return isListed == onlyListed
  }

  /// A trading day's night is what comes before its own date.
  private var session: SessionDate {
    now < Timestamp(date: day.date, secondOfDay: 0) ? .night : .day
  }

  private func allows(_ fund: FundAccountID, _ instrument: InstrumentID) -> Bool? {
    let setting: FundAccountSetting = session == .night ? .nightOnlyListed : .dayOnlyListed
    return allows(
      .fund(fund, session), onlyListed: funds[fund.index].settings[setting] == 1, instrument)
  }

  /// account's own > template > fund account > product > everybody; decisions 18.
  func isTradable(_ terms: TwinTerms) -> Bool {
    let onlyListed = setting(terms.account, .tradableOnlyListed) == 1
    let own = allows(.account(terms.account), onlyListed: onlyListed, terms.instrument)
    if let own { return own }
    let template = templates[TwinTemplateKey(account: terms.account, kind: .tradable)]
    if let template,
      let allows = allows(
        .template(template), onlyListed: onlyListedTemplates[template] == true, terms.instrument)
    {
      return allows
    }
    let product = accounts[terms.account.index].product
    guard !product.isNone else { return true }
    let ofProduct = allows(
      .product(product),
      onlyListed: productSettings[product.index][ProductSetting.tradableOnlyListed.rawValue] == 1,
      terms.instrument)
    let ofEverybody = allows(
      .everybody, onlyListed: platformSettings[.tradableOnlyListed] == 1, terms.instrument)
    let bound = funds.indices.filter { funds[$0].product == product }
    return bound.isEmpty
      || bound.contains { index in
        allows(FundAccountID(UInt32(index)), terms.instrument) ?? ofProduct ?? ofEverybody ?? true
      }
  }

  // MARK: Opening children

  func checkFundLimits(_ sent: SendOrder) {
    let fund = sent.fundAccount
    let commodity = instruments[sent.instrument.index].commodity
    if allows(fund, sent.instrument) == false {
      complain("child \(sent.child) of what fund account \(fund.raw) may not open")
    }
    for (key, limit) in openVolumes where key.fund == fund {
      let isMeant: Bool
      switch key.scope {
      case .commodity(let id): isMeant = id == commodity
      case .instrument(let id): isMeant = id == sent.instrument
      case .everything, .exchange: isMeant = false
      }
      guard isMeant else { continue }
      let opened = openedLots(fund) { id in
        key.scope == .instrument(id) || key.scope == .commodity(instruments[id.index].commodity)
      }
      if opened + Int64(sent.lots) > limit {
        complain("child \(sent.child): \(opened) opened, \(sent.lots) more, of \(limit)")
      }
    }
    checkQuota(sent)
  }

  /// Lots opened today and working to open.
  func openedLots(_ fund: FundAccountID, where isMeant: (InstrumentID) -> Bool) -> Int64 {
    var sum: Int64 = 0
    for (place, side) in sides(.fund(fund)) where isMeant(place.instrument) {
      sum += side.openedToday + side.workingOpen
    }
    return sum
  }

  public func openedLots(_ fund: FundAccountID, of commodity: CommodityID) -> Int64 {
    openedLots(fund) { instruments[$0.index].commodity == commodity }
  }

  /// routing.md, "Quotas".
  private func checkQuota(_ sent: SendOrder) {
    let exchange = instruments[sent.instrument.index].exchange
    guard let quota = quotas[TwinQuotaKey(fund: sent.fundAccount, exchange: exchange)] else {
      return
    }
    let working = (childrenOf[sent.fundAccount] ?? []).compactMap { children[$0] }
      .filter { $0.instrument == sent.instrument && $0.held > 0 }
    if quota.cancels != .min {
      let used = cancelCount(sent.fundAccount, sent.instrument) + Int64(working.count)
      if used + 1 > quota.cancels - quota.cancelReserve {
        complain("child \(sent.child) beyond a cancel quota of \(quota.cancels): \(used)")
      }
    }
    guard quota.lots != .min else { return }
    var used = working.reduce(Int64(0)) { $0 + Int64($1.held) }
    for booking in positions.today[.fund(sent.fundAccount)] ?? []
    where booking.place.instrument == sent.instrument { used += Int64(booking.lots) }
    if used + Int64(sent.lots) > quota.lots - quota.lotsReserve {
      complain("child \(sent.child) beyond a volume quota of \(quota.lots): \(used)")
    }
  }

  /// Confirmed cancels of a fund account in an instrument today.
  public func cancelCount(_ fund: FundAccountID, _ instrument: InstrumentID) -> Int64 {
    Int64(fundCancels.count { $0.0 == fund && $0.1 == instrument })
  }

  /// Whether a product's lock mode lets a child of a close have this offset (AMS manual 2.1).
  func locks(_ sent: SendOrder, _ terms: TwinTerms) -> Bool {
    let product = accounts[terms.account.index].product
    let raw = productSettings[product.index][ProductSetting.lockMode.rawValue] ?? 0
    guard terms.offset.isClosing else { return false }
    switch LockMode(rawValue: UInt8(max(raw, 0))) ?? .off {
    case .off: return false
    case .closeTodayAsOpening:
      return terms.offset == .closeToday && (sent.offset == .open || sent.offset == .close)
    case .preferYesterday: return true
    }
  }

  // MARK: Order rate

  /// As an account's: the Nth child within T passes and sets the bar.
  func countForRate(_ fund: FundAccountID) {
    let settings = funds[fund.index].settings
    guard let count = settings[.orderRateCount], count > 0,
      let window = settings[.orderRateWindowMilliseconds]
    else { return }
    sentAt[fund, default: []].append(now)
    let since = now.adding(nanoseconds: -window * 1_000_000)
    guard Int64(sentAt[fund]!.count { $0 >= since }) >= count else { return }
    let bar = settings[.orderRateBar] ?? 1
    if bar & 1 != 0 { fundBars[fund, default: []].insert(.open) }
    if bar & 2 != 0 { fundBars[fund, default: []].insert(.close) }
  }

  func release(_ release: ReleaseOrderRate, isRefused: Bool) {
    let account = OperationAccountID(release.holderID)
    let fund = FundAccountID(release.holderID)
    let isBarred: Bool
    switch release.holderKind {
    case .operationAccount:
      isBarred = rateBars[account]?.isEmpty == false
      if isBarred {
        rateBars[account] = []
        acceptedAt[account] = []
      }
    case .fundAccount:
      isBarred = fundBars[fund]?.isEmpty == false
      if isBarred {
        fundBars[fund] = []
        sentAt[fund] = []
      }
    case .unknown: isBarred = false
    }
    // While a day is switched bars end bit by bit.
    if comingDay == nil, isBarred == isRefused { complain("a bar of \(isBarred)") }
  }
}
