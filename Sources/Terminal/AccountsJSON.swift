import Client
import Domain
import Wire

/// What comes for a picture of accounts, as a JSON line for a program. Keys are those of
/// schema/desk.xml; money and prices are exact, in yuan; what is not known has no key.
enum AccountsJSON {
  static func line(_ event: AccountsEvent) -> String {
    switch event {
    case .begin(let row):
      var json = JSONLine(event: "accountsBegin")
      json.add("requestID", row.requestID)
      json.add("picture", row.picture)
      json.add("tradingDay", row.tradingDay.yyyymmdd)
      asOf(row.sequence, row.time, &json)
      return json.line
    case .account(let row): return account(row)
    case .line(let row): return lossLine(row)
    case .fundAccount(let row): return fundAccount(row)
    case .product(let row): return product(row)
    case .position(let row): return position(row)
    case .order(let row): return order(row)
    case .link(let row):
      var json = JSONLine(event: "link")
      json.add("requestID", row.requestID)
      json.add("fundAccount", row.fundAccount.string)
      json.addPresent("product", row.product.string)
      json.add("counter", row.counter.string)
      asOf(row.sequence, row.time, &json)
      json.add("state", "\(row.state)")
      return json.line
    case .complete(let row):
      var json = JSONLine(event: "accountsComplete")
      json.add("requestID", row.requestID)
      json.add("picture", row.picture)
      json.add("rows", row.rows)
      asOf(row.sequence, row.time, &json)
      return json.line
    case .end(let row):
      var json = JSONLine(event: "accountsEnd")
      json.add("requestID", row.requestID)
      json.add("reason", "\(row.reason)")
      return json.line
    }
  }

  private static func asOf(_ sequence: UInt64, _ time: Timestamp, _ json: inout JSONLine) {
    json.add("sequence", sequence)
    json.add("time", time.isoText)
  }

  private static func add(_ key: String, _ money: Money, _ json: inout JSONLine) {
    if !money.isNone { json.add(key, DecimalNumber.text(money.units, places: 4)) }
  }

  private static func add(_ key: String, _ price: Price, _ json: inout JSONLine) {
    if !price.isNone { json.add(key, OrderText.number(price)) }
  }

  private static func add(
    _ key: String, _ figure: Int64, _ unit: Unit, _ json: inout JSONLine
  ) {
    if figure != .min { json.add(key, RefusalText.plain(figure, unit)) }
  }

  /// Money as all three kinds of rows have it, and what one of them has in between.
  private static func add(
    _ row: some MoneyRow, beforeValues: (String, Money)? = nil,
    behindValues: (String, Money)? = nil, _ json: inout JSONLine
  ) {
    let books = [
      ("openingEquity", row.openingEquity), ("netCash", row.netCash), ("equity", row.equity),
      ("available", row.available), ("margin", row.margin), ("frozenMargin", row.frozenMargin),
      ("frozenFee", row.frozenFee), ("positionProfit", row.positionProfit),
      ("closeProfit", row.closeProfit), ("fees", row.fees), ("dayProfit", row.dayProfit),
    ]
    let values = [
      ("longValue", row.longValue), ("shortValue", row.shortValue),
      ("exposureValue", row.exposureValue),
    ]
    let premium = [("premium", row.premium), ("frozenPremium", row.frozenPremium)]
    let own = (beforeValues.map { [$0] } ?? [], behindValues.map { [$0] } ?? [])
    for (key, money) in books + own.0 + values + own.1 + premium { add(key, money, &json) }
  }

  private static func account(_ row: DeskProtocol.AccountRow) -> String {
    var json = JSONLine(event: "account")
    json.add("requestID", row.requestID)
    json.add("account", row.account.string)
    json.addPresent("product", row.product.string)
    asOf(row.sequence, row.time, &json)
    add(row, beforeValues: ("marketEquity", row.marketEquity), &json)
    add("riskDegree", row.riskDegree, row.riskUnit, &json)
    json.add("riskUnit", "\(row.riskUnit)")
    if row.level != .unknown { json.add("level", "\(row.level)") }
    if row.liquidation != .unknown { json.add("liquidation", "\(row.liquidation)") }
    json.addPresent("flags", AccountsWords.names(row.flags))
    json.add("workingOrders", row.workingOrders)
    return json.line
  }

  private static func lossLine(_ row: DeskProtocol.LineRow) -> String {
    var json = JSONLine(event: "line")
    json.add("requestID", row.requestID)
    json.add("account", row.account.string)
    asOf(row.sequence, row.time, &json)
    json.add("rule", RefusalText.name(row.rule))
    json.add("unit", "\(row.unit)")
    add("observed", row.observed, row.unit, &json)
    add("warn", row.warn, row.unit, &json)
    add("liquidate", row.liquidate, row.unit, &json)
    json.add("warnAction", "\(row.warnAction)")
    json.add("liquidateAction", "\(row.liquidateAction)")
    if row.level != .unknown { json.add("level", "\(row.level)") }
    json.add("isLatched", row.isLatched != 0)
    return json.line
  }

  private static func fundAccount(_ row: DeskProtocol.FundAccountRow) -> String {
    var json = JSONLine(event: "fundAccount")
    json.add("requestID", row.requestID)
    json.add("fundAccount", row.fundAccount.string)
    json.addPresent("product", row.product.string)
    json.addPresent("counter", row.counter.string)
    asOf(row.sequence, row.time, &json)
    add(row, &json)
    json.add("link", "\(row.link)")
    json.addPresent("flags", AccountsWords.names(row.flags))
    json.add("workingOrders", row.workingOrders)
    json.add("waitingMessages", row.waitingMessages)
    return json.line
  }

  private static func product(_ row: DeskProtocol.ProductRow) -> String {
    var json = JSONLine(event: "product")
    json.add("requestID", row.requestID)
    json.add("product", row.product.string)
    asOf(row.sequence, row.time, &json)
    add(row, behindValues: ("netValue", row.netValue), &json)
    if !row.unitNetValue.isNone {
      json.add("unitNetValue", AccountsWords.rate(row.unitNetValue))
    }
    if row.level != .unknown { json.add("level", "\(row.level)") }
    json.addPresent("flags", AccountsWords.names(row.flags))
    json.add("fundAccounts", row.fundAccounts)
    json.add("linksUp", row.linksUp)
    return json.line
  }

  private static func position(_ row: DeskProtocol.PositionRow) -> String {
    var json = JSONLine(event: "position")
    json.add("requestID", row.requestID)
    json.add("scopeKind", "\(row.scopeKind)")
    json.add("name", row.name.string)
    asOf(row.sequence, row.time, &json)
    json.add("instrument", "\(row.exchange.code).\(row.instrument.string)")
    json.add("side", "\(row.side)")
    json.add("hedge", "\(row.hedge)")
    json.add("todayLots", row.todayLots)
    json.add("yesterdayLots", row.yesterdayLots)
    json.add("frozenLots", row.frozenLots)
    json.add("workingOpenLots", row.workingOpenLots)
    add("openPrice", row.openPrice, &json)
    add("markPrice", row.markPrice, &json)
    add("last", row.last, &json)
    add("margin", row.margin, &json)
    add("frozenMargin", row.frozenMargin, &json)
    add("positionProfit", row.positionProfit, &json)
    return json.line
  }

  private static func order(_ row: DeskProtocol.WorkingOrderRow) -> String {
    var json = JSONLine(event: "order")
    json.add("requestID", row.requestID)
    json.add("account", row.account.string)
    asOf(row.sequence, row.time, &json)
    json.add("orderID", row.orderID.description)
    json.add("clOrdID", row.clOrdID.string)
    json.add("state", "\(row.state)")
    json.add("instrument", "\(row.exchange.code).\(row.instrument.string)")
    json.add("side", "\(row.side)")
    json.add("offset", "\(row.offset)")
    json.add("hedge", "\(row.hedge)")
    json.add("type", "\(row.type)")
    json.add("timeInForce", "\(row.timeInForce)")
    add("price", row.price, &json)
    json.add("lots", row.lots)
    json.add("cumulativeLots", row.cumulativeLots)
    json.add("leavesLots", row.leavesLots)
    if row.unknownLots > 0 { json.add("unknownLots", row.unknownLots) }
    add("frozenMargin", row.frozenMargin, &json)
    json.add("receivedTime", row.receivedTime.isoText)
    return json.line
  }
}

/// A row that has money: of an account, a fund account or a product.
private protocol MoneyRow {
  var openingEquity: Money { get }
  var netCash: Money { get }
  var equity: Money { get }
  var available: Money { get }
  var margin: Money { get }
  var frozenMargin: Money { get }
  var frozenFee: Money { get }
  var positionProfit: Money { get }
  var closeProfit: Money { get }
  var fees: Money { get }
  var dayProfit: Money { get }
  var longValue: Money { get }
  var shortValue: Money { get }
  var exposureValue: Money { get }
  var premium: Money { get }
  var frozenPremium: Money { get }
}

extension DeskProtocol.AccountRow: MoneyRow {}
extension DeskProtocol.FundAccountRow: MoneyRow {}
extension DeskProtocol.ProductRow: MoneyRow {}
