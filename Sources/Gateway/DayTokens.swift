import Domain
import Messages
import Storage

/// Tokens that spare an account's next logon of the day, from the same address, the password check.
/// They live as long as the process.
struct DayTokens: ~Copyable {
  struct Row: BitwiseCopyable {
    var token: FixedText<64>
    var address: NetworkAddress
    var day: UInt32
  }

  private let rows: Table<Row>

  init(accounts: Int) { rows = Table(capacity: accounts) }

  /// A password was right: unless the account has a token for this address and day already, it
  /// gets `fresh`, which nobody can guess.
  mutating func renew(
    _ account: OperationAccountID, from address: NetworkAddress, on day: TradingDay,
    fresh: FixedText<64>
  ) {
    guard current(of: account, from: address, on: day).isEmpty else { return }
    rows.at(account.raw).pointee = Row(token: fresh, address: address, day: day.yyyymmdd)
  }

  /// The account's token for this address and day; empty when it has none.
  func current(
    of account: OperationAccountID, from address: NetworkAddress, on day: TradingDay
  ) -> FixedText<64> {
    let row = rows.at(account.raw)
    return row.pointee.day == day.yyyymmdd && row.pointee.address == address
      ? row.pointee.token : FixedText()
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
    rows.at(account.raw).pointee.token = FixedText()
  }
}
