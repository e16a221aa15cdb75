import Client
import Domain
import Wire

// The commands that ask the gateway for rows.
extension CommandParser {
  /// "orders" is what is known here, "orders all" what the gateway has of the day.
  static func orders(_ words: inout CommandWords) throws(CommandFault) -> Command {
    guard let word = words.next() else { return .orders }
    guard word.text == "all" else {
      throw word.fault(
        "has no place here: write 'orders', or 'orders all' for what the gateway has",
        "无效：可用 orders，或用 orders all 查询网关")
    }
    return .query(.orders, try pattern(&words))
  }

  /// The instruments whose code begins like this: `rb`, `rb26*`, `SHFE.rb2610`; nil = all.
  static func pattern(
    _ words: inout CommandWords
  ) throws(CommandFault) -> InstrumentReference? {
    guard let word = words.next() else { return nil }
    try words.end()
    return try pattern(word)
  }

  private static func pattern(_ word: CommandWord) throws(CommandFault) -> InstrumentReference {
    var stripped = word
    if stripped.text.hasSuffix("*") { stripped.text.removeLast() }
    if stripped.text.isEmpty { return InstrumentReference(InstrumentCode()) }
    return try instrument(stripped)
  }

  static func instruments(_ words: inout CommandWords) throws(CommandFault) -> Command {
    guard let word = words.next() else { return .instruments(.unknown, CommodityCode()) }
    try words.end()
    if let exchange = Exchange(code: word.text.uppercased()) {
      return .instruments(exchange, CommodityCode())
    }
    if word.text.contains(where: { $0.isNumber || $0 == "*" || $0 == "." }) {
      return .query(.instruments, try pattern(word))
    }
    guard word.text.utf8.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x5F }),
      let commodity = CommodityCode(word.text)
    else {
      throw word.fault(
        "is neither an exchange (\(exchanges)), a commodity such as rb, nor a pattern such as "
          + "rb26*",
        "不是交易所（\(exchanges)）、品种（如 rb）或前缀（如 rb26*）")
    }
    return .instruments(.unknown, commodity)
  }
}
