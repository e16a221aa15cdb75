/// Why a tick file, or one line of it, can't be read.
public struct TickFileFault: Error, Equatable, Sendable {
  /// From 1, the header included.
  public var line: Int
  public var kind: Kind

  public enum Kind: Error, Equatable, Sendable {
    /// The header names no such column, and a tick makes no sense without it.
    case columnMissing(String)
    case columnTwice(String)
    /// Longer than `TickFileReader.lineBytesMaximum`.
    case lineTooLong
    /// More than `TickFileReader.fieldsMaximum` fields.
    case tooManyFields
    case fieldCount(found: Int, expected: Int)
    /// A quote that is not closed on its line, or text behind a closing quote.
    case quote
    /// The column's text is not of its kind: a number, a date, a time of day.
    case unreadable(column: String)
    case outOfRange(column: String)
  }
}

extension TickFileFault: CustomStringConvertible {
  public var description: String { "line \(line): \(reason)" }

  private var reason: String {
    switch kind {
    case .columnMissing(let name): "the header has no column \(name)"
    case .columnTwice(let name): "the header names \(name) twice"
    case .lineTooLong: "longer than \(TickFileReader.lineBytesMaximum) bytes"
    case .tooManyFields: "more than \(TickFileReader.fieldsMaximum) fields"
    case .fieldCount(let found, let expected): "\(found) fields where the header has \(expected)"
    case .quote: "a quote is not closed, or text follows a closing quote"
    case .unreadable(let column): "\(column) can't be read"
    case .outOfRange(let column): "\(column) is out of range"
    }
  }
}
