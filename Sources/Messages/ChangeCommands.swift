import Domain

// Changes of what is configured, on a running gateway.

/// Settings follow that somebody decided together (AMS manual 7.4: who, when, before and after).
/// Nothing changes with it but the revision: the commands behind it are settings like any other.
public struct ConfigurationChange: Equatable, Sendable, BitwiseCopyable {
  /// Who decided it, as the system knows them.
  public var who: FixedText<32>
  /// The revision that it was decided on, 0 = no change yet. Another one by now is refused: what
  /// was looked at is not what there is.
  public var revision: UInt64
  /// How many commands belong to it, at least 1.
  public var changes: UInt32
  /// Sessions that may not log in as it leaves things are ended when all of it is taken.
  public var dropsUnfit: Bool

  @inlinable public init(
    who: FixedText<32>, revision: UInt64, changes: UInt32, dropsUnfit: Bool = false
  ) {
    self.dropsUnfit = dropsUnfit
    self.who = who
    self.revision = revision
    self.changes = changes
  }
}

/// A list that says from where an account may log in.
public enum AccessList: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case addresses = 1
  case macs = 2
}

/// Empties an account's IP or MAC list: from anywhere again, until rows are added. Who is in stays
/// in, unless the change says that who no longer fits is dropped (rules.md 1).
public struct ClearAccess: Equatable, Sendable, BitwiseCopyable {
  public var account: OperationAccountID
  public var list: AccessList

  @inlinable public init(account: OperationAccountID, list: AccessList) {
    self.account = account
    self.list = list
  }
}

/// The same of a risk controller's list.
public struct ClearControllerAccess: Equatable, Sendable, BitwiseCopyable {
  public var controller: ControllerID
  public var list: AccessList

  @inlinable public init(controller: ControllerID, list: AccessList) {
    self.controller = controller
    self.list = list
  }
}
