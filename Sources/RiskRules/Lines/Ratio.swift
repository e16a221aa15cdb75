import Domain

/// Ratios are compared by cross-multiplication in 128 bits, never divided (rules.md 0). A line is
/// in 1e-8 of one; unset (`Int64.min`) and 0 are off.
enum Ratio {
  /// numerator / denominator >= line. A denominator of 0 or less under a positive numerator counts
  /// as reached.
  @inline(__always) static func reaches(
    _ numerator: Int64, of denominator: Int64, _ line: Int64
  ) -> Bool {
    guard line > 0, numerator > 0 else { return false }
    guard denominator > 0 else { return true }
    return !isLess(
      UInt64(numerator), UInt64(Rate.unitsPerOne), than: UInt64(line), UInt64(denominator))
  }

  /// numerator / denominator > line: a cap. A denominator of 0 or less under a positive numerator
  /// is over.
  static func exceeds(_ numerator: Int64, of denominator: Int64, _ line: Int64) -> Bool {
    guard line > 0, numerator > 0 else { return false }
    guard denominator > 0 else { return true }
    return isLess(
      UInt64(line), UInt64(denominator), than: UInt64(numerator), UInt64(Rate.unitsPerOne))
  }

  /// value <= line * base, with either sign.
  @inline(__always) static func isAtMost(_ value: Int64, _ line: Int64, of base: Int64) -> Bool {
    guard line > 0 else { return false }
    if value > 0 {
      guard base > 0 else { return false }
      return !isLess(
        UInt64(line), UInt64(base), than: UInt64(value), UInt64(Rate.unitsPerOne))
    }
    guard base < 0 else { return true }
    return !isLess(
      value.magnitude, UInt64(Rate.unitsPerOne), than: UInt64(line), base.magnitude)
  }

  @inline(__always) private static func isLess(
    _ a: UInt64, _ b: UInt64, than c: UInt64, _ d: UInt64
  ) -> Bool {
    let left = a.multipliedFullWidth(by: b)
    let right = c.multipliedFullWidth(by: d)
    return left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// For people: the ratio in 1e-4 of one percent, half away from zero; a denominator of 0 or less
  /// has no ratio: the largest number, or the smallest.
  static func percent(_ numerator: Int64, of denominator: Int64) -> Int64 {
    guard denominator > 0 else { return numerator > 0 ? .max : (numerator < 0 ? -.max : 0) }
    let scaled = Int128(numerator) * 2_000_000
    let half = Int128(numerator < 0 ? -denominator : denominator)
    return Int64(clamping: (scaled + half) / (Int128(denominator) * 2))
  }

  /// A line in the same unit.
  static func percent(line: Int64) -> Int64 {
    line == .min ? .min : (line + 50) / 100
  }
}
