import Domain
import Messages
import ReferenceModel

// Rates, who takes them how, and templates.
extension TwinRun {
  func changeRates() {
    if draw.chance(15) { return declarations() }
    if draw.chance(15) { return oneSided() }
    switch draw.weighted([10, 16, 16, 8, 18, 5, 6, 6, 5, 5, 3]) {
    case 0: ratesAsTheyAre()
    case 1: marginRates()
    case 2: feeRates()
    case 3:
      step(
        .counterRates(
          CounterRates(fundAccount: anyFund, scope: anyScope, rates: TwinWorld.rateSet(&draw))))
    case 4:
      step(
        .setAccount(
          SetAccount(
            account: anyAccount, setting: draw.pick([.marginRateMode, .feeRateMode]),
            value: draw.pick([.min, 0, 1, 1, 1, 2]))))
    case 5:
      step(
        .setPlatform(
          SetPlatform(
            setting: draw.pick([.marginRateMode, .feeRateMode]), value: draw.pick([.min, 1, 2]))))
    case 6: rateAccount()
    case 7: assignTemplate()
    case 8:
      step(
        .setTemplateOrderSize(
          SetTemplateOrderSize(
            template: draw.pick(TwinWorld.templates(of: .orderSize)), commodity: anyCommodity,
            lots: draw.chance(30) ? .min : Int64(draw.within(5...20)),
            margin: draw.chance(60) ? .none : Money(yuan: 200_000))))
    case 9:
      step(
        .setTemplateTradable(
          SetTemplateTradable(
            template: draw.pick(TwinWorld.templates(of: .tradable)), scope: anyScope,
            listed: draw.chance(50))))
    default:
      step(
        .setTemplateOnlyListed(
          SetTemplateOnlyListed(
            template: draw.pick(TwinWorld.templates(of: .tradable)), onlyListed: draw.chance(20))))
    }
  }

  private func declarations() {
    let unit = Int64(draw.below(2))
    let fee = Int64(draw.within(1...60_000))
    switch draw.below(4) {
    case 0:
      step(
        .setDeclared(SetDeclared(commodity: anyCommodity, declared: draw.chance(70))))
    case 1:
      step(
        .setPlatform(
          draw.chance(50)
            ? SetPlatform(setting: .declarationFee, value: draw.chance(30) ? .min : fee)
            : SetPlatform(setting: .declarationUnit, value: unit)))
    case 2:
      for (setting, value) in [
        (AccountSetting.declarationMode, Int64(draw.below(3))), (.declarationFee, fee),
        (.declarationUnit, unit),
      ] {
        step(.setAccount(SetAccount(account: anyAccount, setting: setting, value: value)))
      }
    default:
      for (setting, value) in [
        (FundAccountSetting.declarationMode, Int64(draw.below(3))), (.declarationFee, fee),
        (.declarationUnit, unit),
      ] {
        step(.setFundAccount(SetFundAccount(fundAccount: anyFund, setting: setting, value: value)))
      }
    }
  }

  /// Mostly everywhere, so that all who have to have it do.
  private func oneSided() {
    let exchanges: Int64 = draw.pick([0, 63, 63, 63, 63, 63, 63, 37])
    guard draw.chance(60) else {
      step(
        .setAccount(
          SetAccount(account: anyAccount, setting: .oneSidedExchanges, value: exchanges)))
      return
    }
    let fund = anyFund
    for setting in [FundAccountSetting.oneSidedExchanges, .counterOneSidedExchanges] {
      step(
        .setFundAccount(SetFundAccount(fundAccount: fund, setting: setting, value: exchanges)))
    }
  }

  private func ratesAsTheyAre() {
    let isFund = draw.chance(50)
    let isPlatform = draw.chance(40)
    step(
      TwinWorld.setRates(
        isPlatform ? .platform : isFund ? .fundAccount : .operationAccount,
        isPlatform ? 0 : UInt32(draw.below(8)), anyScope, &draw))
  }

  /// Now and then one of a kind that has none.
  private func anyOwner(_ kind: TemplateKind) -> (kind: RateOwnerKind, id: UInt32) {
    switch draw.weighted([30, 20, 15, 15, 20]) {
    case 0: (.operationAccount, anyAccount.raw)
    case 1: (.fundAccount, anyFund.raw)
    case 2: (.product, UInt32(draw.below(4)))
    case 3: (.everybody, 0)
    default: (.template, draw.pick(TwinWorld.templates(of: kind)).raw)
    }
  }

  private var anyMethod: RateMethod {
    draw.pick([.asItIs, .asItIs, .relativeAbsolute, .relativePercent, .relativePercent, .unknown])
  }

  /// Of a percentage both parts are shares.
  private func rate(_ rate: TwoPartRate, _ method: RateMethod) -> TwoPartRate {
    guard method == .relativePercent else { return rate }
    return TwoPartRate(
      byValue: Rate(units: draw.pick([0, 10_000_000, 33_333_333])),
      byLot: Money(units: draw.pick([0, 10_000_000, 5])))
  }

  private func marginRates() {
    let owner = anyOwner(.margin)
    let method = anyMethod
    let rates = TwinWorld.rateSet(&draw)
    step(
      .setMarginRates(
        SetMarginRates(
          ownerKind: owner.kind, ownerID: owner.id, scope: anyScope, method: method,
          long: rate(rates.marginLong, method), short: rate(rates.marginShort, method))))
  }

  private func feeRates() {
    let owner = anyOwner(.fee)
    let method = anyMethod
    let rates = TwinWorld.rateSet(&draw)
    step(
      .setFeeRates(
        SetFeeRates(
          ownerKind: owner.kind, ownerID: owner.id, scope: anyScope, method: method,
          open: rate(rates.feeOpen, method), close: rate(rates.feeClose, method),
          closeToday: rate(rates.feeCloseToday, method))))
  }

  private func rateAccount() {
    let product = UInt32(draw.below(3))
    let own = TwinWorld.funds.filter { TwinWorld.fundProducts[$0.index] == product }
    step(
      .setProduct(
        SetProduct(
          product: ProductID(product), setting: .rateAccount,
          value: draw.chance(50) ? .min : Int64(draw.pick(own).raw))))
  }

  private func assignTemplate() {
    let kind: TemplateKind = draw.pick([.margin, .margin, .fee, .fee, .orderSize, .tradable])
    step(
      .assignTemplate(
        AssignTemplate(
          account: anyAccount, kind: kind,
          template: draw.chance(25) ? .none : draw.pick(TwinWorld.templates(of: kind)))))
  }
}
