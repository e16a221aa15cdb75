import Domain

/// What no file can be wrong about alone.
struct ConfigurationChecks {
  let configuration: Configuration
  let log: ReadingLog

  func run() {
    // A reference that stands for nothing must not look like one that was left out.
    if log.faults.allSatisfy(\.isNotice) { checkBindings() }
    checkCapacities()
    checkPorts()
    checkRateWindow()
  }

  private func report(_ kind: ConfigFault.Kind, in file: String, _ message: String) {
    let position = SourcePosition(whole: configuration.label(of: file))
    log.report(ConfigFault(kind, at: position, message))
  }

  private func checkCapacities() {
    let capacities = configuration.gateway.capacities
    let accounts = configuration.operationAccounts
    let funds = configuration.fundAccounts
    let accountRows = accounts.reduce(0) { $0 + $1.positionLimits.count }
    let fundRows = funds.reduce(0) { $0 + $1.positionLimits.count + $1.orderSizes.count }
    let ownRates =
      accounts.reduce(0) { $0 + $1.rates.count } + funds.reduce(0) { $0 + $1.rates.count }
    let overriddenRates = configuration.instruments.overrides.count { !$0.rates.isEmpty }
    let rateOwners =
      accounts.count { !$0.rates.isEmpty } + funds.count { !$0.rates.isEmpty }
    let needs = [
      ("operationAccounts", accounts.count, capacities.operationAccounts),
      ("fundAccounts", funds.count, capacities.fundAccounts),
      ("products", configuration.products.count, capacities.products),
      ("counters", configuration.counters.count, capacities.counters),
      ("commodities", configuration.commodities.count, capacities.commodities),
      ("tradingHours", configuration.tradingHours.count, capacities.tradingHours),
      ("limitRows", accountRows + fundRows, capacities.limitRows),
      ("rates", configuration.commodities.count + overriddenRates + ownRates, capacities.rates),
      ("rateOwners", rateOwners, capacities.rateOwners),
      (
        "accessRows", accounts.reduce(0) { $0 + $1.addresses.count + $1.macs.count },
        capacities.accessRows
      ),
    ]
    for (name, count, room) in needs where count > room {
      report(
        .inconsistent, in: GatewayReader.file,
        "capacities.\(name): the files have \(count), there is room for \(room)")
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

  private func checkPorts() {
    let gateway = configuration.gateway
    for counter in configuration.counters where counter.isSimulated {
      for (what, listener) in [("terminals", gateway.terminals), ("metrics", gateway.metrics)] {
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
    let wanted = configuration.operationAccounts.reduce(Int64(0)) {
      $0 + ($1.orderRate?.count ?? 0)
    }
    let room = configuration.gateway.capacities.rateWindow
    if wanted > room {
      report(
        .inconsistent, in: GatewayReader.file,
        "capacities.rateWindow: the accounts' order rates need \(wanted), there is room for \(room)"
      )
    }
  }
}
