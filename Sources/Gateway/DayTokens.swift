import Domain
import Messages
import Storage

/// What a token of the day stands for: whoever makes one makes the same one of the same, and of
/// nothing else. A new password ends it.
public struct DayTokenSubject: Equatable, Sendable, BitwiseCopyable {
  public var account: Name
  public var address: NetworkAddress
  public var day: TradingDay
  /// The account's argon2id string.
  public var hash: FixedText<128>

  public init(
    account: Name, address: NetworkAddress, day: TradingDay, hash: FixedText<128>
  ) {
    self.account = account
    self.address = address
    self.day = day
    self.hash = hash
  }
}

/// Tokens that spare an account's next logon of the day, from the same address, the password check.
/// Those that this process gave out; one that it does not know is made anew to be compared.
struct DayTokens: ~Copyable {
  /// Addresses of an account that have a token at once; one more takes the place of the oldest.
  static let addressesPerAccount = 4

  struct Row: BitwiseCopyable {
    var token: FixedText<64>
    var address: NetworkAddress
    var day: UInt32
    /// When it was given, counted over all accounts.
    var number: UInt64
  }

  private let rows: Table<Row>
  private var given: UInt64 = 0

  init(accounts: Int) { rows = Table(capacity: accounts * DayTokens.addressesPerAccount) }

  /// A password, or a token of before, was right: unless the account has a token for this address
  /// and day already, it gets `fresh`, which nobody can guess.
  mutating func renew(
    _ account: OperationAccountID, from address: NetworkAddress, on day: TradingDay,
    fresh: FixedText<64>
  ) {
    guard current(of: account, from: address, on: day).isEmpty else { return }
    var oldest = row(account, 0)
    for place in 1..<DayTokens.addressesPerAccount {
      let row = row(account, place)
      if row.pointee.number < oldest.pointee.number { oldest = row }
    }
    given += 1
    oldest.pointee = Row(token: fresh, address: address, day: day.yyyymmdd, number: given)
  }

  /// The account's token for this address and day; empty when it has none.
  func current(
    of account: OperationAccountID, from address: NetworkAddress, on day: TradingDay
  ) -> FixedText<64> {
    for place in 0..<DayTokens.addressesPerAccount {
      let row = row(account, place)
      if row.pointee.day == day.yyyymmdd, row.pointee.address == address {
        return row.pointee.token
      }
    }
    return FixedText()
  }

  /// Whether a token is the account's, in a time that does not depend on where two differ.
  func isValid(
    _ token: FixedText<64>, of account: OperationAccountID, from address: NetworkAddress,
    on day: TradingDay
  ) -> Bool {
    let known = current(of: account, from: address, on: day)
    var difference: UInt8 = 0
    for index in 0..<64 { difference |= known.bytes[index] ^ token.bytes[index] }
    return difference == 0 && !token.isEmpty
  }

  /// A change of the password ends what was given out.
  mutating func forget(_ account: OperationAccountID) {
    for place in 0..<DayTokens.addressesPerAccount {
      let row = row(account, place)
      row.pointee.token = FixedText()
      row.pointee.day = 0
      row.pointee.number = 0
    }
  }

  private func row(
    _ account: OperationAccountID, _ place: Int
  ) -> UnsafeMutablePointer<Row> {
    rows.at(Int(account.raw) * DayTokens.addressesPerAccount + place)
  }
}
