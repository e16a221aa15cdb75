import Domain
import Storage

// Rates as they are set, and how accounts take them. Each returns false, and changes nothing, when
// there is no room. Held margins are taken anew by the engine afterwards (`remargin`).
extension Ledger {
  /// Most lots and margin of one order of an account in a commodity: its own limits there, else
  /// those of its template.
  public func orderSize(
    _ account: OperationAccountID, _ commodity: CommodityID
  ) -> OrderSizeLimit {
    let number = figuresNumber(holder(of: account), commodity)
    let figures = number == 0 ? nil : UnsafePointer(self.figures(number))
    return orderSize(self.account(account), figures, commodity)
  }

  /// The same where its lines are known already.
  @inline(__always) public func orderSize(
    _ account: UnsafePointer<AccountRecord>, _ figures: UnsafePointer<CommodityFigures>?,
    _ commodity: CommodityID
  ) -> OrderSizeLimit {
    if let figures,
      figures.pointee.orderLots != .min || figures.pointee.orderMargin != .min
    {
      return OrderSizeLimit(lots: figures.pointee.orderLots, margin: figures.pointee.orderMargin)
    }
    return templates.size(account.pointee.sizeTemplate, commodity)
  }

  // MARK: Rates

  /// Sets one part of an owner's rates for a commodity or, where one is named, an instrument of it;
  /// with `.unknown` takes it away.
  public mutating func setRates(
    _ owner: RateOwner, _ commodity: CommodityID, _ instrument: InstrumentID, _ part: RatePart,
    _ method: RateMethod, _ rates: RateSet
  ) -> Bool {
    guard hasRoom(owner, commodity, instrument) else { return false }
    set(owner, commodity, instrument, part, method, rates)
    return true
  }

  /// Sets both parts as they are.
  public mutating func setRates(
    _ owner: RateOwner, _ commodity: CommodityID, _ instrument: InstrumentID, _ rates: RateSet
  ) -> Bool {
    guard hasRoom(owner, commodity, instrument) else { return false }
    set(owner, commodity, instrument, .margin, .asItIs, rates)
    set(owner, commodity, instrument, .fee, .asItIs, rates)
    return true
  }

  /// The same of a holder's own, or of the platform's when nil.
  public mutating func setRates(
    _ holder: HolderID?, commodity: CommodityID, instrument: InstrumentID?, _ rates: RateSet
  ) -> Bool {
    setRates(owner(holder), commodity, instrument ?? .none, rates)
  }

  private func owner(_ holder: HolderID?) -> RateOwner {
    guard let holder else { return .platform }
    if let account = operationAccount(holder) { return .account(account) }
    return .fundAccount(FundAccountID(UInt32(holder.index - capacities.operationAccounts)))
  }

  private func hasRoom(
    _ owner: RateOwner, _ commodity: CommodityID, _ instrument: InstrumentID
  ) -> Bool {
    guard rates.hasRoom(owner, commodity, instrument) else { return false }
    guard case .account(let account) = owner, !rates.hasRates(owner) else { return true }
    var profile = profile(of: account)
    profile.account = account
    return hasRoom(for: profile, of: account)
  }

  private mutating func set(
    _ owner: RateOwner, _ commodity: CommodityID, _ instrument: InstrumentID, _ part: RatePart,
    _ method: RateMethod, _ rates: RateSet
  ) {
    let product: ProductID =
      switch owner {
      case .fundAccount(let fund), .counter(let fund): fundAccounts.at(fund.raw).pointee.product
      case .platform, .everybody, .account, .template, .product: .none
      }
    self.rates.set(
      rates, part, method, owner, commodity: commodity, instrument: instrument, product: product)
    if case .account(let account) = owner { exchange(account, for: profile(of: account)) }
  }

  // MARK: How accounts take them

  /// Whose rates an account has for a part; `.system` = what the platform says.
  public mutating func setRateMode(
    _ account: OperationAccountID, _ part: RatePart, _ mode: RateMode
  ) -> Bool {
    var profile = profile(of: account)
    switch part {
    case .margin: profile.marginMode = mode
    case .fee: profile.feeMode = mode
    }
    guard hasRoom(for: profile, of: account) else { return false }
    let record = accounts.at(account.raw)
    record.pointee.marginMode = profile.marginMode
    record.pointee.feeMode = profile.feeMode
    exchange(account, for: profile)
    return true
  }

  /// What the accounts take that follow the platform: `.own` or `.fundAccount`.
  public mutating func setPlatformRateMode(_ part: RatePart, _ mode: RateMode) -> Bool {
    precondition(mode != .system, "the platform follows nobody")
    return rates.setDefault(part, mode, products: productCount)
  }

  /// Gives an account a template of its kind, or with `.none` none of that kind any more.
  public mutating func assign(
    _ template: AccountTemplateID, _ kind: TemplateKind, to account: OperationAccountID
  ) -> Bool {
    var profile = profile(of: account)
    if kind == .margin { profile.marginTemplate = template }
    if kind == .fee { profile.feeTemplate = template }
    guard hasRoom(for: profile, of: account) else { return false }
    let record = accounts.at(account.raw)
    let number = UInt16(truncatingIfNeeded: template.raw &+ 1)
    switch kind {
    case .margin: record.pointee.marginTemplate = number
    case .fee: record.pointee.feeTemplate = number
    case .orderSize: record.pointee.sizeTemplate = number
    case .tradable: record.pointee.tradableTemplate = number
    case .unknown: break
    }
    exchange(account, for: profile)
    return true
  }

  /// An account's settings as far as its rates depend on them.
  private func profile(of account: OperationAccountID) -> RateProfile {
    func template(_ number: UInt16) -> AccountTemplateID {
      number == 0 ? .none : AccountTemplateID(UInt32(number) - 1)
    }
    let record = accounts.at(account.raw)
    var profile = RateProfile()
    profile.product = record.pointee.product
    profile.account = rates.hasRates(.account(account)) ? account : .none
    profile.marginTemplate = template(record.pointee.marginTemplate)
    profile.feeTemplate = template(record.pointee.feeTemplate)
    profile.marginMode = record.pointee.marginMode
    profile.feeMode = record.pointee.feeMode
    return profile
  }

  private func hasRoom(for profile: RateProfile, of account: OperationAccountID) -> Bool {
    rates.hasRoom(for: profile, insteadOf: holders.at(account.raw).pointee.rateSubject)
  }

  private mutating func exchange(_ account: OperationAccountID, for profile: RateProfile) {
    let record = holders.at(account.raw)
    record.pointee.rateSubject = rates.exchange(record.pointee.rateSubject, for: profile)
  }

  // MARK: What a product reads its rates from

  /// Names the fund account that a product reads its rates from; `.none` = the first of a day to
  /// log in. True when that changes rates.
  public mutating func setRateAccount(_ product: ProductID, _ fund: FundAccountID) -> Bool {
    products.at(product.raw).pointee.rateAccount = fund
    return readRates(product)
  }

  /// A fund account has logged in: the first of a day is read from, where none is named. One whose
  /// link has stayed up since an earlier day is the first. True when that changes rates.
  public mutating func loggedIn(_ fund: FundAccountID, day: TradingDay) -> Bool {
    let product = fundAccounts.at(fund.raw).pointee.product
    guard !product.isNone else { return false }
    let record = products.at(product.raw)
    guard record.pointee.loginDay != day.yyyymmdd else { return false }
    record.pointee.loginDay = day.yyyymmdd
    let first = record.pointee.firstLoggedIn
    if !first.isNone, fundAccounts.at(first.raw).pointee.isLinked { return false }
    record.pointee.firstLoggedIn = fund
    return readRates(product)
  }

  /// A fund account's link is down: if it was up when the day began, it was the first of the day.
  public mutating func loggedOut(_ fund: FundAccountID, day: TradingDay) {
    let product = fundAccounts.at(fund.raw).pointee.product
    guard !product.isNone, products.at(product.raw).pointee.firstLoggedIn == fund else { return }
    products.at(product.raw).pointee.loginDay = day.yyyymmdd
  }

  private mutating func readRates(_ product: ProductID) -> Bool {
    let record = products.at(product.raw)
    let named = record.pointee.rateAccount
    return rates.setReader(product, named.isNone ? record.pointee.firstLoggedIn : named)
  }

  /// The fund account that a product reads its rates from; nil while none has ever logged in.
  public func rateAccount(_ product: ProductID) -> FundAccountID? { rates.reader(product) }
}
