/// A screen as a terminal emulator would show it, for the sequences that an editor of lines and a
/// table in its place send.
struct PlayedScreen {
  private(set) var columns: Int
  /// Lines that can be reached; those above have scrolled away.
  private var height: Int
  /// Cells from the top; a wide character is followed by an empty one.
  private var rows: [[String]] = [[]]
  private var row = 0
  private var column = 0
  private var isInserting = false
  /// A line that is too wide goes on in the next one, else at the last column.
  private(set) var isWrapping = true
  private var unread: [UInt8] = []

  init(columns: Int, height: Int = 24) {
    self.columns = columns
    self.height = height
  }

  /// Its window was made larger or smaller; what stands stays as it is.
  mutating func resize(columns: Int, height: Int) {
    self.columns = columns
    self.height = height
  }

  /// What can be read, without blanks at the ends of lines.
  var lines: [String] {
    rows.map { cells in
      var line = cells.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The line where the cursor is, and how many cells stand before it.
  var cursor: (line: String, column: Int) { (lines[row], column) }

  mutating func take(_ bytes: [UInt8]) {
    unread += bytes
    while let length = nextLength() {
      let part = Array(unread[..<length])
      unread.removeFirst(length)
      if part[0] == 0x1B { escape(part) } else { show(String(decoding: part, as: UTF8.self)) }
    }
  }

  /// Of the next character or sequence; nil while it is not whole.
  private func nextLength() -> Int? {
    guard let first = unread.first else { return nil }
    if first == 0x1B {
      guard unread.count > 1 else { return nil }
      guard unread[1] == UInt8(ascii: "[") else { return 2 }
      return unread[2...].firstIndex { (0x40...0x7E).contains($0) }.map { $0 + 1 }
    }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return unread.count >= length ? length : nil
  }

  private mutating func show(_ text: String) {
    switch text {
    case "\r": column = 0
    case "\n": down(1)
    case "\u{8}": column = max(0, column - 1)
    case "\u{7}": break
    default:
      let width = text.unicodeScalars.first.map { $0.value >= 0x1100 ? 2 : 1 } ?? 1
      if column + width > columns {
        if isWrapping {
          column = 0
          down(1)
        } else {
          column = columns - width
        }
      }
      put(text)
      if width == 2 { put("") }
    }
  }

  private mutating func put(_ cell: String) {
    fill(to: column)
    if isInserting {
      rows[row].insert(cell, at: column)
    } else if column < rows[row].count {
      rows[row][column] = cell
    } else {
      rows[row].append(cell)
    }
    column += 1
  }

  private mutating func fill(to count: Int) {
    while rows[row].count < count { rows[row].append(" ") }
  }

  private mutating func down(_ count: Int) {
    row += count
    while rows.count <= row { rows.append([]) }
  }

  private mutating func escape(_ bytes: [UInt8]) {
    guard bytes.count > 2, let last = bytes.last else { return }
    let digits = String(decoding: bytes[2..<(bytes.count - 1)], as: UTF8.self)
    let number = Int(digits) ?? 0
    let count = max(1, number)
    switch Character(Unicode.Scalar(last)) {
    case "A": row = max(0, rows.count - height, row - count)
    case "B": down(count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = count - 1
    case "J":
      rows[row] = Array(rows[row].prefix(column))
      rows.removeSubrange((row + 1)...)
    case "K": rows[row] = Array(rows[row].prefix(column))
    case "P":
      let end = min(rows[row].count, column + count)
      if column < end { rows[row].removeSubrange(column..<end) }
    case "@":
      fill(to: column)
      rows[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
    case "h" where digits == "4": isInserting = true
    case "l" where digits == "4": isInserting = false
    case "h" where digits == "?7": isWrapping = true
    case "l" where digits == "?7": isWrapping = false
    default: break
    }
  }
}
