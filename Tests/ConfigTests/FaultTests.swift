import Testing

@testable import Config

@Suite struct FaultTests {
  /// One spoilt file, and every line of the report.
  struct Row: Sendable, CustomTestStringConvertible {
    var file: String
    var text: String
    var report: [String]

    init(_ file: String, _ text: String, _ report: String...) {
      self.file = file
      self.text = text
      self.report = report
    }

    var testDescription: String { report.first ?? text }
  }

  static let account = "operation-accounts.json5"
  static let funds = "fund-accounts.json5"

  @Test func theTinyConfigurationLoads() {
    let loaded = TinyConfiguration().loaded
    #expect(loaded.faults.map(\.description) == [])
    #expect(loaded.configuration != nil)
  }

  static let keys: [Row] = [
    Row(
      "gateway.json5", "{ logLevle: 'info' }",
      "gateway.json5:1:3: logLevle: no such key; did you mean 'logLevel'?"),
    Row(
      "gateway.json5", "{ flow: { xyz: 1 } }",
      "gateway.json5:1:11: flow.xyz: no such key; known: messagesPerSecond, maxInFlight"),
    Row(
      "gateway.json5", "{ logLevel: 'info',\n  'logLevel': 'error' }",
      "gateway.json5:2:3: logLevel: the key stands a second time; the first is at 1:3"),
    Row(
      "gateway.json5", "{ logLevel: 'loud' }",
      "gateway.json5:1:13: logLevel: not allowed: 'loud'; allowed: one of 'debug', 'info', "
        + "'warning', 'error'"),
    Row(
      "gateway.json5", "{ logLevel: 3, flow: [] }",
      "gateway.json5:1:13: logLevel: a number where something else belongs: 3; allowed: one of "
        + "'debug', 'info', 'warning', 'error'",
      "gateway.json5:1:22: flow: a list where an object belongs"),
    Row(
      "gateway.json5", "{ flow: { maxInFlight: 0 } }",
      "gateway.json5:1:24: flow.maxInFlight: not allowed: 0; allowed: 1...65536"),
    Row(
      "gateway.json5", "{ flow: { maxInFlight: 1.5 } }",
      "gateway.json5:1:24: flow.maxInFlight: not allowed: 1.5; allowed: 1...65536, "
        + "whole numbers only"),
    Row(
      "gateway.json5", "{ flow: { maxInFlight: 1e90 } }",
      "gateway.json5:1:24: flow.maxInFlight: not allowed: 1e90; allowed: 1...65536"),
    Row(
      "gateway.json5", "{ dataFolder: null }",
      "gateway.json5:1:15: dataFolder: null where something else belongs: null; "
        + "allowed: text of 1...1024 bytes"),
    Row(
      "gateway.json5", "{ terminals: { tls: { certificate: 'a.crt' } } }",
      "gateway.json5:1:36: terminals.tls.certificate: of no use without its key"),
    Row(
      "gateway.json5", "{ terminals: { tls: { key: 'a.key',\nclientCertificates: 'required' } } }",
      "gateway.json5:1:28: terminals.tls.key: of no use without a certificate",
      "gateway.json5:2:21: terminals.tls.clientCertificates: of no use without a certificate",
      "gateway.json5:2:21: terminals.tls.clientCertificates: an authority is needed that they "
        + "are signed by"),
    Row(
      "gateway.json5",
      "{ metrics: { tls: { certificate: 'a',\nkey: 'b', authority: 'c' } } }",
      "gateway.json5:2:22: metrics.tls.authority: of no use while clientCertificates are 'off'"),
    Row(
      "gateway.json5", "{ terminals: { plainBeyondLoopback: 'yes' } }",
      "gateway.json5:1:37: terminals.plainBeyondLoopback: a text where something else belongs: "
        + "'yes'; allowed: true or false"),
    Row("gateway.json5", "[]", "gateway.json5:1:1: a list where an object belongs"),
    Row("gateway.json5", "{,}", "gateway.json5:1:2: expected a key or '}', found ','"),
    Row(
      "products.json5", "{ products: {} }",
      "products.json5:1:13: products: an object where something else belongs: an object; "
        + "allowed: list of at most 10000",
      "fund-accounts.json5:3:27: accounts[0].product: no product is called 'p'",
      "operation-accounts.json5:1:36: accounts[0].product: no product is called 'p'"),
    Row(
      "products.json5", "{ products: [{ name: 'p' }] }",
      "products.json5:1:14: products[0].mode: the key is missing; allowed: one of 'priority', "
        + "'ratio', 'net-position'"),
    Row(
      "products.json5",
      "{ products: [{ name: 'p', mode: 'ratio' },\n{ name: 'p', mode: 'ratio' }] }",
      "products.json5:2:9: products[1].name: a second product called 'p'; "
        + "the first is at products.json5:1:22"),
  ]

  static let values: [Row] = [
    Row(
      account, TinyConfiguration.account("marginCap: 0.00001"),
      "\(account):2:12: accounts[0].marginCap: not allowed: 0.00001; "
        + "allowed: 0...10000000000000 yuan, at most 4 decimals"),
    Row(
      account, TinyConfiguration.account("addresses: ['10.0.0.1/8', '1.2.3.4']"),
      "\(account):2:13: accounts[0].addresses[0]: not allowed: '10.0.0.1/8'; allowed: address, "
        + "network '10.0.0.0/8' or range '10.0.0.1-10.0.0.9', IPv4 or IPv6"),
    Row(
      account, TinyConfiguration.account("macs: ['00:11']"),
      "\(account):2:8: accounts[0].macs[0]: not allowed: '00:11'; allowed: '00:1b:44:11:3a:b7'"),
    Row(
      account, TinyConfiguration.account("orderRate: { count: 5000 }"),
      "\(account):2:12: accounts[0].orderRate.windowMilliseconds: the key is missing; "
        + "allowed: 1...3600000 milliseconds",
      "\(account):2:21: accounts[0].orderRate.count: not allowed: 5000; allowed: 1...4096 orders"),
    Row(
      "calendar.json5",
      "{ years: [{ year: 2026, holidays: [{ name: 'n', from: '2026-02-29', to: '2026-03-01' }] "
        + "}],\ntradingHours: [{ name: 'day', intervals: [{ date: 'day', from: '9:00', "
        + "to: '15:00' }] }] }",
      "calendar.json5:1:55: years[0].holidays[0].from: not allowed: '2026-02-29'; "
        + "allowed: date as '2026-11-20'",
      "calendar.json5:2:64: tradingHours[0].intervals[0].from: not allowed: '9:00'; "
        + "allowed: '00:00'...'47:59:59', China time"),
  ]

  static let references: [Row] = [
    Row(
      account, "{ accounts: [{ name: 'a', product: 'q', password: { generate: true } }] }",
      "\(account):1:36: accounts[0].product: no product is called 'q'; did you mean 'p'?"),
    Row(
      funds, TinyConfiguration.fundAccount("positionLimits: [{ scope: 'SHFE.rbb', total: 1 }]"),
      "\(funds):2:27: accounts[0].positionLimits[0].scope: no commodity is called 'SHFE.rbb'; "
        + "did you mean 'SHFE.rb'?"),
    Row(
      account,
      TinyConfiguration.account("tradable: { scopes: ['SHFE.rb26', 'DCE.i', 'NYSE', 'SHFE'] }"),
      "\(account):2:22: accounts[0].tradable.scopes[0]: 'rb26' is no instrument code of SHFE.rb, "
        + "such as 'rb2701'",
      "\(account):2:35: accounts[0].tradable.scopes[1]: no commodity is called 'DCE.i'",
      "\(account):2:44: accounts[0].tradable.scopes[2]: no exchange is called 'NYSE'; "
        + "allowed: as 'SHFE.rb', 'SHFE.rb2701' or 'SHFE.rb@1' (nearest)",
      "\(account):2:52: accounts[0].tradable.scopes[3]: not allowed: 'SHFE'; "
        + "allowed: as 'SHFE.rb', 'SHFE.rb2701' or 'SHFE.rb@1' (nearest)"),
    Row(
      account, TinyConfiguration.account("tradable: { scopes: ['SHFE.rb@0', 'SHFE.rb2613'] }"),
      "\(account):2:22: accounts[0].tradable.scopes[0]: after '@' belongs a number of 1...24",
      "\(account):2:35: accounts[0].tradable.scopes[1]: 'rb2613' is no instrument code of SHFE.rb, "
        + "such as 'rb2701'"),
    Row(
      "commodities/shfe.json5", TinyConfiguration.commodity("").replacing("'day'", "'dya'"),
      "commodities/shfe.json5:4:8: commodities[0].hours: no table of trading hours is called "
        + "'dya'; did you mean 'day'?"),
  ]

  static let inconsistencies: [Row] = [
    Row(
      "commodities/shfe.json5",
      TinyConfiguration.commodity("").replacing("Today: true", "Today: false"),
      "commodities/shfe.json5:1:42: separatesCloseToday: SHFE and INE, and no other exchange, keep "
        + "closing today's lots apart"),
    Row(
      "commodities/shfe.json5", TinyConfiguration.commodity("limitLotsMinimum: 501"),
      "commodities/shfe.json5:5:19: commodities[0].limitLotsMinimum: larger than limitLotsMaximum"),
    Row(
      "commodities/shfe.json5", TinyConfiguration.commodity("months: [{ of: 'all' }]"),
      "commodities/shfe.json5:5:10: commodities[0].months[0]: exactly one of nearest and within "
        + "says how far it goes"),
    Row(
      "commodities/shfe.json5",
      TinyConfiguration.commodity("lastTradingDay: { weekday: 'friday', tradingDay: 1 }"),
      "commodities/shfe.json5:5:17: commodities[0].lastTradingDay: say one of dayOfMonth, "
        + "tradingDay, or weekday with number; 0 is none"),
    Row(
      "commodities/shfe.json5", TinyConfiguration.commodity("").replacing("tick: 1,", "tick: 7,"),
      "commodities/shfe.json5:4:82: commodities[0].referencePrice: not a multiple of the tick"),
    Row(
      account, TinyConfiguration.account("limitBands: [{ commodity: 'SHFE.rb', bar: 'all' }]"),
      "\(account):2:14: accounts[0].limitBands[0]: exactly one of ticks and percent says how wide "
        + "the zone is"),
    Row(
      account,
      TinyConfiguration.account(
        "orderSizes: [{ commodity: 'SHFE.rb', lots: 1 }, { commodity: 'SHFE.rb', lots: 2 }]"),
      "\(account):2:13: accounts[0].orderSizes: rows 0 and 1, counted from 0, are for the same"),
    Row(
      account,
      TinyConfiguration.account(
        "orderSizes: [{ commodity: 'SHFE.xx', lots: 1 }, { commodity: 'SHFE.yy', lots: 2 }, "
          + "{ lots: 3 }]"),
      "\(account):2:27: accounts[0].orderSizes[0].commodity: no commodity is called 'SHFE.xx'; "
        + "did you mean 'SHFE.rb'?",
      "\(account):2:62: accounts[0].orderSizes[1].commodity: no commodity is called 'SHFE.yy'; "
        + "did you mean 'SHFE.rb'?",
      "\(account):2:84: accounts[0].orderSizes[2].commodity: the key is missing; "
        + "allowed: as 'SHFE.rb'"),
    Row(
      account,
      TinyConfiguration.account(
        "positionLimits: [{ scope: 'SHFE.rb', hedge: 'x', lots: 1 }, "
          + "{ scope: 'SHFE.rb', hedge: 'y', lots: 2 }]"),
      "\(account):2:45: accounts[0].positionLimits[0].hedge: not allowed: 'x'; allowed: one of "
        + "'any', 'speculation', 'arbitrage', 'hedge'",
      "\(account):2:88: accounts[0].positionLimits[1].hedge: not allowed: 'y'; allowed: one of "
        + "'any', 'speculation', 'arbitrage', 'hedge'"),
    Row(
      account, TinyConfiguration.account("orderSizes: [{ commodity: 'SHFE.rb' }]"),
      "\(account):2:14: accounts[0].orderSizes[0]: a row without a limit"),
    Row(
      account,
      TinyConfiguration.account(
        "opening: { positions: [{ instrument: 'SHFE.rb@1', side: 'long', lots: 1, "
          + "openPrice: 0.5 }] }"
      ),
      "\(account):2:85: accounts[0].opening.positions[0].openPrice: not a multiple of the tick, "
        + "1 yuan"
    ),
    Row(
      funds, TinyConfiguration.fundAccount("").replacing("{ generate: true }", "{}"),
      "\(funds):1:76: accounts[0].password: say exactly one of file, env and 'generate: true'; "
        + "a password itself has no place in a file of settings"),
    Row(
      "counters.json5",
      "{ counters: [{ name: 'c', host: 'h', port: 1, simulated: true,\n"
        + "tls: { enabled: true, certificate: 'c.pem' } }] }",
      "counters.json5:2:17: counters[0].tls.enabled: "
        + "a simulated counter needs simulatedCertificate and its key",
      "counters.json5:2:36: counters[0].tls.certificate: certificate and key go together"),
    Row(
      "counters.json5", "{ counters: [{ name: 'c', host: 'h', port: 1 }] }",
      "\(funds):3:79: accounts[0].password.generate: "
        + "only a simulated counter can learn a generated password"),
    Row(
      "gateway.json5",
      "{ capacities: { commodities: 1, products: 1, rateWindow: 1, accessRows: 1, "
        + "tradingHours: 1 }, terminals: { port: 1 }, metrics: { port: 1 } }",
      "gateway.json5:1:128: metrics: terminals listen on the same port",
      "counters.json5: the simulated counter 'c' and the gateway's terminals listen on the "
        + "same address",
      "counters.json5: the simulated counter 'c' and the gateway's metrics listen on the same "
        + "address"),
    Row(
      "calendar.json5",
      "{ years: [{ year: 2026, holidays: [{ name: 'n', from: '2025-12-31', to: '2026-01-01' }] }, "
        + "{ year: 2028 }],\ntradingHours: [{ name: 'day', intervals: ["
        + "{ date: 'day', from: '09:00', to: '15:00' }, "
        + "{ date: 'night', from: '21:00', to: '20:00' }"
        + "] }] }",
      "calendar.json5:1:10: years: 2028 follows 2026; years ascend without a gap",
      "calendar.json5:1:55: years[0].holidays[0].from: not a date of 2026",
      "calendar.json5:2:42: tradingHours[0].intervals: they overlap, or are not in order: night "
        + "first, then day",
      "calendar.json5:2:124: tradingHours[0].intervals[1].to: not after 'from'; past midnight "
        + "hours count on: '26:30'"),
  ]

  @Test(arguments: keys + values + references + inconsistencies)
  func aFaultIsReportedWithPlaceKeyValueAndWhatIsAllowed(_ row: Row) {
    let loaded = TinyConfiguration(row.file, row.text).loaded
    #expect(loaded.faults.map(\.description) == row.report)
    #expect(loaded.configuration == nil)
  }

  @Test func allFaultsOfAllFilesAreReportedAtOnceInTheirOrder() {
    var tiny = TinyConfiguration()
    tiny.texts["gateway.json5"] = "{ a: 1, b: 2, logLevel: 1 }"
    tiny.texts["calendar.json5"] = "{ ?"
    tiny.texts["counters.json5"] = nil
    tiny.texts["products.json5"] = "{ products: [{}] }"
    tiny.texts["operation-accounts.json5"] = "{ accounts: [{}, 1] }"
    let faults = tiny.loaded.faults
    #expect(
      faults.map { "\($0.position.file) \($0.kind)" } == [
        "c file", "gateway.json5 unknownKey", "gateway.json5 unknownKey", "gateway.json5 wrongType",
        "calendar.json5 syntax", "products.json5 missingKey", "products.json5 missingKey",
        "fund-accounts.json5 danglingReference",
        "operation-accounts.json5 missingKey", "operation-accounts.json5 missingKey",
        "operation-accounts.json5 missingKey", "operation-accounts.json5 wrongType",
        "operation-accounts.json5 missingKey", "operation-accounts.json5 missingKey",
        "operation-accounts.json5 missingKey",
      ])
  }

  /// A password that was put where none belongs shows in no fault.
  @Test(arguments: [
    "password: hunter2", "password: 'hunter2'", "password: { plain: 'hunter2' }",
    "password: { file: 1, env: 'hunter2\\u0007' }", "password: { env: ['hunter2'] }",
    "password: { hash: '$argon2id$hunter2' }", "password: { hash: 'hunter2' }",
  ])
  func noFaultShowsAPassword(_ password: String) {
    for (file, rest) in [(Self.account, ""), (Self.funds, "counter: 'c', user: 'u',")] {
      let text = "{ accounts: [{ name: 'x', product: 'p', \(rest) \(password) }] }"
      let faults = TinyConfiguration(file, text).loaded.faults
      #expect(!faults.isEmpty)
      #expect(!faults.contains { $0.description.contains("hunter2") }, "\(faults)")
    }
  }

  @Test func moreFaultsThanAnyoneReadsAreCounted() {
    let accounts = String(repeating: "{},", count: 700)
    let loaded = TinyConfiguration(Self.account, "{ accounts: [\(accounts)] }").loaded
    #expect(loaded.faults.count == ReadingLog.faultsMaximum)
    // Three keys each, and no room for so many.
    #expect(loaded.droppedFaultCount == 3 * 700 + 1 - ReadingLog.faultsMaximum)
  }

  @Test func noticesDoNotStopTheStart() {
    let text = "{ accounts: [{ name: 'a', product: null, password: { generate: true } }] }"
    let loaded = TinyConfiguration(Self.account, text).loaded
    #expect(
      loaded.faults.map(\.description) == [
        "operation-accounts.json5: notice: the account 'a' has no product: it can place no order"
      ])
    #expect(loaded.configuration != nil)
  }

  @Test(arguments: [
    ("prot", "port"), ("prt", "port"), ("heartbeatsSeconds", "heartbeatSeconds"), ("x", nil),
    ("Port", "port"), ("", nil),
  ])
  func aNearKeyIsSuggested(_ written: String, _ expected: String?) {
    let known = ["host", "port", "heartbeatSeconds"]
    #expect(Suggestion.nearest(to: written, among: known) == expected)
  }
}

extension String {
  func replacing(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + self[range.upperBound...]
  }

  /// Found by fuzzing: the quota of a fund account whose counter was not read was asked for.
  @Test func aMisspelledListOfCountersIsAFault() {
    let loaded = TinyConfiguration(
      "counters.json5",
      "{ xcounters: [{ name: 'c', host: '127.0.0.1', port: 1, simulated: true }] }"
    ).loaded
    #expect(loaded.faults.contains { $0.description.contains("xcounters") })
  }
}
