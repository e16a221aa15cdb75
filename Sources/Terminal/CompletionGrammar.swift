import Domain

/// What may stand behind the words of a line, as `CommandParser` reads them.
enum CompletionGrammar {
  struct Expected {
    var words: [String] = []
    var instruments = false
    var commodities = false
    var watched = false
    var orders = false
    /// Orders that are final, too.
    var finalOrders = false
    /// What has to stand there, where it is no name: English, Chinese.
    var hint: (String, String)?
  }

  static func expected(behind words: [String]) -> Expected {
    guard let first = words.first else { return names(CommandName.allCases.map(\.rawValue)) }
    guard let command = CommandName(word: first) else { return Expected() }
    let rest = Array(words.dropFirst())
    switch command {
    case .buy, .sell: return order(rest)
    case .cancel: return cancel(rest)
    case .orders: return rest.isEmpty ? names(["all"]) : rest == ["all"] ? pattern : Expected()
    case .why: return rest.isEmpty ? Expected(words: ["last"], finalOrders: true) : Expected()
    case .try:
      let sides = Side.allCases.filter { $0 != .unknown }.map(\.word)
      guard let side = rest.first else { return names(sides) }
      return sides.contains(side) ? order(Array(rest.dropFirst())) : Expected()
    case .room: return room(rest)
    case .trades, .positions, .limits: return rest.isEmpty ? pattern : Expected()
    case .watch: return Expected(instruments: true)
    case .unwatch: return Expected(watched: true)
    case .follow: return follow(rest)
    case .notices: return rest.isEmpty ? names(["after"]) : Expected()
    case .instruments:
      guard rest.isEmpty else { return Expected() }
      var expected = pattern
      expected.words = Exchange.allCases.filter { $0 != .unknown }.map(\.code)
      return expected
    case .wait: return wait(rest)
    case .help: return rest.isEmpty ? names(CommandName.allCases.map(\.rawValue)) : Expected()
    case .funds, .unfollow, .echo, .quit: return Expected()
    }
  }

  private static func names(_ words: [String]) -> Expected { Expected(words: words) }

  private static let pattern = Expected(instruments: true, commodities: true)
  private static let lots = Expected(hint: ("LOTS: a whole number from 1", "手数：1 起的整数"))
  private static let price = Expected(
    hint: ("PRICE: such as 3120 or 3120.5", "价格：如 3120 或 3120.5"))
  private static let seconds = Expected(hint: ("SECONDS: 1 to 86400", "秒数：1 至 86400"))

  /// - Parameter words: behind "buy" or "sell".
  private static func order(_ words: [String]) -> Expected {
    switch words.count {
    case 0: return names(Offset.allCases.filter { $0 != .unknown }.map(\.word))
    case 1: return Expected(instruments: true)
    case 2: return lots
    case 3:
      return Expected(words: ["@", "market"])
    case 4 where words[3] == "@":
      return price
    default: return options(Array(words.dropFirst(words[3] == "@" ? 5 : 4)))
    }
  }

  /// - Parameter words: the options that stand there.
  private static func options(_ words: [String]) -> Expected {
    if words.last == "min" { return lots }
    let times = TimeInForce.allCases.filter { $0 != .unknown }.map(\.word)
    let hedges = HedgeFlag.allCases.filter { $0 != .unknown }.map { "\($0)" }
    var left: [String] = []
    if !words.contains(where: times.contains) { left += times }
    // Only fill and kill has a minimum.
    if words.contains(TimeInForce.immediateOrCancel.word), !words.contains("min") {
      left += ["min"]
    }
    if !words.contains(where: hedges.contains) { left += hedges }
    return names(left)
  }

  private static func room(_ words: [String]) -> Expected {
    if words.isEmpty { return Expected(instruments: true) }
    if words.last == "@" { return price }
    var left = words.contains("@") ? [] : ["@"]
    let hedges = HedgeFlag.allCases.filter { $0 != .unknown }.map { "\($0)" }
    if !words.contains(where: hedges.contains) { left += hedges }
    return names(left)
  }

  private static func cancel(_ words: [String]) -> Expected {
    guard let first = words.first else { return Expected(words: ["last", "all"], orders: true) }
    guard first == "all" else { return Expected() }
    let sides = Side.allCases.filter { $0 != .unknown }.map(\.word)
    let hasSide = words.contains(where: sides.contains)
    return Expected(
      words: hasSide ? [] : sides, instruments: words.count - (hasSide ? 1 : 0) == 1)
  }

  private static func follow(_ words: [String]) -> Expected {
    let kinds = FollowedKinds.allCases.map(\.rawValue)
    if words.isEmpty { return names(kinds + ["every"]) }
    if words.last == "every" {
      let bounds = CommandParser.followMilliseconds
      let range = "\(bounds.lowerBound)-\(bounds.upperBound)"
      return Expected(hint: ("MILLISECONDS: \(range)", "毫秒数：\(range)"))
    }
    return words.count == 1 && kinds.contains(words[0]) ? names(["every"]) : Expected()
  }

  private static func wait(_ words: [String]) -> Expected {
    let goals = ["filled", "final"]
    if words.isEmpty { return names(goals + ["within"]) }
    if words.last == "within" { return seconds }
    guard goals.contains(words[0]) else { return Expected() }
    if words.count == 1 { return Expected(words: ["last"], orders: true) }
    return words.count == 2 ? names(["within"]) : Expected()
  }
}
