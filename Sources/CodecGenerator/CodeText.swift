/// Text of a program under construction: lines at an indentation.
struct CodeText {
  private(set) var text = ""
  private var depth = 0
  private let unit: String

  init(indentation: Int = 2) { unit = String(repeating: " ", count: indentation) }

  mutating func line(_ line: String = "") {
    if !line.isEmpty {
      text += String(repeating: unit, count: depth) + line
    }
    text += "\n"
  }

  mutating func lines(_ lines: [String]) {
    for line in lines { self.line(line) }
  }

  /// `opening`, the body one step further in, then `closing` when there is one.
  mutating func block(
    _ opening: String, closing: String? = "}", _ body: (inout CodeText) -> Void
  ) {
    line(opening)
    depth += 1
    body(&self)
    depth -= 1
    if let closing { line(closing) }
  }
}
