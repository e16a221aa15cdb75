import Client
import Domain
import Wire

/// What comes for a picture of accounts, a line each.
enum AccountsText {
  static func line(_ event: AccountsEvent, _ language: Language) -> String {
    switch event {
    case .begin(let row):
      return language.say(
        "picture \(row.picture) of trading day \(row.tradingDay.yyyymmdd):",
        "交易日 \(row.tradingDay.yyyymmdd) 第 \(row.picture) 次全量：")
    case .account(let row): return account(row, language)
    case .line(let row): return lossLine(row, language)
    case .fundAccount(let row): return fundAccount(row, language)
    case .product(let row): return product(row, language)
    case .position(let row): return position(row, language)
    case .order(let row): return order(row, language)
    case .link(let row):
      return joined(
        row.time, row.fundAccount.string,
        [
          (language.say("counter", "柜台"), row.counter.string),
          (language.say("link", "连接"), AccountsWords.link(row.state, language)),
        ])
    case .complete(let row):
      return language.say(
        "\(row.time.clockText) that is all, as of command \(row.sequence): \(row.rows) rows",
        "\(row.time.clockText) 完毕，截至指令 \(row.sequence)：\(row.rows) 行")
    case .end(let row): return AccountsWords.end(row.reason, language)
    }
  }

  private static func joined(
    _ time: Timestamp, _ name: String, _ parts: [(String, String)]
  ) -> String {
    ([time.clockText, TextTable.pad(name, to: 12)] + parts.map { "\($0.0) \($0.1)" })
      .joined(separator: "  ")
  }

  private static func account(_ row: DeskProtocol.AccountRow, _ language: Language) -> String {
    var parts = [
      (language.say("equity", "权益"), AccountsWords.yuan(row.equity)),
      (language.say("available", "可用"), AccountsWords.yuan(row.available)),
      (language.say("margin", "占用"), AccountsWords.yuan(row.margin)),
      (language.say("risk", "风险度"), AccountsWords.figure(row.riskDegree, row.riskUnit)),
      (language.say("day", "当日盈亏"), AccountsWords.yuan(row.dayProfit)),
      (language.say("exposure", "敞口"), AccountsWords.yuan(row.exposureValue)),
      (language.say("orders", "在途"), "\(row.workingOrders)"),
    ]
    let state = AccountsWords.state(row.flags, row.level, language, liquidation: row.liquidation)
    if !state.isEmpty { parts.append((language.say("state", "状态"), state)) }
    return joined(row.time, row.account.string, parts)
  }

  private static func lossLine(_ row: DeskProtocol.LineRow, _ language: Language) -> String {
    var parts = [
      (RefusalText.name(row.rule), AccountsWords.figure(row.observed, row.unit)),
      (language.say("warn", "追保线"), AccountsWords.figure(row.warn, row.unit)),
      (language.say("liquidate", "强平线"), AccountsWords.figure(row.liquidate, row.unit)),
    ]
    if row.level != .unknown {
      parts.append((language.say("reached", "触及"), AccountsWords.level(row.level, language)))
    }
    return joined(row.time, row.account.string, parts)
  }

  private static func fundAccount(
    _ row: DeskProtocol.FundAccountRow, _ language: Language
  ) -> String {
    joined(
      row.time, row.fundAccount.string,
      [
        (language.say("equity", "权益"), AccountsWords.yuan(row.equity)),
        (language.say("available", "可用"), AccountsWords.yuan(row.available)),
        (language.say("margin", "占用"), AccountsWords.yuan(row.margin)),
        (language.say("orders", "在途"), "\(row.workingOrders)"),
        (language.say("link", "连接"), AccountsWords.link(row.link, language)),
      ])
  }

  private static func product(_ row: DeskProtocol.ProductRow, _ language: Language) -> String {
    var parts = [
      (language.say("equity", "权益"), AccountsWords.yuan(row.equity)),
      (language.say("margin", "占用"), AccountsWords.yuan(row.margin)),
      (language.say("unit value", "单位净值"), AccountsWords.rate(row.unitNetValue)),
      (language.say("day", "当日盈亏"), AccountsWords.yuan(row.dayProfit)),
      (language.say("exposure", "敞口"), AccountsWords.yuan(row.exposureValue)),
      (language.say("links up", "连接"), "\(row.linksUp)/\(row.fundAccounts)"),
    ]
    let state = AccountsWords.state(row.flags, row.level, language)
    if !state.isEmpty { parts.append((language.say("state", "状态"), state)) }
    return joined(row.time, row.product.string, parts)
  }

  private static func position(_ row: DeskProtocol.PositionRow, _ language: Language) -> String {
    joined(
      row.time, row.name.string,
      [
        (row.instrument.string, AccountsWords.side(row.side, language)),
        (language.say("today", "今"), "\(row.todayLots)"),
        (language.say("yesterday", "昨"), "\(row.yesterdayLots)"),
        (language.say("opening", "在途开"), "\(row.workingOpenLots)"),
        (language.say("average", "均价"), OrderText.number(row.openPrice)),
        (language.say("last", "最新"), OrderText.number(row.last)),
        (language.say("profit", "持仓盈亏"), AccountsWords.yuan(row.positionProfit)),
        (language.say("margin", "保证金"), AccountsWords.yuan(row.margin)),
      ])
  }

  private static func order(_ row: DeskProtocol.WorkingOrderRow, _ language: Language) -> String {
    joined(
      row.time, row.account.string,
      [
        (language.say("order", "报单"), row.orderID.description),
        (
          row.instrument.string,
          "\(row.side.words(language)) \(row.offset.words(language)) "
            + "\(row.lots) \(OrderText.price(row.price, language))"
        ),
        (language.say("left", "剩余"), "\(row.leavesLots)"),
        (language.say("state", "状态"), row.state.words(language)),
      ])
  }
}
