/// A place in a configuration file.
public struct SourcePosition: Equatable, Sendable, CustomStringConvertible {
  /// As the reader was told, usually a path relative to where the command runs.
  public var file: String
  /// From 1. LF, CR, CR LF, U+2028 and U+2029 end a line.
  public var line: Int
  /// From 1, in Unicode scalars; a tab counts as one.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }
}
