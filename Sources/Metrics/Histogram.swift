import Synchronization

/// How often which value was seen, for values of 0 to 2^40, to within 0.8 %.
///
/// Recording touches one bucket and allocates nothing. One thread records; any may read meanwhile
/// and sees some moment between. The buckets are those of HdrHistogram with two digits: values
/// below 256 have one each, and every doubling after that has 128.
public struct Histogram: ~Copyable, @unchecked Sendable {
  private let cells: UnsafeMutablePointer<Atomic<UInt64>>

  private static let precisionBits = 7
  private static let subBuckets = 1 << precisionBits
  /// The largest value told apart; larger ones count as it. 18 minutes in nanoseconds.
  public static let valueMaximum: UInt64 = 1 << 40
  static let bucketCount = bucket(of: valueMaximum) + 1
  /// Behind the buckets: how many, their sum, the largest.
  private static let countCell = bucketCount
  private static let sumCell = bucketCount + 1
  private static let largestCell = bucketCount + 2
  private static let cellCount = bucketCount + 3

  public init() {
    cells = .allocate(capacity: Histogram.cellCount)
    for index in 0..<Histogram.cellCount { (cells + index).initialize(to: Atomic(0)) }
  }

  deinit { cells.deallocate() }

  static func bucket(of value: UInt64) -> Int {
    if value < 2 * UInt64(subBuckets) { return Int(value) }
    let shift = 63 - value.leadingZeroBitCount - precisionBits
    return shift << precisionBits + Int(value >> UInt64(shift))
  }

  /// The largest value that falls into a bucket.
  static func upperEnd(ofBucket bucket: Int) -> UInt64 {
    if bucket < 2 * subBuckets { return UInt64(bucket) }
    let shift = bucket >> precisionBits - 1
    let step = UInt64(bucket - shift << precisionBits)
    return (step + 1) << UInt64(shift) - 1
  }

  private func cell(_ index: Int) -> UInt64 { cells[index].load(ordering: .relaxed) }

  /// One writer: a load and a store do, no locked addition is needed.
  private func add(_ amount: UInt64, to index: Int) {
    cells[index].store(cell(index) &+ amount, ordering: .relaxed)
  }

  /// Counts a value; a negative one counts as 0.
  public func record(_ value: Int64) {
    let value = UInt64(max(0, value))
    add(1, to: Histogram.bucket(of: min(value, Histogram.valueMaximum)))
    add(1, to: Histogram.countCell)
    add(value, to: Histogram.sumCell)
    if value > cell(Histogram.largestCell) {
      cells[Histogram.largestCell].store(value, ordering: .relaxed)
    }
  }

  public var count: UInt64 { cell(Histogram.countCell) }
  /// Of all values, exactly; wraps past 2^64.
  public var sum: UInt64 { cell(Histogram.sumCell) }
  /// The largest value, exactly; 0 when there is none.
  public var largest: UInt64 { cell(Histogram.largestCell) }

  /// The value that this part of all values does not exceed, to within 0.8 % and never below it;
  /// 0 when there is none. A part of 999 000 is the 99.9th percentile.
  public func value(atPartsPerMillion part: UInt64) -> UInt64 {
    precondition(part <= 1_000_000, "a part is at most the whole")
    let all = count
    if all == 0 { return 0 }
    let (high, low) = all.multipliedFullWidth(by: part)
    let (quotient, remainder) = UInt64(1_000_000).dividingFullWidth((high, low))
    let rank = max(1, quotient + (remainder > 0 ? 1 : 0))
    var seen: UInt64 = 0
    for bucket in 0..<Histogram.bucketCount {
      seen += cell(bucket)
      if seen >= rank {
        // The last bucket holds everything from the maximum on.
        let isLast = bucket == Histogram.bucketCount - 1
        return isLast ? largest : min(Histogram.upperEnd(ofBucket: bucket), largest)
      }
    }
    return largest
  }

  public var p50: UInt64 { value(atPartsPerMillion: 500_000) }
  public var p90: UInt64 { value(atPartsPerMillion: 900_000) }
  public var p99: UInt64 { value(atPartsPerMillion: 990_000) }
  public var p999: UInt64 { value(atPartsPerMillion: 999_000) }

  /// Adds what another one has seen.
  public func merge(_ other: borrowing Histogram) {
    for index in 0..<Histogram.largestCell { add(other.cell(index), to: index) }
    let most = max(largest, other.largest)
    cells[Histogram.largestCell].store(most, ordering: .relaxed)
  }

  /// Forgets everything.
  public func reset() {
    for index in 0..<Histogram.cellCount { cells[index].store(0, ordering: .relaxed) }
  }
}
