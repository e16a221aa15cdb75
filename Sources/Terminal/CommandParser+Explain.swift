import Client
import Domain

// The commands that ask what would become of an order.
extension CommandParser {
  /// Behind "try": an order as it would be sent.
  static func trial(_ words: inout CommandWords) throws(CommandFault) -> OrderTicket {
    let word = try words.next("'buy' or 'sell'", "“buy”或“sell”")
    let side = Side.allCases.first { $0 != .unknown && $0.word == word.text }
    guard let side else {
      throw word.fault(
        "is no order: write 'buy' or 'sell', then as to send it", "不是报单：应为 buy 或 sell，余同报单")
    }
    return try ticket(side, &words)
  }

  static func room(_ words: inout CommandWords) throws(CommandFault) -> Command {
    let instrument = try instrument(
      try words.next("an instrument, such as rb2610,", "合约，如 rb2610"))
    var price = Price.none
    var hedge = HedgeFlag.unknown
    while let word = words.next() {
      if word.text == "@", price.isNone {
        price = try limit(&words)
      } else if hedge == .unknown, let stated = HedgeFlag(word: word.text) {
        hedge = stated
      } else {
        throw word.fault(
          "has no place here: write '@ 3120', speculation, arbitrage or hedge, each once",
          "无效：可用“@ 3120”、speculation、arbitrage、hedge，各一次")
      }
    }
    return .room(instrument, hedge == .unknown ? .speculation : hedge, price)
  }
}
