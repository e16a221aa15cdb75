/// What is wrong with a line, where, and what to write instead.
public struct CommandFault: Error, Equatable, Sendable {
  /// Of the first character of the word that is wrong, from 1.
  public let column: Int
  public let english: String
  public let chinese: String

  init(_ column: Int, _ english: String, _ chinese: String) {
    self.column = column
    self.english = english
    self.chinese = chinese
  }

  public func words(_ language: Language) -> String { language.say(english, chinese) }
}

/// A word of a line and where it stands.
struct CommandWord: Equatable {
  var text: String
  /// From 1, in characters.
  var column: Int

  func fault(_ english: String, _ chinese: String) -> CommandFault {
    CommandFault(column, "'\(text)' \(english)", "“\(text)”\(chinese)")
  }
}

/// The words of a line, from the front. `@` is a word of its own, wherever it begins one.
struct CommandWords {
  private var words: [CommandWord] = []
  private var index = 0
  /// Behind the last character.
  let endColumn: Int
  private let line: String

  init(_ line: String) {
    self.line = line
    var column = 0
    var isInWord = false
    for character in line {
      column += 1
      if character == " " || character == "\t" || character == "\r" {
        isInWord = false
      } else if isInWord {
        words[words.count - 1].text.append(character)
      } else {
        words.append(CommandWord(text: String(character), column: column))
        isInWord = character != "@"
      }
    }
    endColumn = column + 1
  }

  var isAtEnd: Bool { index == words.count }

  /// All of them.
  var texts: [String] { words.map(\.text) }

  mutating func next() -> CommandWord? {
    guard index < words.count else { return nil }
    defer { index += 1 }
    return words[index]
  }

  /// The next word; `english` and `chinese` say what has to stand here.
  mutating func next(_ english: String, _ chinese: String) throws(CommandFault) -> CommandWord {
    guard let word = next() else {
      throw CommandFault(endColumn, "\(english) is missing here", "此处缺少\(chinese)")
    }
    return word
  }

  /// What follows the last word taken, as it was written.
  func rest() -> String {
    guard index < words.count else { return "" }
    return String(line.dropFirst(words[index].column - 1))
  }

  mutating func end() throws(CommandFault) {
    if let word = next() {
      throw word.fault("is too much: the command ends before it", "多余：命令在此之前已结束")
    }
  }
}
