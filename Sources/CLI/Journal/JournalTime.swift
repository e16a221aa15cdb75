import Foundation

/// Times of a journal as people and programs write them: UTC, nine decimals at most.
enum JournalTime {
  static func text(_ nanoseconds: Int64) -> String {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let whole = rest < 0 ? seconds - 1 : seconds
    let fraction = rest < 0 ? rest + 1_000_000_000 : rest
    let date = Date(timeIntervalSince1970: TimeInterval(whole))
    let digits = String(fraction)
    let zeros = String(repeating: "0", count: 9 - digits.count)
    return date.formatted(.iso8601).dropLast() + "." + zeros + digits + "Z"
  }

  /// Reads `2026-11-23T14:20:52Z`, with decimals or without; nil for anything else. A time that no
  /// record can have is the nearest that one can.
  static func nanoseconds(_ text: String) -> Int64? {
    guard text.hasSuffix("Z") else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let date = try? Date(parts[0] + "Z", strategy: .iso8601) else {
      return nil
    }
    var fraction: Int64 = 0
    if parts.count == 2 {
      guard (1...9).contains(parts[1].count), parts[1].allSatisfy({ $0.isASCII && $0.isNumber }),
        let digits = Int64(parts[1])
      else { return nil }
      fraction = (0..<9 - parts[1].count).reduce(digits) { value, _ in value * 10 }
    }
    let seconds = date.timeIntervalSince1970
    let limit = TimeInterval(Int64.max / 1_000_000_000)
    guard abs(seconds) < limit else { return seconds < 0 ? .min : .max }
    return Int64(seconds) * 1_000_000_000 + fraction
  }
}
