import Config

/// Configurations, tick files and typed lines, good and spoilt in each way that has words of its
/// own.
enum TextSeeds {
  // MARK: Configurations

  /// The files that come with the program, with every value and every key spoilt in turn.
  static var configurations: [[UInt8]] {
    var seeds: [[UInt8]] = []
    for (place, name) in ConfigurationFuzz.names.enumerated() {
      let choice = UInt8(place)
      if let text = TinyConfiguration().texts[name] {
        seeds.append([choice] + Array(text.utf8))
        seeds += spoilt(text).map { [choice] + Array($0.utf8) }
      }
      for file in EmbeddedDefaults.files.files where file.name == name {
        let text = compact(String(decoding: file.bytes, as: UTF8.self))
        seeds.append([choice] + Array(text.utf8))
        seeds += spoilt(text, 2).map { [choice] + Array($0.utf8) }
      }
    }
    for text in instruments {
      let place = ConfigurationFuzz.names.firstIndex(of: "instruments.json5")
      seeds.append([UInt8(place ?? 0)] + Array(text.utf8))
    }
    let plan = UInt8(ConfigurationFuzz.names.count)
    let plans = [
      loadPlan, loadPlan.replacing("terminalsPerAccount: 1", with: "terminalsPerAccount: 10000"),
      loadPlan.replacing("queriesPerSecond: 0", with: "queriesPerSecond: 1"),
      loadPlan.replacing("ordersPerSecond: 1", with: "ordersPerSecond: 0"),
      loadPlan.replacing("rest: 1, fill: 1, refuse: 1", with: "rest: 0, fill: 0, refuse: 0"),
      "{ groups: [{ name: 'g', account: 'a-', first: 1, count: 9 }], instruments: ['rb2701'] }",
      "{ groups: [{ name: 'g', account: 'a-', count: 9000 }, { name: 'h', account: 'b-', "
        + "count: 9000 }, { name: 'i', account: 'c-', count: 9000 }], instruments: ['rb2701'] }",
    ]
    seeds += plans.map { [plan] + Array($0.utf8) }
    for text in plans { seeds += spoilt(text, 4).map { [plan] + Array($0.utf8) } }
    return seeds + syntax.map { [plan] + Array($0.utf8) }
  }

  /// Without comments and without blanks at the beginnings of lines.
  private static func compact(_ text: String) -> String {
    text.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { !$0.hasPrefix("//") }.joined(separator: "\n")
  }

  private static let values = [
    "null", "-1", "1.23456789", "99999999999", "'x'", "''", "[]", "{}", "true", "[1]", "'*'",
    "'SHFE.rb@1'", "'2026-02-30'", "'25:00'", "'10.0.0.0/8'", "'::1'", "'00:11:22:33:44:55'",
  ]

  /// Each value another, each key misspelt, doubled and left out.
  ///
  /// - Parameter count: so many other values a key.
  private static func spoilt(_ text: String, _ count: Int = values.count) -> [String] {
    var seeds: [String] = []
    var keys = 0
    for colon in text.indices where text[colon] == ":" {
      let value = String(text[text.index(after: colon)...])
      guard value.first == " " else { continue }
      keys += 1
      let head = String(text[...colon])
      let blank = head.lastIndex { " {\n".contains($0) }
      let key = blank.map { String(head[head.index(after: $0)...]) } ?? head
      let before = String(head.dropLast(key.count))
      seeds.append(before + "x" + key + value)
      if let first = value.dropFirst().first, "{[".contains(first) { continue }
      let end = value.firstIndex { ",}]\n".contains($0) } ?? value.endIndex
      let behind = String(value[end...])
      for number in 0..<count {
        seeds.append(head + " " + values[(keys * count + number) % values.count] + behind)
      }
      seeds.append(before + key + String(value[..<end]) + ", " + key + value)
      seeds.append(before + String(behind.dropFirst()))
    }
    return seeds
  }

  /// What the example says of other exchanges' commodities, of the one that there is here.
  private static let instruments = [
    "{ list: [{ scope: 'SHFE' }, { scope: 'SHFE.rb', months: 2 }, { scope: 'SHFE.rb2701' }] }",
    "{ list: [{ scope: '*' }], extra: ['SHFE.rb2705', 'SHFE.rb2705', 'SHFE.rb9913'] }",
    "{ list: [{ scope: '*' }], overrides: [{ instrument: 'SHFE.rb2701', limitLotsMinimum: 9, "
      + "limitLotsMaximum: 8, marketLotsMinimum: 9, marketLotsMaximum: 8, lastTradingDay: "
      + "'2026-12-15', marginLong: { percent: 9 } }] }",
    "{ list: [{ scope: '*' }], overrides: [{ instrument: 'SHFE.rb@1', marketLotsMinimum: 1, "
      + "marketLotsMaximum: 8, feeOpen: { yuanPerLot: 3 }, feeClose: {}, feeCloseToday: {} }] }",
  ]

  private static let loadPlan = """
    { seconds: 1, warmUpSeconds: 0, restMilliseconds: 10, answerSeconds: 1, cutsPerSecond: 0,
    seed: 1, instruments: ['SHFE.rb2701'], mix: { rest: 1, fill: 1, refuse: 1 },
    groups: [{ name: 'g', account: 'a-', first: 1, count: 2, terminalsPerAccount: 1,
    ordersPerSecond: 1, queriesPerSecond: 0 }] }
    """

  /// JSON5 itself.
  private static let syntax = [
    "", " ", "{", "{a", "{a:", "{a:1", "{a:1 b", "[1,", "[1 2]", "{}x", "\u{FEFF}{}", "/* ", "/",
    "// x\r\n{}", "/* * */{}", "{'a':1,\"b\":2,$c:3,_d:4,\\u0061:5,é:6}", "{1:2}", "[0x1F,0x]",
    "[0x1ffffffffffffffffff]", "[.5,5.,+1,-1,1e3,1E-3,1e+2]", "[1e]", "[1e100]", "[01]", "[--1]",
    "[1x]", "[Infinity]", "[-Infinity]", "[NaN]", "[+NaN]", "[tru]", "[true,false,null]",
    "'\\b\\f\\n\\r\\t\\v\\0\\x41\\u0041\\\n\\q'", "'\\01'", "'\\1'", "'\\x4'", "'\\uD83D\\uDE00'",
    "'\\uD83D'", "'\\uDE00'", "'\\uD83D\\u0041'", "'\\u{41}'", "'a", "'a\nb'", "'a\\", "\"a'b\"",
    "'\u{2028}'", "\u{2028}\u{A0}\u{B}\u{C}[\u{2029}]", "a\\u00", "\\x41",
    String(repeating: "[", count: 40), "[" + String(repeating: "1", count: 70) + "]",
    "['\\\r\n', '\\\r']", "{a:1,a:2}", "\u{FE0F}", "[.]", "[0x1.5]", "'\u{1}'",
  ]

  // MARK: Ticks

  private static let header =
    "TradingDay,ActionDay,UpdateTime,UpdateMillisec,ExchangeID,InstrumentID,LastPrice,"
    + "UpperLimitPrice,LowerLimitPrice,Volume,Turnover,OpenInterest,BidPrice1,BidVolume1,"
    + "AskPrice1,AskVolume1,OpenPrice,HighestPrice,LowestPrice,ClosePrice,SettlementPrice,"
    + "PreSettlementPrice,PreClosePrice,PreOpenInterest\n"
  private static let row = [
    "20210104", "20210104", "09:30:00", "500", "SHFE", "rb2105", "4375", "4600", "4100", "311",
    "487976040.0", "90751", "4374", "2", "4375", "1", "4370", "4380", "4360", "4375", "4372",
    "4350", "4355", "90000",
  ]

  /// A row, each of its fields as none can be and as every other can be.
  static var ticks: [[UInt8]] {
    let fields = [
      "", "x", "-1", "0", "N/A", "nan", "1e3", "1.7976931348623157e+308", "-0.00001", "+5",
      "99999999999999999999", "\"4\"\"5\"", "\"4", "\"4\"5", " 7 ", "2021-01-05", "20210140",
      "20210109", "093000500", "93000", "23:00:00.500", "02:00:00", "2:00:00", "24:00:00",
      "9:3", "1:2:3:4", "..", "DCE", "CZCE", "4:5", "09:30:00.5", "1234567890123", "5e-3", "1E+2",
      "1e", "0e5", ".5", "5.", "0.00005", "1e400", "1e-400",
    ]
    var texts = [header, header + line(row), "\u{FEFF}" + header + line(row) + "\r\n\n"]
    for place in row.indices {
      for field in fields {
        var changed = row
        changed[place] = field
        texts.append(header + line(changed))
        // A night's row, where dates mean something else.
        changed[2] = place == 2 ? field : "21:00:00"
        changed[4] = place == 4 ? field : "CZCE"
        texts.append(header + line(changed))
      }
    }
    texts += [
      header + line(Array(row.dropLast())), header + line(row + ["1"]),
      header.replacing("InstrumentID", with: "Code"),
      header.replacing("TradingDay,Action", with: "A,"),
      header.replacing("ActionDay,", with: "") + line(Array(row.dropFirst())),
      header.replacing("TradingDay,", with: "")
        + line(["20210104", "01:00:00"] + row.dropFirst(3)),
      header.replacing("UpperLimitPrice", with: "LastPrice"),
      header.replacing("ExchangeID,", with: ""), String(repeating: ",", count: 300),
      header + String(repeating: "x", count: 3_000), header + "\"\n",
      // Longer than a line may be, without an end and with one; of the longest and one more.
      header + String(repeating: "x", count: 17_000),
      header + String(repeating: "x", count: 17_000) + "\n" + line(row),
      header + String(repeating: " ", count: 16_385) + "\n" + line(row),
    ]
    return texts.map { [128] + Array($0.utf8) } + [[0] + Array((header + line(row)).utf8)]
  }

  private static func line(_ fields: [String]) -> String {
    fields.joined(separator: ",") + "\n"
  }

  // MARK: Lines

  static let lines = [
    "", "# a comment", "buy", "buy open", "buy open rb2701", "buy open rb2701 3",
    "buy open rb2701 3 @", "buy open rb2701 3 @ 3120", "sell close SHFE.rb2701 1 market fok",
    "sell close-today rb2701 1 @3120.5 fak min 1 hedge", "buy close-yesterday rb2701 1 @ -0.00001",
    "buy open rb2701 1 @ 1e5", "buy open rb2701 1 @ 99999999999999999999", "buy x rb2701",
    "buy open XXX.rb2701 1 market", "buy open r@b 1 market", "buy open rb2701 0 market",
    "buy open rb2701 +1 market", "buy open rb2701 1 limit", "buy open rb2701 1 market day day",
    "buy open rb2701 1 market hedge hedge", "buy open rb2701 1 market min 1",
    "buy open rb2701 1 market fak min 2", "buy open rb2701 3 market fak min 1 min 1",
    "buy open rb2701 1 market x", "buy open rb2701 1 @ 31.20 speculation arbitrage",
    "cancel", "cancel all", "cancel all rb2701 buy", "cancel all buy sell", "cancel all rb rb",
    "cancel #3", "cancel last", "cancel 3248-0-17", "cancel order-1", "cancel #x", "cancel #0",
    "cancel é", "cancel last x", "cancel 99999999999999999999999", "orders", "orders all",
    "orders all rb26*", "orders all *", "orders x", "trades", "trades rb", "trades rb rb",
    "positions SHFE.rb*", "limits", "funds", "funds x", "watch", "watch rb2701 SHFE.al2701",
    "watch" + String(repeating: " a", count: 121), "unwatch", "unwatch rb2701", "follow",
    "follow funds", "follow all every 250", "follow positions every", "follow every 1",
    "follow x", "follow every +99", "follow every 250 x", "unfollow", "unfollow x", "instruments",
    "instruments SHFE", "instruments rb", "instruments rb26*", "instruments SHFE.rb",
    "instruments !", "instruments toolongcode", "wait", "wait filled #1", "wait final last",
    "wait filled", "wait filled #1 within 5", "wait within 0", "wait within x", "wait within",
    "wait x", "wait within 5 x", "echo", "echo  a  b ", "help", "help buy", "help x",
    "help buy x", "quit", "quit x", "nonsense", "\tbuy\r",
  ]
}
