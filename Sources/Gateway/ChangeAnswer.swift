import Domain

/// What became of a command of a change (`Gateway.change`). It is on record when the journal has
/// the command's number.
public enum ChangeAnswer: Equatable, Sendable {
  case taken(sequence: UInt64)
  /// Nothing changed.
  case refused(Refusal, sequence: UInt64)
  /// The journal can't take it: store it and ask again.
  case notNow
}
