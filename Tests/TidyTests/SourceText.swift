/// A Swift file with the insides of its comments and string literals blanked, so that what is
/// left can be searched for words and braces. Line ends stay where they are.
struct SourceText {
  let code: [UInt8]

  init(_ text: String) {
    var lexer = Lexer(text: Array(text.utf8))
    lexer.skipCode(untilClosingParenthesis: false)
    code = lexer.text
  }

  var lines: [Substring] {
    String(decoding: code, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The numbers, from 1, of the lines that have `phrase`. A phrase that starts with a letter
  /// must not be the tail of a longer word: `print(` is not found in `fingerprint(`.
  func lines(with phrase: String) -> [Int] {
    lines.enumerated().compactMap { number, line in
      let needle = Array(phrase.utf8)
      let bytes = Array(line.utf8)
      guard bytes.count >= needle.count else { return nil }
      let found = (0...bytes.count - needle.count).contains { start in
        bytes[start..<start + needle.count].elementsEqual(needle)
          && !(needle[0].isWordByte && start > 0
            && (bytes[start - 1].isWordByte || bytes[start - 1] == UInt8(ascii: ".")))
      }
      return found ? number + 1 : nil
    }
  }

  /// A function, initializer or subscript with a body.
  struct Function: Equatable {
    /// The line of its keyword, from 1.
    var line: Int
    /// From the line of the keyword to the line of the closing brace, both counted.
    var lineCount: Int
  }

  var functions: [Function] {
    var found: [Function] = []
    var open: [(line: Int, depth: Int)] = []
    var announced: Int?
    var line = 1
    var braces = 0
    var parentheses = 0
    var index = 0
    while index < code.count {
      let byte = code[index]
      switch byte {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
      case UInt8(ascii: "{"):
        braces += 1
        if parentheses == 0, let start = announced {
          open.append((start, braces))
          announced = nil
        }
      case UInt8(ascii: "}"):
        if let last = open.last, last.depth == braces {
          found.append(Function(line: last.line, lineCount: line - last.line + 1))
          open.removeLast()
        }
        braces -= 1
        if parentheses == 0 { announced = nil }
      case _ where byte.isWordByte:
        var end = index
        while end < code.count, code[end].isWordByte { end += 1 }
        let isMember = index > 0 && code[index - 1] == UInt8(ascii: ".")
        if parentheses == 0, !isMember {
          switch String(decoding: code[index..<end], as: UTF8.self) {
          case "func", "init", "deinit", "subscript": announced = line
          case "var", "let", "case", "typealias", "associatedtype": announced = nil
          default: break
          }
        }
        index = end
        continue
      default: break
      }
      index += 1
    }
    return found
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

/// Walks Swift source and blanks comments and strings in place; code inside an interpolation
/// stays.
private struct Lexer {
  var text: [UInt8]
  var index = 0

  private func starts(with phrase: StaticString) -> Bool {
    guard index + phrase.utf8CodeUnitCount <= text.count else { return false }
    return (0..<phrase.utf8CodeUnitCount).allSatisfy {
      text[index + $0] == phrase.utf8Start[$0]
    }
  }

  private mutating func blank(_ count: Int) {
    for _ in 0..<count where index < text.count {
      if text[index] != UInt8(ascii: "\n") { text[index] = UInt8(ascii: " ") }
      index += 1
    }
  }

  mutating func skipCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while index < text.count {
      if starts(with: "//") {
        while index < text.count, text[index] != UInt8(ascii: "\n") { blank(1) }
      } else if starts(with: "/*") {
        skipBlockComment()
      } else if text[index] == UInt8(ascii: "\"") || starts(with: "#\"") || starts(with: "##") {
        skipString()
      } else {
        if text[index] == UInt8(ascii: "(") { depth += 1 }
        if text[index] == UInt8(ascii: ")") {
          depth -= 1
          if untilClosingParenthesis, depth == 0 {
            index += 1
            return
          }
        }
        index += 1
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        blank(2)
      } else if starts(with: "*/") {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && index < text.count
  }

  private mutating func skipString() {
    var hashes = 0
    while index < text.count, text[index] == UInt8(ascii: "#") {
      hashes += 1
      blank(1)
    }
    guard index < text.count, text[index] == UInt8(ascii: "\"") else { return }
    let quotes = starts(with: "\"\"\"") ? 3 : 1
    blank(quotes)
    while index < text.count {
      if isDelimiter(UInt8(ascii: "\""), quotes, thenHashes: hashes) {
        blank(quotes + hashes)
        return
      }
      if isDelimiter(UInt8(ascii: "\\"), 1, thenHashes: hashes) {
        blank(1 + hashes)
        if index < text.count, text[index] == UInt8(ascii: "(") {
          skipCode(untilClosingParenthesis: true)
        } else {
          blank(1)
        }
      } else {
        blank(1)
      }
    }
  }

  private func isDelimiter(_ byte: UInt8, _ count: Int, thenHashes hashes: Int) -> Bool {
    guard index + count + hashes <= text.count else { return false }
    return text[index..<index + count].allSatisfy { $0 == byte }
      && text[index + count..<index + count + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
  }
}
