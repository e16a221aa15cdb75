import Domain

/// A logon attempt with the password's verdict. The engine decides by its rules (rules.md 1); the
/// password itself never enters a command.
public struct Logon: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  /// `.none` when no account has the name that was sent.
  public var account: OperationAccountID
  /// What argon2id (or a day token) said. False for unknown accounts.
  public var passwordVerified: Bool
  public var address: NetworkAddress
  /// All zero when the terminal stated none.
  public var mac: MACAddress
  public var terminalName: FixedText<32>
  public var terminalVersion: FixedText<16>

  @inlinable public init(
    session: SessionID, account: OperationAccountID, passwordVerified: Bool,
    address: NetworkAddress, mac: MACAddress, terminalName: FixedText<32>,
    terminalVersion: FixedText<16>
  ) {
    self.session = session
    self.account = account
    self.passwordVerified = passwordVerified
    self.address = address
    self.mac = mac
    self.terminalName = terminalName
    self.terminalVersion = terminalVersion
  }
}

/// A logged-on connection ended, for whatever reason. Of an account without any: its grace time
/// begins anew (a gateway has started again).
public struct SessionClosed: Equatable, Sendable, BitwiseCopyable {
  public var session: SessionID
  public var account: OperationAccountID

  @inlinable public init(
    session: SessionID, account: OperationAccountID
  ) {
    self.session = session
    self.account = account
  }
}

/// An IPv6 address in network order, or an IPv4 address mapped into it (::ffff:a.b.c.d).
public struct NetworkAddress: Equatable, Sendable, BitwiseCopyable {
  /// The first eight bytes, as a big-endian number.
  public var high: UInt64
  /// The last eight.
  public var low: UInt64

  @inlinable public init(
    high: UInt64, low: UInt64
  ) {
    self.high = high
    self.low = low
  }
}

extension NetworkAddress: Comparable {
  @inlinable public static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  @inlinable public init(ipv4: UInt32) {
    self.init(high: 0, low: 0x0000_FFFF_0000_0000 | UInt64(ipv4))
  }
}
