/// Columns of text, as wide as their widest cell. A Chinese character takes two columns.
public struct TextTable {
  public enum Side { case left, right }

  private let sides: [Side]
  private var rows: [[String]]

  public init(_ head: [(String, Side)]) {
    sides = head.map(\.1)
    rows = [head.map(\.0)]
  }

  public mutating func add(_ row: [String]) {
    precondition(row.count == sides.count, "a row has a cell for each column")
    rows.append(row)
  }

  /// Without blanks at the ends of lines.
  public var lines: [String] {
    let widths = sides.indices.map { column in
      rows.map { TextTable.width($0[column]) }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        if column > 0 { line += "  " }
        line += TextTable.pad(cell, to: widths[column], sides[column])
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  static func pad(_ text: String, to width: Int, _ side: Side = .left) -> String {
    let blanks = String(repeating: " ", count: max(0, width - TextTable.width(text)))
    return side == .left ? text + blanks : blanks + text
  }

  /// Columns that a text takes on a screen.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
  }

  /// CJK, its punctuation and full-width forms. Source: Unicode, East Asian Width W and F.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
