import Domain
import RiskRules
import Testing
import Wire

@testable import Terminal

/// Refusals in words.
@Suite struct RefusalTextTests {
  static func figures(
    _ rule: RuleID, _ unit: Unit, _ observed: Int64, _ limit: Int64, _ asked: Int64,
    _ scope: ScopeKind, _ name: String = ""
  ) -> OrderEntry.RefusalFigures {
    OrderEntry.RefusalFigures(
      rule: rule.rawValue, unit: unit, scopeKind: scope, observed: observed, limit: limit,
      asked: asked, scopeName: Name(name)!)
  }

  static let golden: [(OrderEntry.RefusalFigures, String, String)] = [
    (
      figures(.positionLimit, .lots, 98, 100, 5, .commodity, "rb"),
      "position limit 100 lots in rb: 98 held or working, 5 asked, 2 left [position-limit]",
      "持仓上限 100 手（rb）：持有及在途 98，本次 5，剩余 2 [position-limit]"
    ),
    (
      figures(.positionAvailable, .lots, 0, 1, 5, .instrument, "rb2610"),
      "closable 1 lot in rb2610: 5 asked [position-available]",
      "可平 1 手（rb2610）：本次 5 [position-available]"
    ),
    (
      figures(.fundsAvailable, .money, 0, 12_345_678_900, 20_000_005_000, .operationAccount, "d1"),
      "funds available 1,234,567.89 yuan for account d1: 2,000,000.5 yuan asked [funds-available]",
      "可用资金 1,234,567.89 元（账户 d1）：本次 2,000,000.5 元 [funds-available]"
    ),
    (
      figures(.badPriceTick, .price, 31_205_000, 10_000, 0, .instrument, "rb2610"),
      "price tick 1 in rb2610: 3120.5 stated [bad-price-tick]",
      "最小变动价位 1（rb2610）：报价 3120.5 [bad-price-tick]"
    ),
    (
      figures(.openPermission, .code, 0, 1, 0, .operationAccount, "d1"),
      "no permission to open for account d1; required: account and product are allowed to open "
        + "[open-permission]",
      "无开仓权限（账户 d1）；须：账户及其产品允许开仓 [open-permission]"
    ),
    (
      figures(.badOrderType, .code, 2, 0, 0, .instrument, "rb2610"),
      "order type or time in force not taken in rb2610; required: order type and time in force "
        + "are known, and a market order goes only where the exchange takes one [bad-order-type]",
      "报单类型或有效期不受理（rb2610）；须：报单类型与有效期合法；市价单仅限交易所支持的合约 [bad-order-type]"
    ),
    (
      figures(.orderDone, .none, .min, .min, .min, .order),
      "the order is done; required: the order to cancel can still fill [order-done]",
      "报单已了结；须：要撤的报单尚未了结 [order-done]"
    ),
    (
      figures(.unknownInstrument, .none, .min, .min, .min, .instrument, "zz2701"),
      "unknown instrument zz2701; required: the instrument is listed here [unknown-instrument]",
      "未知合约 zz2701；须：合约已在本系统挂牌 [unknown-instrument]"
    ),
    (
      figures(.counterRefused, .code, 31, 0, 2, .fundAccount, "f1"),
      "counter's error 31 at fund account f1 [counter-refused]",
      "柜台错误 31（资金账户 f1） [counter-refused]"
    ),
    (
      figures(.orderRate, .count, 30, 30, 0, .operationAccount, "d1"),
      "order rate limit 30 for account d1: 30 sent [order-rate]",
      "报单频率上限 30（账户 d1）：已报 30 [order-rate]"
    ),
    (
      figures(.capacity, .lots, 5, 9, 5, .platform),
      "capacity 9 lots in the whole gateway: 5 used, 5 asked [capacity]",
      "系统容量 9 手（整个网关）：已用 5，本次 5 [capacity]"
    ),
    (
      figures(.fatFinger, .percent, 0, 25_000, 30_000, .instrument, "rb2610"),
      "fat finger limit 2.5% in rb2610: 3% asked [fat-finger]",
      "胖手指上限 2.5%（rb2610）：本次 3% [fat-finger]"
    ),
    (
      figures(.riskDegree, .percent, 2_012_072, 2_000_000, -14_070, .operationAccount, "d1"),
      "risk degree line 200% for account d1: 201.2072% now, -1.407% by the order [risk-degree]",
      "风险度线 200%（账户 d1）：当前 201.2072%，本次 -1.407% [risk-degree]"
    ),
    (
      figures(.riskDegree, .percent, .min, 2_000_000, 1_998_002, .operationAccount, "d1"),
      "risk degree line 200% for account d1: 199.8002% by the order [risk-degree]",
      "风险度线 200%（账户 d1）：本次 199.8002% [risk-degree]"
    ),
    (
      figures(.dailyLoss, .money, 59_900_000, 60_000_000, 120_000, .operationAccount, "d1"),
      "daily loss line 6,000 yuan for account d1: 5,990 yuan lost, 12 yuan by the order "
        + "[daily-loss]",
      "当日亏损线 6,000 元（账户 d1）：已亏 5,990 元，本次 12 元 [daily-loss]"
    ),
    (
      figures(.slowDown, .milliseconds, 200, 500, 0, .operationAccount, "d1"),
      "delay between opening orders 500 ms for account d1: 200 ms waited [slow-down]",
      "开仓间隔 500 毫秒（账户 d1）：已等待 200 毫秒 [slow-down]"
    ),
    (
      figures(.fundOpenVolume, .lots, 10, 16, 20, .fundAccount, "f1"),
      "open volume limit 16 lots at fund account f1: 10 opened or working, 20 asked, 6 left "
        + "[fund-open-volume]",
      "开仓总量上限 16 手（资金账户 f1）：已开及在途 10，本次 20，剩余 6 [fund-open-volume]"
    ),
    (
      figures(.fundNotTradable, .code, 0, 0, 0, .fundAccount, "f1"),
      "not tradable at fund account f1; required: the fund account's list of the session, day or "
        + "night, lets it open here [fund-not-tradable]",
      "不可交易（资金账户 f1）；须：资金账户当前时段（日盘或夜盘）的可交易名单允许开仓 [fund-not-tradable]"
    ),
    (
      figures(.fundCancelQuota, .count, 2, 2, 1, .fundAccount, "f1"),
      "cancel quota 2 at fund account f1: 2 cancelled or working, 1 asked, 0 left "
        + "[fund-cancel-quota]",
      "撤单额度 2（资金账户 f1）：已撤及在途 2，本次 1，剩余 0 [fund-cancel-quota]"
    ),
  ]

  @Test func figuresAreToldInWords() {
    for (figures, english, chinese) in Self.golden {
      #expect(RefusalText.words(figures, .english) == english)
      #expect(RefusalText.words(figures, .chinese) == chinese)
    }
  }

  @Test func whatIsNotKnownIsLeftOut() {
    #expect(RefusalText.words(OrderEntry.RefusalFigures(), .english) == "")
    let newer = OrderEntry.RefusalFigures(
      rule: 777, unit: .lots, scopeKind: .order, observed: 3, limit: 2, asked: 1)
    #expect(RefusalText.words(newer, .english) == "rule 777: 3 seen, 1 asked")
    let bare = OrderEntry.RefusalFigures(rule: RuleID.shuttingDown.rawValue, scopeKind: .platform)
    #expect(
      RefusalText.words(bare, .english)
        == "the gateway is stopping [shutting-down]")
  }

  /// What was asked for has no name that anybody is called by.
  @Test func whoIsNotThereHasNoPlaceInASentence() {
    let nobody = OrderEntry.RefusalFigures(
      rule: RuleID.reasonMissing.rawValue, scopeKind: .operationAccount)
    #expect(RefusalText.words(nobody, .english) == "a reason is needed [reason-missing]")
    #expect(!RefusalText.words(nobody, .chinese).contains("账户"))
  }

  @Test func everyRuleHasWordsInBothLanguages() throws {
    for row in RuleTable.rows {
      let words = try #require(RuleTable.refusalWords(row.id), "\(row.name)")
      #expect(!words.title.isEmpty && !words.chineseTitle.isEmpty, "\(row.name)")
      #expect(!words.fault.isEmpty && !words.chineseFault.isEmpty, "\(row.name)")
      // It becomes a part of a sentence: no name or acronym at its beginning.
      #expect(row.sentence.prefix(2).dropFirst().allSatisfy { $0.isLowercase || $0 == " " })
      #expect(words.observed.isEmpty == words.chineseObserved.isEmpty, "\(row.name)")
    }
    #expect(RuleTable.refusalWords(.none) == nil)
  }

  @Test func decimalsAreExact() {
    let texts: [(Int64, String)] = [
      (0, "0"), (1, "0.0001"), (-1, "-0.0001"), (10_000, "1"), (31_205_000, "3120.5"),
      (-31_205_000, "-3120.5"), (.max, "922337203685477.5807"),
    ]
    for (units, text) in texts {
      #expect(DecimalNumber.text(units, places: 4) == text)
      #expect(DecimalNumber.read(text, places: 4) == .exact(units))
    }
    #expect(DecimalNumber.text(-12_345_678_9000, places: 4, groups: true) == "-12,345,678.9")
    #expect(DecimalNumber.text(1_000_0000, places: 4, groups: true) == "1,000")
    #expect(DecimalNumber.text(999_0000, places: 4, groups: true) == "999")
    #expect(DecimalNumber.read("922337203685477.5808", places: 4) == .tooLarge)
    #expect(DecimalNumber.read("1.00010", places: 4) == .exact(10_001))
    #expect(DecimalNumber.read("1.00001", places: 4) == .tooFine)
    for text in ["", "-", ".", "1.", ".1", "1.2.3", "+1", "1 ", "１"] {
      #expect(DecimalNumber.read(text, places: 4) == .malformed)
    }
  }
}
