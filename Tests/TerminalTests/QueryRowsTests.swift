import Client
import Domain
import Testing
import Wire

@testable import Terminal

/// Rows of queries, as a person and a program see them.
@Suite struct QueryRowsTests {
  static var rows: QueryRows {
    var rows = QueryRows()
    rows.trades = [
      OrderEntry.TradeRow(
        requestNumber: 1, tradeNumber: OrderID(raw: 3), orderID: OrderID(raw: 2),
        clOrdID: ClOrdID("a-1")!, tradeID: VenueID("T7")!, exchange: .shfe,
        instrument: InstrumentCode("rb2610")!, side: .buy, offset: .open, hedge: .speculation,
        price: Price(units: 31_200_000), lots: 2, fee: Money(yuan: 6),
        time: Timestamp(nanoseconds: 0), tradingDay: .none)
    ]
    rows.positions = [
      OrderEntry.PositionUpdate(
        instrument: InstrumentCode("rb2610")!, exchange: .shfe, side: .long,
        hedge: .speculation, todayLots: 2, yesterdayLots: 1, frozenTodayLots: 1,
        frozenYesterdayLots: 0, workingOpenLots: 0, openCost: Money(yuan: 93_600),
        positionCost: Money(yuan: 93_600), margin: Money(yuan: 9_360),
        positionProfit: Money(yuan: -30), openedLots: 2, closedLots: 0,
        markPrice: Price(units: 31_190_000))
    ]
    rows.funds = [
      OrderEntry.AccountUpdate(
        account: Name("alpha")!, openingEquity: Money(yuan: 1_000_000),
        equity: Money(yuan: 999_970),
        available: Money(yuan: 990_610), deposits: .zero)
    ]
    rows.limits = [
      OrderEntry.LimitRow(
        requestNumber: 1, rule: RuleID.positionLimit.rawValue, unit: .lots,
        scopeKind: .commodity, scopeName: Name("rb")!, exchange: .shfe,
        instrument: InstrumentCode("rb2610")!, observed: 3, limit: 10, headRoom: 7)
    ]
    rows.orders = [
      OrderEntry.OrderRow(
        requestNumber: 1, orderID: OrderID(raw: 2), clOrdID: ClOrdID("a-1")!,
        state: .partlyFilled, exchange: .shfe, instrument: InstrumentCode("rb2610")!,
        side: .buy, offset: .open, price: Price(units: 31_200_000), lots: 3, cumulativeLots: 2,
        leavesLots: 1, unknownLots: 1, averagePrice: Price(units: 31_200_000),
        frozenMargin: Money(yuan: 3_120), receivedTime: Timestamp(nanoseconds: 0))
    ]
    return rows
  }

  static func table(_ kind: OrderEntry.QueryKind, _ language: Language = .english) -> [String] {
    var rows = rows
    rows.kind = kind
    return QueryText.table(rows, language)
  }

  @Test(arguments: [
    (OrderEntry.QueryKind.orders, ["0-0-2", "a-1", "rb2610", "3120", "1 unknown", "3,120"]),
    (.trades, ["0-0-3", "a-1", "rb2610", "3120", "6", "T7"]),
    (.positions, ["rb2610", "long", "93,600", "9,360", "3119", "-30"]),
    (.limits, ["position-limit", "rb", "rb2610", "3", "10", "7", "lots"]),
  ])
  func aRowIsALineWithItsFigures(_ kind: OrderEntry.QueryKind, _ words: [String]) {
    let lines = Self.table(kind)
    #expect(lines.count == 2)
    for word in words { #expect(lines[1].contains(word), "\(word) in \(lines[1])") }
    // In Chinese the head is another, and the figures are the same.
    let chinese = Self.table(kind, .chinese)
    #expect(chinese.count == 2)
    #expect(chinese[0] != lines[0])
  }

  @Test func fundsAreALineAFigureAndUnknownOnesADash() {
    let lines = Self.table(.funds)
    #expect(lines.count == 17)
    #expect(lines[0].hasPrefix("alpha"))
    #expect(lines.contains { $0.hasPrefix("equity") && $0.hasSuffix("999,970") })
    #expect(lines.contains { $0.hasPrefix("withdrawals") && $0.hasSuffix("-") })
    #expect(Self.table(.funds, .chinese).contains { $0.hasPrefix("可用资金") })
  }

  @Test func optionsAreShownWhereThereAreSome() throws {
    var rows = Self.rows
    rows.funds[0].premium = Money(yuan: -500)
    rows.funds[0].frozenPremium = Money(yuan: 520)
    rows.funds[0].marketEquity = Money(yuan: 1_000_600)
    rows.positions[0].optionValue = Money(yuan: 30_600)
    func lines(_ kind: OrderEntry.QueryKind, _ language: Language) -> [String] {
      rows.kind = kind
      return QueryText.table(rows, language)
    }
    for (language, words) in [
      (Language.english, ["premium", "frozen premium", "market equity"]),
      (.chinese, ["权利金收支", "冻结权利金", "市值权益"]),
    ] {
      for (word, figure) in zip(words, ["-500", "520", "1,000,600"]) {
        #expect(lines(.funds, language).contains { $0.hasPrefix(word) && $0.hasSuffix(figure) })
      }
    }
    #expect(lines(.positions, .english)[0].hasSuffix("option value"))
    #expect(lines(.positions, .chinese)[0].hasSuffix("期权市值"))
    #expect(lines(.positions, .english)[1].hasSuffix("30,600"))

    let funds = EventJSON.account(rows.funds[0])
    #expect(
      funds.contains(
        #""premium":"-500","frozenPremium":"520","marketEquity":"1000600""#), "\(funds)")
    let position = EventJSON.position(rows.positions[0])
    #expect(position.contains(#""optionValue":"30600""#), "\(position)")
  }

  @Test func theTermsOfAnOptionAreShown() {
    let terms = OrderEntry.InstrumentDefinition(
      exchange: .shfe, instrument: InstrumentCode("rb2701P3600")!, multiplier: 10,
      kind: .option, option: .put, strike: Price(units: 36_005_000),
      underlying: InstrumentCode("rb2701")!)
    let future = OrderEntry.InstrumentDefinition(
      exchange: .shfe, instrument: InstrumentCode("rb2701")!, multiplier: 10, kind: .future)
    let english = OrderText.table([terms, future], .english)
    #expect(english[1].hasSuffix("put 3600.5 on rb2701"))
    #expect(!english[2].contains(" on "))
    #expect(OrderText.table([terms], .chinese)[1].hasSuffix("看跌 3600.5，标的 rb2701"))
    #expect(
      EventJSON.instrument(terms).hasSuffix(
        #""kind":"option","option":"put","strike":"3600.5","underlying":"rb2701"}"#))
    let json = EventJSON.instrument(future)
    #expect(json.hasSuffix(#""kind":"future"}"#), "\(json)")
    // An older gateway tells neither.
    let old = EventJSON.instrument(OrderEntry.InstrumentDefinition(multiplier: 10))
    #expect(!old.contains("kind") && !old.contains("option"))
  }

  @Test func noRowsAreSaidToBeNone() {
    #expect(QueryText.table(QueryRows(), .english) == ["nothing"])
    #expect(QueryText.table(QueryRows(), .chinese) == ["无记录"])
  }

  @Test func aRowIsOneLineOfJSON() {
    let trade = QueryJSON.trade(Self.rows.trades[0])
    #expect(trade.hasPrefix(#"{"event":"trade""#))
    #expect(trade.contains(#""price":"3120""#) && trade.contains(#""lots":2"#))
    let limit = QueryJSON.limit(Self.rows.limits[0])
    #expect(limit.contains(#""rule":"position-limit""#) && limit.contains(#""headRoom":"7""#))
    let order = QueryJSON.order(Self.rows.orders[0], .english)
    #expect(order.contains(#""event":"orderRow""#) && order.contains(#""leavesLots":1"#))
    let end = QueryJSON.end(OrderEntry.QueryEnd(kind: .trades, lost: 2, reportSequence: 9))
    #expect(end.contains(#""lost":2"#) && end.contains(#""reportSequence":9"#))
  }

  @Test func ratesArePercentAndYuanALot() {
    for (byValue, byLot, text) in [
      (Int64(10_000_000), Int64(0), "10%"), (10_500, 0, "0.0105%"), (0, 30_000, "3"),
      (10_000_000, 15_000, "10% + 1.5"), (0, 0, "0%"), (.min, 0, "-"), (0, .min, "-"),
    ] {
      #expect(OrderText.rate(Rate(units: byValue), Money(units: byLot)) == text)
    }
  }
}
