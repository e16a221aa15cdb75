@testable import Config

/// The smallest configuration that loads, for tests that spoil one file of it.
struct TinyConfiguration {
  var texts: [String: String] = [
    "gateway.json5": "{}",
    "calendar.json5": """
    {
      years: [{ year: 2026, holidays: [{ name: 'n', from: '2026-10-01', to: '2026-10-07' }] }],
      tradingHours: [{ name: 'day', intervals: [{ date: 'day', from: '09:00', to: '15:00' }] }],
    }
    """,
    "commodities/shfe.json5": """
    {
      exchange: 'SHFE', separatesCloseToday: true,
      limitLotsMaximum: 500, marketLotsMaximum: 0,
      months: [{ of: 'all', within: 12 }], lastTradingDay: { dayOfMonth: 15 },
      commodities: [
        {
          code: 'rb', english: 'rebar', chinese: '螺纹钢', multiplier: 10, tick: 1, hours: 'day',
          marginLong: { percent: 7 }, feeOpen: { percent: 0.01 },
          priceLimitPercent: 5, referencePrice: 3100,
        },
      ],
    }
    """,
    "instruments.json5": "{ list: [{ scope: '*' }] }",
    "counters.json5": """
    { counters: [{ name: 'c', host: '127.0.0.1', port: 1, simulated: true }] }
    """,
    "products.json5": "{ products: [{ name: 'p', mode: 'priority' }] }",
    "fund-accounts.json5": """
    {
      accounts: [
        { name: 'f', product: 'p', counter: 'c', user: 'u', password: { generate: true } },
      ],
    }
    """,
    "operation-accounts.json5": """
    { accounts: [{ name: 'a', product: 'p', password: { generate: true } }] }
    """,
  ]

  init() {}

  init(_ file: String, _ text: String) { texts[file] = text }

  var loaded: LoadedConfiguration {
    ConfigurationLoader.load(
      ConfigurationFiles(
        label: "c",
        files: texts.sorted { $0.key < $1.key }.map { name, text in
          ConfigurationFiles.File(name: name, label: name, bytes: Array(text.utf8))
        }))
  }

  /// An operation account with more keys.
  static func account(_ keys: String) -> String {
    "{ accounts: [{ name: 'a', product: 'p', password: { generate: true },\n\(keys)\n}] }"
  }
  static func fundAccount(_ keys: String) -> String {
    "{ accounts: [{ name: 'f', product: 'p', counter: 'c', user: 'u', "
      + "password: { generate: true },\n\(keys)\n}] }"
  }
  static func commodity(_ keys: String) -> String {
    "{ exchange: 'SHFE', separatesCloseToday: true, limitLotsMaximum: 500, marketLotsMaximum: 0,\n"
      + "months: [{ of: 'all', within: 12 }], lastTradingDay: { dayOfMonth: 15 },\n"
      + "commodities: [{ code: 'rb', english: 'rebar', chinese: '螺', multiplier: 10, tick: 1,\n"
      + "hours: 'day', marginLong: {}, feeOpen: {}, priceLimitPercent: 5, referencePrice: 3100,\n"
      + "\(keys)\n}] }"
  }
}
