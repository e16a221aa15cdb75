import Domain

/// What no file can be wrong about alone.
struct ConfigurationChecks {
  let configuration: Configuration
  let log: ReadingLog

  func run() {
    // A reference that stands for nothing must not look like one that was left out.
    if log.faults.allSatisfy(\.isNotice) {
      checkBindings()
      checkRates()
    }
    checkCapacities()
    checkPorts()
    checkRateWindow()
    checkControlGroups()
  }

  private func report(_ kind: ConfigFault.Kind, in file: String, _ message: String) {
    let position = SourcePosition(whole: configuration.label(of: file))
    log.report(ConfigFault(kind, at: position, message))
  }

  /// One legal owner is under one controller: a trading code has one group.
  private func checkControlGroups() {
    struct Code: Hashable {
      var exchange: Exchange
      var code: String
    }
    var groups: [Code: String?] = [:]
    for account in configuration.fundAccounts {
      for code in account.tradingCodes {
        let key = Code(exchange: code.exchange, code: code.code)
        guard let known = groups.updateValue(account.controlGroup, forKey: key),
          known != account.controlGroup
        else { continue }
        report(
          .inconsistent, in: "fund-accounts.json5",
          "'\(account.name)' has the trading code '\(code.code)' of another controlGroup's")
      }
    }
  }

  private func checkCapacities() {
    let capacities = configuration.gateway.capacities
    let accounts = configuration.operationAccounts
    let funds = configuration.fundAccounts
    let accountRows = accounts.reduce(0) { $0 + $1.positionLimits.count }
    let fundRows = funds.reduce(0) { sum, fund in
      let listed = fund.tradableDay.scopes.count + fund.tradableNight.scopes.count
      return sum + fund.positionLimits.count + fund.orderSizes.count + fund.openVolumes.count
        + fund.priorities.count + listed
    }
    let templates = configuration.rates.templates
    let stated = statedRates
    let ownRates = stated.reduce(0) { $0 + $1.count }
    let overriddenRates = configuration.instruments.overrides.count { !$0.rates.isEmpty }
    let rateOwners = stated.count { !$0.isEmpty }
    let needs: [(String, Int, Int)] = [
      ("operationAccounts", accounts.count, capacities.operationAccounts),
      ("fundAccounts", funds.count, capacities.fundAccounts),
      ("products", configuration.products.count, capacities.products),
      ("counters", configuration.counters.count, capacities.counters),
      ("commodities", configuration.commodities.count, capacities.commodities),
      ("tradingHours", configuration.tradingHours.count, capacities.tradingHours),
      ("limitRows", accountRows + fundRows, capacities.limitRows),
      ("rates", configuration.commodities.count + overriddenRates + ownRates, capacities.rates),
      ("rateOwners", rateOwners, capacities.rateOwners),
      ("rateProfiles", rateProfiles, capacities.rateProfiles),
      ("templates", templates.count, capacities.templates),
      (
        "accessRows",
        accounts.reduce(0) { $0 + $1.addresses.count + $1.macs.count }
          + configuration.controllers.reduce(0) { $0 + $1.addresses.count + $1.macs.count },
        capacities.accessRows
      ),
      ("controllers", configuration.controllers.count, capacities.controllers),
      ("schemeAccounts", configuration.schemes.accounts.count, capacities.schemeAccounts),
    ]
    for (name, count, room) in needs where count > room {
      report(
        .inconsistent, in: GatewayReader.file,
        "capacities.\(name): the files have \(count), there is room for \(room)")
    }
  }

  /// Ways that rates come about at genesis, as the ledger counts them.
  private var rateProfiles: Int {
    struct Settings: Hashable {
      var product: Int?
      var account: Int?
      var margin: Int?
      var fee: Int?
      var modes: [RateMode]
    }
    var found: Set<Settings> = []
    for (place, account) in configuration.operationAccounts.enumerated() {
      func template(_ kind: TemplateKind) -> Int? {
        account.templates.first { $0.kind == kind }?.template
      }
      let settings = Settings(
        product: account.product, account: account.rates.isEmpty ? nil : place,
        margin: template(.margin), fee: template(.fee),
        modes: [account.marginMode, account.feeMode])
      let saysNothing =
        settings.account == nil && settings.margin == nil && settings.fee == nil
        && settings.modes == [.system, .system]
      if !saysNothing { found.insert(settings) }
    }
    let isApart =
      configuration.rates.marginMode == .own || configuration.rates.feeMode == .own
    return found.count + (isApart ? configuration.products.count : 0)
      + configuration.fundAccounts.count { !$0.rates.isEmpty || !$0.counterRates.isEmpty }
  }

  /// An option has no margin rates: its margin comes of its underlying's.
  private func checkOptionRates(_ stated: [[RateRow]]) {
    let message = "options have the margin of what they are on: no rate of their own"
    func isOption(_ scope: ConfigScope) -> Bool {
      switch scope {
      case .exchange: false
      case .commodity(let place): configuration.commodities[place].underlying != nil
      case .instrument(let reference):
        configuration.commodities[reference.commodity].underlying != nil
      }
    }
    for row in stated.joined() where row.rates.hasMargin && isOption(row.scope.value) {
      log.report(row.scope.fault(.inconsistent, message))
    }
    for override in configuration.instruments.overrides
    where override.rates.hasMargin && isOption(.instrument(override.instrument.value)) {
      log.report(override.instrument.fault(.inconsistent, message))
    }
  }

  /// Rates that somebody has stated, each owner's.
  private var statedRates: [[RateRow]] {
    let funds = configuration.fundAccounts
    return configuration.operationAccounts.map(\.rates) + funds.map(\.rates)
      + funds.map(\.counterRates) + configuration.products.map(\.rates)
      + configuration.rates.templates.map(\.rates) + [configuration.rates.rates]
  }

  /// Rates that nobody will ever take are a mistake: an account's own without the mode.
  private func checkRates() {
    checkOptionRates(statedRates)
    for account in configuration.operationAccounts {
      let platform = configuration.rates
      func isOwn(_ mode: RateMode, _ platform: RateMode) -> Bool {
        (mode == .system ? platform : mode) == .own
      }
      func kinds(_ kind: TemplateKind) -> Bool { account.templates.contains { $0.kind == kind } }
      let margin = account.rates.contains { $0.rates.hasMargin } || kinds(.margin)
      let fee = account.rates.contains { $0.rates.hasFee } || kinds(.fee)
      for (has, mode, common, key) in [
        (margin, account.marginMode, platform.marginMode, "marginRates"),
        (fee, account.feeMode, platform.feeMode, "feeRates"),
      ] where has && !isOwn(mode, common) {
        report(
          .notice, in: OperationAccountReader.file,
          "the account \(ConfigNode.quoted(account.name)) has rates of its own or of a template "
            + "that it does not take: \(key) is not 'own'")
      }
    }
    for (place, product) in configuration.products.enumerated() {
      guard let named = product.rateAccount else { continue }
      let isOne = configuration.fundAccounts.contains {
        $0.product == place && $0.name == named.value
      }
      if !isOne {
        log.report(
          named.fault(
            .danglingReference,
            "no fund account of the product is called \(ConfigNode.quoted(named.value))"))
      }
    }
  }

  private func checkBindings() {
    for (place, product) in configuration.products.enumerated() {
      let name = ConfigNode.quoted(product.name)
      if !configuration.fundAccounts.contains(where: { $0.product == place }) {
        report(
          .notice, in: ProductReader.file,
          "the product \(name) has no fund account: its accounts can place no order")
      }
      checkExternal(product, place)
      let isKnown = configuration.schemes.products.contains {
        $0.place == place && $0.netValue != nil
      }
      if let fees = product.fees, !fees.bands.isEmpty, !isKnown {
        report(
          .inconsistent, in: ProductReader.file,
          "bands of unit net values of \(name) need its shares: netValue in schemes.json5")
      }
    }
    for account in configuration.operationAccounts where account.product == nil {
      report(
        .notice, in: OperationAccountReader.file,
        "the account \(ConfigNode.quoted(account.name)) has no product: it can place no order")
    }
    for account in configuration.fundAccounts where account.product == nil {
      report(
        .notice, in: FundAccountReader.file,
        "the fund account \(ConfigNode.quoted(account.name)) has no product: never routed to")
    }
  }

  /// Who gets the trades that nobody here sent is one operation account of the product.
  private func checkExternal(_ product: ProductSettings, _ place: Int) {
    let bound = configuration.operationAccounts.filter { $0.product == place }
    if let named = product.externalAccount, !bound.contains(where: { $0.name == named.value }) {
      log.report(
        named.fault(
          .danglingReference,
          "no operation account of the product is called \(ConfigNode.quoted(named.value))"))
    }
    if product.autoMapping == .yes, product.externalAccount == nil, bound.count != 1 {
      report(
        .inconsistent, in: ProductReader.file,
        "the product \(ConfigNode.quoted(product.name)) maps external trades to its one operation "
          + "account, and has \(bound.count)")
    }
  }

  private func checkPorts() {
    let gateway = configuration.gateway
    for counter in configuration.counters where counter.isSimulated {
      for (what, listener) in [
        ("terminals", gateway.terminals), ("desk", gateway.desk), ("metrics", gateway.metrics),
      ] {
        if let listener, listener.port == counter.port, listener.host == counter.host {
          report(
            .inconsistent, in: CounterReader.file,
            "the simulated counter \(ConfigNode.quoted(counter.name)) and the gateway's \(what) "
              + "listen on the same address")
        }
      }
    }
  }

  private func checkRateWindow() {
    let rates =
      configuration.operationAccounts.map(\.orderRate)
      + configuration.fundAccounts.map(\.orderRate)
    let quotas = configuration.fundAccounts.map { configuration.messageQuota(of: $0) ?? 0 }
    let wanted = rates.reduce(quotas.reduce(0, +)) { $0 + ($1?.count ?? 0) }
    let room = configuration.gateway.capacities.rateWindow
    if wanted > room {
      report(
        .inconsistent, in: GatewayReader.file,
        "capacities.rateWindow: order rates and message quotas need \(wanted), there is room for "
          + "\(room)")
    }
    for account in configuration.fundAccounts {
      guard let quota = configuration.messageQuota(of: account), account.messageReserve >= quota
      else { continue }
      report(
        .inconsistent, in: FundAccountReader.file,
        "\(ConfigNode.quoted(account.name)): messageReserve \(account.messageReserve) leaves "
          + "nothing of a messageQuota of \(quota)")
    }
  }
}
