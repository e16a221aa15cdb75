import Testing

@testable import Metrics

@Suite struct HistogramTests {
  @Test func everyBucketFollowsTheOneBefore() {
    var next: UInt64 = 0
    for bucket in 0..<Histogram.bucketCount {
      let end = Histogram.upperEnd(ofBucket: bucket)
      #expect(Histogram.bucket(of: next) == bucket)
      #expect(Histogram.bucket(of: end) == bucket)
      #expect(end - next <= next / 128)
      next = end + 1
    }
    #expect(next > Histogram.valueMaximum)
  }

  @Test(arguments: [1, 10, 1_000, 100_000, 3_000_000])
  func percentilesAreWithinOnePercentAndNeverBelow(_ scale: Int64) {
    let histogram = Histogram()
    let values = (1...1000).map { Int64($0) * scale }
    for value in values.shuffledBySeed() { histogram.record(value) }
    for part in [1_000, 500_000, 900_000, 990_000, 999_000, 1_000_000] {
      let exact = UInt64(values[part / 1000 - 1])
      let told = histogram.value(atPartsPerMillion: UInt64(part))
      #expect(told >= exact && told - exact <= exact / 128, "\(part)")
    }
    let largest = histogram.largest
    #expect(largest == UInt64(1000 * scale))
    let sum = histogram.sum
    #expect(sum == UInt64(500_500 * scale))
  }

  @Test func nothingSeenIsZero() {
    let histogram = Histogram()
    let (p50, largest, count) = (histogram.p50, histogram.largest, histogram.count)
    #expect(p50 == 0 && largest == 0 && count == 0)
  }

  @Test func whatIsOutOfRangeCountsAtTheEnds() {
    let histogram = Histogram()
    histogram.record(-5)
    histogram.record(.max)
    let (p50, all) = (histogram.p50, histogram.value(atPartsPerMillion: 1_000_000))
    #expect(p50 == 0)
    #expect(all == UInt64(Int64.max))
  }

  @Test func mergedHistogramsAreOne() {
    let (one, other, both) = (Histogram.Box(), Histogram.Box(), Histogram.Box())
    for value in Int64(0)..<5000 {
      (value % 3 == 0 ? one : other).histogram.record(value * 7)
      both.histogram.record(value * 7)
    }
    one.histogram.merge(other.histogram)
    for part in stride(from: UInt64(0), through: 1_000_000, by: 50_000) {
      let merged = one.histogram.value(atPartsPerMillion: part)
      let direct = both.histogram.value(atPartsPerMillion: part)
      #expect(merged == direct)
    }
    #expect(one.histogram.sum == both.histogram.sum)
    one.histogram.reset()
    #expect(one.histogram.count == 0)
  }
}

extension Histogram {
  fileprivate final class Box { let histogram = Histogram() }
}

extension Array {
  /// The same order in each run.
  fileprivate func shuffledBySeed() -> [Element] {
    var shuffled = self
    var state: UInt64 = 3
    for index in stride(from: count - 1, to: 0, by: -1) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      shuffled.swapAt(index, Int(state >> 33) % (index + 1))
    }
    return shuffled
  }
}
