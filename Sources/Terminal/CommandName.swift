/// The first word of a line.
public enum CommandName: String, CaseIterable, Sendable {
  case buy, sell, cancel, orders, trades, positions, funds, limits, why
  case `try`, room, watch, unwatch, follow, unfollow, notices, instruments, wait, echo, help, quit

  /// `?` and `exit` are taken too.
  public init?(word: String) {
    switch word {
    case "?": self = .help
    case "exit": self = .quit
    default: self.init(rawValue: word)
    }
  }

  /// Whether a line begins with a command, whatever follows.
  public static func begins(_ line: String) -> Bool {
    var words = CommandWords(line)
    return words.next().flatMap { CommandName(word: $0.text) } != nil
  }

  /// All of them as a list.
  static func words(separator: String, last: String) -> String {
    let words = allCases.map(\.rawValue)
    return words.dropLast().joined(separator: separator) + last + words[words.count - 1]
  }
}
