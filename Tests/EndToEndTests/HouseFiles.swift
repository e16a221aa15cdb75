import Config
import Foundation
import Testing

/// The configuration of a small house: two counters, three products with a fund account each,
/// rebar alone. alice and bob trade at north, carol at south; dora may come from elsewhere only,
/// erin with one network card only, frank not at all.
struct HouseFiles {
  var texts: [String: String]

  /// Risk controllers find a door.
  mutating func openDesk() {
    texts["gateway.json5"] = texts["gateway.json5"]?.replacing(
      "terminals: { port: 0 },", with: "terminals: { port: 0 }, desk: { port: 0 },")
  }

  /// - Parameters:
  ///   - bobsCounter: where bob's fund account is; he can trade with alice at north alone.
  ///   - heartbeatSeconds: of both counters.
  ///   - alice, carol, north: keys that their accounts, and that counter, have besides.
  init(
    bobsCounter: String = "north", heartbeatSeconds: Int = 5, alice: String = "",
    carol: String = "", north: String = ""
  ) {
    texts = [
      "gateway.json5": Self.gateway,
      "calendar.json5": Self.calendar,
      "commodities/shfe.json5": Self.rebar,
      "instruments.json5": "{ list: [{ scope: '*' }] }",
      "counters.json5": """
      { counters: [
        { name: 'north', host: '127.0.0.1', port: 1, simulated: true,
          heartbeatSeconds: \(heartbeatSeconds), \(north) },
        { name: 'south', host: '127.0.0.1', port: 2, simulated: true,
          heartbeatSeconds: \(heartbeatSeconds) },
      ] }
      """,
      "products.json5": """
      { products: [
        { name: 'product-a', mode: 'priority' }, { name: 'product-b', mode: 'priority' },
        { name: 'product-c', mode: 'priority' },
      ] }
      """,
      "fund-accounts.json5": """
      { accounts: [
        \(Self.fund("a", "north")), \(Self.fund("b", bobsCounter)), \(Self.fund("c", "south")),
      ] }
      """,
      "operation-accounts.json5": """
      { accounts: [
        \(Self.account("alice", "a", "positionCap: 50, sessions: 2, " + alice)),
        \(Self.account("bob", "b", "sessions: 2")),
        \(Self.account("carol", "c", carol)),
        \(Self.account("dora", "c", "addresses: ['10.0.0.0/8']")),
        \(Self.account("erin", "c", "macs: ['00:1b:44:11:3a:b7']")),
        \(Self.account("frank", "c", "enabled: false")),
      ] }
      """,
    ]
  }

  var files: ConfigurationFiles {
    ConfigurationFiles(
      label: "house",
      files: texts.sorted { $0.key < $1.key }.map { name, text in
        ConfigurationFiles.File(name: name, label: name, bytes: Array(text.utf8))
      })
  }

  func loaded() throws -> Configuration {
    let loaded = ConfigurationLoader.load(files)
    return try #require(loaded.configuration, "\(loaded.faults)")
  }

  /// Into a folder that is not there yet.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/commodities", withIntermediateDirectories: true)
    for (name, text) in texts {
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }
  }

  private static let gateway = """
    {
      terminals: { port: 0 },
      journal: { segmentMebibytes: 1 },
      capacities: {
        operationAccounts: 8, fundAccounts: 4, products: 4, counters: 2, instruments: 16,
        commodities: 2, tradingHours: 2, orders: 20000, children: 20000, positions: 64,
        figures: 64, lots: 4096, limitRows: 16, rateOwners: 16, rates: 64, rateWindow: 64,
        accessRows: 16, sessions: 16,
      },
      flow: { messagesPerSecond: 1000000, maxInFlight: 65536 },
      platform: { seed: 7, lockoutFailures: 3, childAnswerSeconds: 60 },
    }
    """

  private static let calendar = """
    {
      years: [{ year: 2026, holidays: [{ name: 'n', from: '2026-10-01', to: '2026-10-07' }] }],
      tradingHours: [{ name: 'day', intervals: [{ date: 'day', from: '09:00', to: '15:00' }] }],
    }
    """

  private static let rebar = """
    {
      exchange: 'SHFE', separatesCloseToday: true, limitLotsMaximum: 500, marketLotsMaximum: 0,
      months: [{ of: 'all', within: 3 }], lastTradingDay: { dayOfMonth: 15 },
      commodities: [
        {
          code: 'rb', english: 'rebar', chinese: '螺纹钢', multiplier: 10, tick: 1, hours: 'day',
          marginLong: { percent: 7 }, feeOpen: { percent: 0.01 },
          priceLimitPercent: 5, referencePrice: 3100,
        },
      ],
    }
    """

  private static func fund(_ letter: String, _ counter: String) -> String {
    """
    { name: 'fund-\(letter)', product: 'product-\(letter)', counter: '\(counter)',
      user: 'user-\(letter)', password: { generate: true },
      tradingCodes: { SHFE: '0080100\(letter)' }, opening: { allowedLoss: 10000000 } }
    """
  }

  private static func account(_ name: String, _ product: String, _ keys: String) -> String {
    """
    { name: '\(name)', product: 'product-\(product)', password: { generate: true },
      opening: { allowedLoss: 5000000 }\(keys.isEmpty ? "" : ", " + keys) }
    """
  }
}
