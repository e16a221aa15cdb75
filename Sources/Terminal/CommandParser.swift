import Client
import Domain
import Wire

/// Reads a line at the prompt or of a script.
public enum CommandParser {
  /// Longest time that a line may wait for, in seconds.
  public static let secondsMaximum: Int64 = 86_400
  /// Most instruments of one `watch`. Source: docs/PROTOCOL.md, groupSizeEncoding.
  public static let watchMaximum = 120

  /// Nil for an empty line and for a comment, which begins with `#`.
  public static func parse(_ line: String) throws(CommandFault) -> Command? {
    var words = CommandWords(line)
    guard let first = words.next(), !first.text.hasPrefix("#") else { return nil }
    guard let command = CommandName(word: first.text) else {
      throw first.fault(
        "is no command: try \(CommandName.words(separator: ", ", last: " or "))",
        "不是命令：可用 \(CommandName.words(separator: "、", last: "、"))")
    }
    return try parse(command, &words)
  }

  private static func parse(
    _ command: CommandName, _ words: inout CommandWords
  ) throws(CommandFault) -> Command {
    switch command {
    case .buy: return .place(try ticket(.buy, &words))
    case .sell: return .place(try ticket(.sell, &words))
    case .cancel: return try cancel(&words)
    case .why:
      let order = try reference(
        try words.next("an order (#3, last, an id)", "报单（#3、last 或编号）"))
      try words.end()
      return .why(order)
    case .try: return .tryOrder(try trial(&words))
    case .room: return try room(&words)
    case .watch: return .watch(try instrumentList(&words, isNeeded: true))
    case .unwatch: return .unwatch(try instrumentList(&words, isNeeded: false))
    case .follow: return try follow(&words)
    case .unfollow:
      try words.end()
      return .unfollow
    case .notices: return try notices(&words)
    case .instruments: return try instruments(&words)
    case .wait: return try wait(&words)
    case .echo: return .echo(words.rest())
    case .orders: return try orders(&words)
    case .trades: return .query(.trades, try pattern(&words))
    case .positions: return .query(.positions, try pattern(&words))
    case .limits: return .query(.limits, try pattern(&words))
    case .funds:
      try words.end()
      return .query(.funds, nil)
    case .help: return try help(&words)
    case .quit:
      try words.end()
      return .quit
    }
  }

  // MARK: Orders

  static func ticket(
    _ side: Side, _ words: inout CommandWords
  ) throws(CommandFault) -> OrderTicket {
    let offset = try offset(&words)
    let instrument = try instrument(
      try words.next("an instrument, such as rb2610,", "合约，如 rb2610"))
    let lots = try lots(try words.next("a number of lots", "手数"))
    let price = try price(&words)
    var ticket = OrderTicket(
      side, offset, instrument.code, exchange: instrument.exchange, lots: lots, price: price)
    try options(of: &ticket, &words)
    return ticket
  }

  private static func offset(_ words: inout CommandWords) throws(CommandFault) -> Offset {
    let known = Offset.allCases.filter { $0 != .unknown }
    let choices = known.map(\.word).joined(separator: ", ")
    let word = try words.next("an offset (\(choices))", "开平标志（\(choices)）")
    guard let offset = known.first(where: { $0.word == word.text }) else {
      throw word.fault("is no offset: write one of \(choices)", "不是开平标志：可用 \(choices)")
    }
    return offset
  }

  private static func lots(_ word: CommandWord) throws(CommandFault) -> Lots {
    guard let lots = Lots(word.text), lots > 0, word.text.utf8.allSatisfy({ $0 >= 0x30 }) else {
      throw word.fault(
        "is no number of lots: write a whole number from 1 to \(Lots.max)",
        "不是手数：应为 1 至 \(Lots.max) 的整数")
    }
    return lots
  }

  private static func price(_ words: inout CommandWords) throws(CommandFault) -> Price {
    let mark = try words.next("'@ PRICE' or 'market'", "“@ 价格”或“market”")
    switch mark.text {
    case "market": return .none
    case "@": return try limit(&words)
    default:
      throw mark.fault(
        "does not say the price: write '@ 3120' or 'market'", "不是价格：应为“@ 3120”或“market”")
    }
  }

  /// What stands behind "@".
  static func limit(_ words: inout CommandWords) throws(CommandFault) -> Price {
    let word = try words.next("the price", "价格")
    switch DecimalNumber.read(word.text, places: 4) {
    case .exact(let units): return Price(units: units)
    case .tooFine:
      throw word.fault(
        "is too precise: a price has at most 4 decimals", "过于精确：价格最多 4 位小数")
    case .tooLarge: throw word.fault("is too large for a price", "超出价格范围")
    case .malformed:
      throw word.fault(
        "is no price: write digits, such as 3120 or 3120.5", "不是价格：应为数字，如 3120 或 3120.5")
    }
  }

  private static func options(
    of ticket: inout OrderTicket, _ words: inout CommandWords
  ) throws(CommandFault) {
    var minimum: CommandWord?
    var hasTime = false
    var hasHedge = false
    while let word = words.next() {
      if let time = TimeInForce(word: word.text) {
        if hasTime { throw again(word) }
        ticket.timeInForce = time
        hasTime = true
      } else if let hedge = HedgeFlag(word: word.text) {
        if hasHedge { throw again(word) }
        ticket.hedge = hedge
        hasHedge = true
      } else if word.text == "min" {
        if minimum != nil { throw again(word) }
        let number = try words.next("the number of lots to fill at least", "最小成交手数")
        ticket.minimumLots = try lots(number)
        minimum = number
      } else {
        throw word.fault(
          "is no option of an order: write day, fak, fok, min N, speculation, arbitrage or hedge",
          "不是报单选项：可用 day、fak、fok、min N、speculation、arbitrage、hedge")
      }
    }
    guard let minimum else { return }
    if ticket.timeInForce != .immediateOrCancel {
      throw minimum.fault("as 'min' needs 'fak' in the same order", "：最小成交量须与 fak 同用")
    }
    if ticket.minimumLots > ticket.lots {
      throw minimum.fault(
        "is more than the order has lots: 'min' is at most \(ticket.lots)",
        "超过本单手数 \(ticket.lots)：最小成交量不得超过手数")
    }
  }

  private static func again(_ word: CommandWord) -> CommandFault {
    word.fault("says again what was said: leave one out", "重复指定：请去掉一个")
  }

  private static func cancel(_ words: inout CommandWords) throws(CommandFault) -> Command {
    let first = try words.next("an order (#3, last, an id) or 'all'", "报单（#3、last 或编号）或“all”")
    guard first.text == "all" else {
      let order = try reference(first)
      try words.end()
      return .cancel(order)
    }
    var which: InstrumentReference?
    var side = Side.unknown
    while let word = words.next() {
      if let stated = Side.allCases.first(where: { $0 != .unknown && $0.word == word.text }) {
        if side != .unknown { throw again(word) }
        side = stated
      } else {
        if which != nil { throw again(word) }
        which = try instrument(word)
      }
    }
    return .cancelAll(which, side)
  }

  private static func reference(_ word: CommandWord) throws(CommandFault) -> OrderReference {
    let text = word.text
    if text == "last" { return .last }
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.utf8.count < 8,
      let number = Int(digits), number > 0
    {
      return .number(number)
    }
    if let order = OrderID(text: text) { return .orderID(order) }
    guard !text.hasPrefix("#"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let id = ClOrdID(text)
    else {
      throw word.fault(
        "names no order: write #3 as in 'orders', last, or an id", "不是报单：可用 orders 所列 #3、last 或编号")
    }
    return .clOrdID(id)
  }

  // MARK: Instruments

  static func instrument(
    _ word: CommandWord
  ) throws(CommandFault) -> InstrumentReference {
    let text = word.text
    var code = text[...]
    var exchange = Exchange.unknown
    if let dot = text.firstIndex(of: ".") {
      guard let named = Exchange(code: text[..<dot].uppercased()) else {
        throw word.fault(
          "names no exchange: write \(exchanges), then a dot", "交易所不存在：可用 \(exchanges)")
      }
      exchange = named
      code = text[text.index(after: dot)...]
    }
    let isPlain = code.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D
        || byte == 0x5F || byte == 0x26
    }
    guard isPlain, !code.isEmpty, code.utf8.count < 32, let fixed = InstrumentCode(code) else {
      throw word.fault(
        "is no instrument: write its code, such as rb2610 or SHFE.rb2610",
        "不是合约：应为合约代码，如 rb2610 或 SHFE.rb2610")
    }
    return InstrumentReference(fixed, exchange)
  }

  private static func instrumentList(
    _ words: inout CommandWords, isNeeded: Bool
  ) throws(CommandFault) -> [InstrumentReference] {
    var list: [InstrumentReference] = []
    if isNeeded { list.append(try instrument(try words.next("an instrument", "合约"))) }
    while let word = words.next() {
      guard list.count < watchMaximum else {
        throw word.fault(
          "is one too many: a line names at most \(watchMaximum) instruments",
          "过多：每行最多 \(watchMaximum) 个合约")
      }
      list.append(try instrument(word))
    }
    return list
  }

  static var exchanges: String {
    Exchange.allCases.filter { $0 != .unknown }.map(\.code).joined(separator: ", ")
  }

  // MARK: Waiting

  private static func wait(_ words: inout CommandWords) throws(CommandFault) -> Command {
    var goal = WaitGoal.allFinal
    var seconds: Int64?
    guard var word = words.next() else { return .wait(goal, seconds: nil) }
    if word.text == "filled" || word.text == "final" {
      let order = try reference(
        try words.next("an order (#3, last, an id)", "报单（#3、last 或编号）"))
      goal = word.text == "filled" ? .filled(order) : .final(order)
      guard let following = words.next() else { return .wait(goal, seconds: nil) }
      word = following
    }
    guard word.text == "within" else {
      throw word.fault(
        "can't be waited for: write filled ORDER, final ORDER, within SECONDS, or nothing",
        "无法等待：可用 filled 报单、final 报单、within 秒数，或留空")
    }
    let number = try words.next("a number of seconds", "秒数")
    guard let stated = Int64(number.text), (1...secondsMaximum).contains(stated) else {
      throw number.fault(
        "is no number of seconds: write 1 to \(secondsMaximum)", "不是秒数：应为 1 至 \(secondsMaximum)")
    }
    seconds = stated
    try words.end()
    return .wait(goal, seconds: seconds)
  }
}
