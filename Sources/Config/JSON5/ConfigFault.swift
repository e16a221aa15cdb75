/// Something wrong with the configuration, or worth knowing about it.
public struct ConfigFault: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    /// A file is missing, unreadable or too large.
    case file
    /// Not JSON5; the rest of the file was not read.
    case syntax
    case unknownKey
    case duplicateKey
    case missingKey
    case wrongType
    case outOfRange
    /// Two objects of one kind with one name.
    case duplicateName
    /// A name that stands for nothing.
    case danglingReference
    /// Values that are legal alone and not together.
    case inconsistent
    /// Legal, and the operator should know; does not stop the start.
    case notice
  }

  public var kind: Kind
  public var position: SourcePosition
  /// As in `accounts[2].orderRate.count`; empty for the file itself.
  public var keyPath: String
  /// What, which value, what is allowed.
  public var message: String

  public init(_ kind: Kind, at position: SourcePosition, keyPath: String = "", _ message: String) {
    self.kind = kind
    self.position = position
    self.keyPath = keyPath
    self.message = message
  }

  /// Whether a gateway may start in spite of it.
  public var isNotice: Bool { kind == .notice }

  /// `file:line:column: key.path: what, which value, what is allowed`; of a file as a whole,
  /// `file: what`. A notice says so behind its place.
  public var description: String {
    let place = isNotice ? "\(position): notice:" : "\(position):"
    return keyPath.isEmpty ? "\(place) \(message)" : "\(place) \(keyPath): \(message)"
  }
}
