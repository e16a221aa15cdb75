/// Every sample of a measurement; percentiles are exact.
struct Samples {
  private var values: [Int64] = []

  init(capacity: Int) { values.reserveCapacity(capacity) }

  mutating func add(_ value: Int64) { values.append(value) }

  var count: Int { values.count }
  var sum: Int64 { values.reduce(0, +) }

  /// The smallest sample that at least `part` of all samples do not exceed.
  func sorted() -> Sorted { Sorted(values: values.sorted()) }

  struct Sorted {
    let values: [Int64]

    func percentile(_ part: Double) -> Int64 {
      guard !values.isEmpty else { return 0 }
      let rank = Int((part * Double(values.count)).rounded(.up))
      return values[min(max(rank - 1, 0), values.count - 1)]
    }
    var p50: Int64 { percentile(0.5) }
    var p99: Int64 { percentile(0.99) }
    var p999: Int64 { percentile(0.999) }
    var maximum: Int64 { values.last ?? 0 }
  }
}
