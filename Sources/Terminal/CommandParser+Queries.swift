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

  // MARK: Following

  /// Between two updates at least this long, in milliseconds.
  /// Source: docs/PROTOCOL.md, SubscribeAccount.
  static let followMilliseconds: ClosedRange<UInt32> = 50...60_000

  static func follow(_ words: inout CommandWords) throws(CommandFault) -> Command {
    var kinds: OrderEntry.BookKinds = [.positions, .funds]
    guard var word = words.next() else { return .follow(kinds, milliseconds: 0) }
    if let stated = FollowedKinds(rawValue: word.text) {
      kinds = stated.kinds
      guard let following = words.next() else { return .follow(kinds, milliseconds: 0) }
      word = following
    }
    guard word.text == "every" else {
      throw word.fault(
        "can't be followed: write positions, funds, all, every MILLISECONDS, or nothing",
        "无法订阅：可用 positions、funds、all、every 毫秒数，或留空")
    }
    let number = try words.next("a number of milliseconds", "毫秒数")
    guard let milliseconds = UInt32(number.text), followMilliseconds.contains(milliseconds),
      number.text.utf8.allSatisfy({ $0 >= 0x30 })
    else {
      let (low, high) = (followMilliseconds.lowerBound, followMilliseconds.upperBound)
      throw number.fault(
        "is no number of milliseconds: write \(low) to \(high)", "不是毫秒数：应为 \(low) 至 \(high)")
    }
    try words.end()
    return .follow(kinds, milliseconds: milliseconds)
  }

  // MARK: Notices

  static func notices(_ words: inout CommandWords) throws(CommandFault) -> Command {
    guard let word = words.next() else { return .notices(after: 0) }
    guard word.text == "after" else {
      throw word.fault(
        "is not 'after': write notices, or notices after NUMBER", "应写作 notices 或 notices after 编号")
    }
    let number = try words.next("the number of a notice", "通知编号")
    guard let after = UInt64(number.text), number.text.utf8.allSatisfy({ $0 >= 0x30 }) else {
      throw number.fault("is no number of a notice", "不是通知编号")
    }
    try words.end()
    return .notices(after: after)
  }

  static func help(_ words: inout CommandWords) throws(CommandFault) -> Command {
    guard let word = words.next() else { return .help(nil) }
    guard let command = CommandName(word: word.text) else {
      throw word.fault(
        "is no command: 'help' alone lists them", "不是命令：用 help 列出全部命令")
    }
    try words.end()
    return .help(command)
  }
}

/// What `follow` can follow, as its words say.
enum FollowedKinds: String, CaseIterable {
  case positions, funds, all

  var kinds: OrderEntry.BookKinds {
    switch self {
    case .positions: .positions
    case .funds: .funds
    case .all: [.positions, .funds]
    }
  }
}
