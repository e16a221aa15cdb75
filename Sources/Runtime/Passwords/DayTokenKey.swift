import CSodium
import Domain
import Gateway
import Messages

/// What tokens of the day are made with, so that nobody who lacks it can make one, and whoever has
/// it makes the same one again: HMAC-SHA-512-256 of the account's name, the address, the trading
/// day and the password's hash.
public struct DayTokenKey: Sendable {
  /// 32 of them.
  private let bytes: [UInt8]

  /// One that nobody knows: its tokens live as long as the process.
  public init() {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes.withUnsafeMutableBytes { Secrets.fillRandomly($0) }
    self.bytes = bytes
  }

  /// Of a secret that is kept, any length.
  public init(_ secret: String) {
    Secrets.setUp()
    let text = Array(secret.utf8)
    var bytes = [UInt8](repeating: 0, count: 32)
    let status = crypto_generichash(&bytes, bytes.count, text, UInt64(text.count), nil, 0)
    precondition(status == 0, "32 bytes are a length that a hash can have")
    self.bytes = bytes
  }

  public func token(of subject: DayTokenSubject) -> FixedText<64> {
    Secrets.setUp()
    var message: [UInt8] = []
    for text in [Array(subject.account.string.utf8), Array(subject.hash.string.utf8)] {
      message.append(UInt8(text.count))
      message += text
    }
    for number in [
      subject.address.high, subject.address.low, UInt64(subject.day.yyyymmdd),
    ] {
      withUnsafeBytes(of: number.littleEndian) { message += $0 }
    }
    var code = [UInt8](repeating: 0, count: 32)
    let status = crypto_auth(&code, message, UInt64(message.count), bytes)
    precondition(status == 0, "a code can be made of any message")
    return Secrets.hexadecimal(code)
  }
}
