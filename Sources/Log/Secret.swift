/// Something that must not be seen: it prints as `***`, however it is printed.
public struct Secret<Value> {
  private let value: Value

  public init(_ value: Value) { self.value = value }

  /// The secret itself. Whoever calls this answers for where it goes.
  public var exposed: Value { value }
}

extension Secret: Sendable where Value: Sendable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { Redaction.mark }
  public var debugDescription: String { Redaction.mark }
  /// `dump` looks here instead of at the fields.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What stands in a line instead of a secret.
public enum Redaction {
  public static var mark: String { "***" }

  /// A field whose name has one of these in it is never shown, whatever it was given.
  static let names = ["password", "passwd", "secret", "token", "hash", "credential", "salt"]

  static func hides(_ name: String) -> Bool {
    let name = name.lowercased()
    return names.contains { name.contains($0) }
  }
}
