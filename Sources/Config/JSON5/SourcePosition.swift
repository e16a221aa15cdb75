/// A place in a configuration file.
public struct SourcePosition: Equatable, Sendable, CustomStringConvertible {
  /// As the reader was told, usually a path relative to where the command runs.
  public var file: String
  /// From 1; 0 = the file, or folder, as a whole. LF, CR, CR LF, U+2028 and U+2029 end a line.
  public var line: Int
  /// From 1, in Unicode scalars; a tab counts as one.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// No place in it: the file or folder itself.
  public init(whole file: String) { self.init(file: file, line: 0, column: 0) }

  public var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}
