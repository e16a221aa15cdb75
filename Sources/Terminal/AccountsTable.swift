import Client
import Domain
import Wire

/// A controller's picture of accounts as tables, a table for each kind of row.
public enum AccountsTable {
  /// - Parameter rowsMaximum: of each table; the rest is counted.
  public static func lines(
    _ picture: AccountsBoard.Picture, _ language: Language, rowsMaximum: Int = .max
  ) -> [String] {
    var text = [
      language.say(
        "\(picture.time.clockText)  as of command \(picture.sequence), trading day "
          + "\(picture.tradingDay.yyyymmdd)",
        "\(picture.time.clockText)  截至指令 \(picture.sequence)，交易日 \(picture.tradingDay.yyyymmdd)")
    ]
    let tables = [
      accounts(picture, language), lines(picture, language), positions(picture, language),
      orders(picture, language), products(picture, language), fundAccounts(picture, language),
      links(picture, language),
    ]
    for table in tables where table.count > 1 {
      let rows = table.count - 1
      text += table.prefix(rowsMaximum == .max ? rows + 1 : rowsMaximum + 1)
      if rows > rowsMaximum {
        text.append(
          language.say("and \(rows - rowsMaximum) more", "另有 \(rows - rowsMaximum) 行"))
      }
    }
    if text.count == 1 { text.append(language.say("nothing", "无记录")) }
    return text
  }

  private static func sorted<Row>(_ rows: [Name: Row]) -> [Row] {
    rows.sorted { $0.key.string < $1.key.string }.map(\.value)
  }

  private static func accounts(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("account", "账户"), .left), (language.say("product", "产品"), .left),
      (language.say("equity", "权益"), .right), (language.say("available", "可用"), .right),
      (language.say("margin", "占用"), .right), (language.say("frozen", "冻结"), .right),
      (language.say("risk degree", "风险度"), .right),
      (language.say("position profit", "持仓盈亏"), .right),
      (language.say("day profit", "当日盈亏"), .right), (language.say("long", "多头市值"), .right),
      (language.say("short", "空头市值"), .right), (language.say("exposure", "敞口"), .right),
      (language.say("orders", "在途"), .right), (language.say("state", "状态"), .left),
    ])
    for row in sorted(picture.accounts) {
      table.add([
        row.account.string, row.product.string, AccountsWords.yuan(row.equity),
        AccountsWords.yuan(row.available), AccountsWords.yuan(row.margin),
        AccountsWords.yuan(row.frozenMargin), AccountsWords.figure(row.riskDegree, row.riskUnit),
        AccountsWords.yuan(row.positionProfit), AccountsWords.yuan(row.dayProfit),
        AccountsWords.yuan(row.longValue), AccountsWords.yuan(row.shortValue),
        AccountsWords.yuan(row.exposureValue), "\(row.workingOrders)",
        AccountsWords.state(row.flags, row.level, language, liquidation: row.liquidation),
      ])
    }
    return table.lines
  }

  private static func lines(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("account", "账户"), .left), (language.say("line", "风控线"), .left),
      (language.say("observed", "当前"), .right), (language.say("warn", "追保线"), .right),
      (language.say("liquidate", "强平线"), .right), (language.say("reached", "触及"), .left),
    ])
    let rows = picture.lines.values.sorted {
      ($0.account.string, $0.rule) < ($1.account.string, $1.rule)
    }
    for row in rows {
      var reached = AccountsWords.level(row.level, language)
      if row.isLatched != 0 { reached += language.say(", latched", "，锁定") }
      table.add([
        row.account.string, RefusalText.name(row.rule),
        AccountsWords.figure(row.observed, row.unit), AccountsWords.figure(row.warn, row.unit),
        AccountsWords.figure(row.liquidate, row.unit), reached,
      ])
    }
    return table.lines
  }

  private static func positions(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("account", "账户"), .left), (language.say("instrument", "合约"), .left),
      (language.say("side", "方向"), .left), (language.say("hedge", "投保"), .left),
      (language.say("today", "今仓"), .right), (language.say("yesterday", "昨仓"), .right),
      (language.say("frozen", "冻结"), .right), (language.say("opening", "在途开"), .right),
      (language.say("average", "开仓均价"), .right), (language.say("mark", "盯市价"), .right),
      (language.say("last", "最新价"), .right), (language.say("profit", "持仓盈亏"), .right),
      (language.say("margin", "保证金"), .right),
    ])
    let rows = picture.positions.values.sorted {
      ($0.name.string, $0.instrument.string, $0.side.rawValue, $0.hedge.rawValue)
        < ($1.name.string, $1.instrument.string, $1.side.rawValue, $1.hedge.rawValue)
    }
    for row in rows {
      table.add([
        row.name.string, row.instrument.string, AccountsWords.side(row.side, language),
        row.hedge.words(language), OrderText.number(row.todayLots),
        OrderText.number(row.yesterdayLots), OrderText.number(row.frozenLots),
        OrderText.number(row.workingOpenLots), OrderText.number(row.openPrice),
        OrderText.number(row.markPrice), OrderText.number(row.last),
        AccountsWords.yuan(row.positionProfit), AccountsWords.yuan(row.margin),
      ])
    }
    return table.lines
  }

  private static func orders(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("account", "账户"), .left), (language.say("order", "报单编号"), .left),
      (language.say("id", "编号"), .left), (language.say("side", "买卖"), .left),
      (language.say("offset", "开平"), .left), (language.say("instrument", "合约"), .left),
      (language.say("lots", "手数"), .right), (language.say("price", "价格"), .right),
      (language.say("filled", "已成"), .right), (language.say("left", "剩余"), .right),
      (language.say("frozen", "冻结"), .right), (language.say("time", "时间"), .left),
      (language.say("state", "状态"), .left),
    ])
    for row in picture.orders.values.sorted(by: { $0.orderID.raw < $1.orderID.raw }) {
      var state = row.state.words(language)
      if row.unknownLots > 0 {
        state += language.say(", \(row.unknownLots) unknown", "，\(row.unknownLots) 手待核实")
      }
      table.add([
        row.account.string, row.orderID.description, row.clOrdID.string,
        row.side.words(language), row.offset.words(language), row.instrument.string,
        OrderText.number(row.lots),
        row.price.isNone ? language.say("market", "市价") : OrderText.number(row.price),
        OrderText.number(row.cumulativeLots), OrderText.number(row.leavesLots),
        AccountsWords.yuan(row.frozenMargin), row.receivedTime.clockText, state,
      ])
    }
    return table.lines
  }

  private static func products(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("product", "产品"), .left), (language.say("equity", "权益"), .right),
      (language.say("available", "可用"), .right), (language.say("margin", "占用"), .right),
      (language.say("unit value", "单位净值"), .right),
      (language.say("day profit", "当日盈亏"), .right),
      (language.say("exposure", "敞口"), .right), (language.say("links up", "连接"), .right),
      (language.say("state", "状态"), .left),
    ])
    for row in sorted(picture.products) {
      table.add([
        row.product.string, AccountsWords.yuan(row.equity), AccountsWords.yuan(row.available),
        AccountsWords.yuan(row.margin), AccountsWords.rate(row.unitNetValue),
        AccountsWords.yuan(row.dayProfit), AccountsWords.yuan(row.exposureValue),
        "\(row.linksUp)/\(row.fundAccounts)",
        AccountsWords.state(row.flags, row.level, language),
      ])
    }
    return table.lines
  }

  private static func fundAccounts(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("fund account", "资金账户"), .left), (language.say("product", "产品"), .left),
      (language.say("counter", "柜台"), .left), (language.say("equity", "权益"), .right),
      (language.say("available", "可用"), .right), (language.say("margin", "占用"), .right),
      (language.say("day profit", "当日盈亏"), .right),
      (language.say("exposure", "敞口"), .right), (language.say("orders", "在途"), .right),
      (language.say("link", "连接"), .left), (language.say("state", "状态"), .left),
    ])
    for row in sorted(picture.fundAccounts) {
      table.add([
        row.fundAccount.string, row.product.string, row.counter.string,
        AccountsWords.yuan(row.equity), AccountsWords.yuan(row.available),
        AccountsWords.yuan(row.margin), AccountsWords.yuan(row.dayProfit),
        AccountsWords.yuan(row.exposureValue), "\(row.workingOrders)",
        AccountsWords.link(row.link, language),
        AccountsWords.state(row.flags, .unknown, language),
      ])
    }
    return table.lines
  }

  private static func links(
    _ picture: AccountsBoard.Picture, _ language: Language
  ) -> [String] {
    var table = TextTable([
      (language.say("fund account", "资金账户"), .left), (language.say("product", "产品"), .left),
      (language.say("counter", "柜台"), .left), (language.say("link", "连接"), .left),
    ])
    for row in sorted(picture.links) {
      table.add([
        row.fundAccount.string, row.product.string, row.counter.string,
        AccountsWords.link(row.state, language),
      ])
    }
    return table.lines
  }
}
