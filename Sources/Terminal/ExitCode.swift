/// What `sluice terminal` ends with. A script's first failure decides.
public struct ExitCode: Equatable, Sendable {
  public let number: Int32

  /// Everything was done.
  public static let fine = ExitCode(number: 0)
  /// A line failed otherwise: a cancel or request was refused, what was waited for can't come.
  public static let lineFailed = ExitCode(number: 1)
  /// Called wrongly, or a line of a script is no command.
  public static let usage = ExitCode(number: 2)
  public static let logonRefused = ExitCode(number: 3)
  /// No connection, or it was lost.
  public static let connectionLost = ExitCode(number: 4)
  /// An order of a script was refused, or would be.
  public static let orderRefused = ExitCode(number: 5)
  public static let timedOut = ExitCode(number: 6)

  /// As shells count: 130 for SIGINT, 143 for SIGTERM.
  public static func signal(_ number: Int32) -> ExitCode { ExitCode(number: 128 + number) }
}
