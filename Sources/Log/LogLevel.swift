/// How much a record matters.
public enum LogLevel: UInt32, CaseIterable, Comparable, Sendable, BitwiseCopyable {
  /// For whoever looks for a fault.
  case debug = 1
  /// The normal course: started, connected, trading day switched.
  case info = 2
  /// Something is not as it should be, and the house can live with it.
  case warning = 3
  /// Somebody has to do something.
  case error = 4

  /// As it stands in lines and in config.
  public var name: StaticString {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// Nil when no level has this name.
  public init?(name: String) {
    guard let level = LogLevel.allCases.first(where: { "\($0.name)" == name }) else { return nil }
    self = level
  }

  @inlinable public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
