import Domain
import Runtime

/// What follows a command's name: options in either form, `--key value` and `--key=value`.
struct Arguments {
  private var rest: ArraySlice<String>

  init(_ words: [String]) {
    rest =
      words.flatMap { word -> [String] in
        guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return [word] }
        return [String(word[..<equals]), String(word[word.index(after: equals)...])]
      }[...]
  }

  /// The next word; nil when there is none.
  mutating func next() -> String? { rest.popFirst() }

  /// Words up to the next option.
  mutating func words() -> [String] {
    var words: [String] = []
    while let word = rest.first, !word.hasPrefix("--") {
      words.append(word)
      rest.removeFirst()
    }
    return words
  }

  /// What follows an option, read.
  ///
  /// - Parameter what: what it should be, for whoever wrote something else.
  mutating func value<Value>(
    of key: String, _ what: String, _ read: (String) -> Value?
  ) throws(Misuse) -> Value {
    guard let text = rest.first, !text.hasPrefix("--") else {
      throw Misuse("\(key) needs a value: \(what)")
    }
    rest.removeFirst()
    guard let value = read(text) else { throw Misuse("\(key) '\(text)' is not \(what)") }
    return value
  }

  mutating func text(of key: String, _ what: String) throws(Misuse) -> String {
    try value(of: key, what) { $0.isEmpty ? nil : $0 }
  }

  mutating func number(
    of key: String, _ range: ClosedRange<Int64>
  ) throws(Misuse) -> Int64 {
    let most = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
    return try value(of: key, "a number, \(range.lowerBound) \(most)") { text in
      Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  mutating func address(of key: String) throws(Misuse) -> SocketAddress {
    try value(of: key, "ADDRESS:PORT, such as 127.0.0.1:7400") { SocketAddress(text: $0) }
  }

  mutating func day(of key: String) throws(Misuse) -> TradingDay {
    try value(of: key, "a day from 2018 on, such as 20261123") { text in
      UInt32(text).flatMap { TradingDay(yyyymmdd: $0) }
    }
  }
}

/// A command line that says nothing a command understands: why, in one line.
struct Misuse: Error, Equatable {
  let words: String

  init(_ words: String) { self.words = words }

  /// A word that no option takes.
  init(unknown word: String) {
    words = word.hasPrefix("-") ? "no option '\(word)'" : "'\(word)' is one word too many"
  }
}
