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
}
