/// What Tab does to a line that is being typed.
public struct Completion: Equatable, Sendable {
  /// So many Unicode scalars before the cursor give way to `text`.
  public var replaced = 0
  public var text = ""
  /// To be shown: what the word could be, or what has to stand there.
  public var listing: [String] = []

  /// Most names that are listed.
  static let listedMaximum = 200

  init() {}

  /// - Parameters:
  ///   - line: up to the cursor.
  ///   - columns: of the screen.
  init(of line: String, _ names: CompletionNames, columns: Int, _ language: Language) {
    var words = CommandWords(line).texts
    let endsInWord = line.last.map { $0 != " " && $0 != "\t" && $0 != "@" } ?? false
    let part = endsInWord ? words.removeLast() : ""
    let expected = CompletionGrammar.expected(behind: words)
    let orders =
      expected.orders || expected.finalOrders
      ? names.orders(like: part, withFinal: expected.finalOrders) : []
    var found = expected.words.filter { $0.hasPrefix(part) } + orders.map(\.name)
    if expected.commodities { found += names.commodities(like: part) }
    if expected.instruments { found += names.instruments(like: part, except: words) }
    if expected.watched { found += names.watched.filter { $0.hasPrefix(part) } }
    guard let first = found.first else {
      if let hint = expected.hint, part.isEmpty { listing = [language.say(hint.0, hint.1)] }
      return
    }
    let common = found.dropFirst().reduce(first) { Completion.commonPrefix($0, $1) }
    let full = found.count == 1 ? first + " " : common
    if full != part, full.count >= part.count {
      replaced = part.unicodeScalars.count
      text = full
    } else {
      let others = found.filter { name in !orders.contains { $0.name == name } }
      let shown = orders.prefix(Completion.listedMaximum).map { "\($0.name)  \($0.summary)" }
      let named = Array(others.prefix(Completion.listedMaximum - shown.count))
      listing = shown + Completion.inColumns(named, columns)
      let more = found.count - shown.count - named.count
      if more > 0 { listing.append(language.say("... \(more) more", "…… 另有 \(more) 个")) }
    }
  }

  private static func commonPrefix(_ one: String, _ other: String) -> String {
    String(zip(one, other).prefix { $0 == $1 }.map(\.0))
  }

  /// As many a line as there is room for.
  static func inColumns(_ names: [String], _ columns: Int) -> [String] {
    let width = (names.map(TextTable.width).max() ?? 0) + 2
    let perLine = max(1, columns / width)
    return stride(from: 0, to: names.count, by: perLine).map { start in
      var line = names[start..<min(start + perLine, names.count)]
        .map { TextTable.pad($0, to: width) }.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
