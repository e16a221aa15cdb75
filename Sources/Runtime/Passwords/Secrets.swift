import CSodium
import Domain

/// What secrets need of libsodium: bytes nobody can guess, comparing without telling where two
/// differ, wiping that the compiler does not leave out.
public enum Secrets {
  /// libsodium has to be set up once in a process; every function here sees to it.
  private static let isReady: Bool = {
    let status = sodium_init()
    precondition(status >= 0, "libsodium can be set up")
    return true
  }()

  @inline(__always) static func setUp() {
    precondition(isReady, "libsodium is set up")
  }

  /// Fills `bytes` from the system's source of randomness.
  public static func fillRandomly(_ bytes: UnsafeMutableRawBufferPointer) {
    setUp()
    if let base = bytes.baseAddress { randombytes_buf(base, bytes.count) }
  }

  /// 64 hexadecimal digits that nobody can guess.
  public static func token() -> FixedText<64> {
    var random = [UInt8](repeating: 0, count: 32)
    random.withUnsafeMutableBytes { fillRandomly($0) }
    return hexadecimal(random)
  }

  /// The digits of 32 bytes.
  static func hexadecimal(_ bytes: [UInt8]) -> FixedText<64> {
    var text = FixedText<64>()
    let digits: StaticString = "0123456789abcdef"
    for index in 0..<32 {
      text.bytes[2 * index] = digits.utf8Start[Int(bytes[index] >> 4)]
      text.bytes[2 * index + 1] = digits.utf8Start[Int(bytes[index] & 15)]
    }
    return text
  }

  /// The same of two texts of a fixed size.
  static func areEqual(_ left: FixedText<64>, _ right: FixedText<64>) -> Bool {
    withUnsafeBytes(of: left) { left in withUnsafeBytes(of: right) { areEqual(left, $0) } }
  }

  public static func randomNumber() -> UInt64 {
    var number: UInt64 = 0
    withUnsafeMutableBytes(of: &number) { fillRandomly($0) }
    return number
  }

  /// Whether two secrets are the same, in a time that depends on their length alone.
  public static func areEqual(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Bool {
    setUp()
    guard left.count == right.count else { return false }
    guard let one = left.baseAddress, let other = right.baseAddress else { return true }
    return sodium_memcmp(one, other, left.count) == 0
  }

  /// Zeroes `bytes`, even when nobody reads them afterwards.
  public static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    if let base = bytes.baseAddress { sodium_memzero(base, bytes.count) }
  }
}
