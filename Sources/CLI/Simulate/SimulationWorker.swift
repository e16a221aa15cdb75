import Glibc
import Simulator

/// A process of a campaign. It says what it does in lines, so that the campaign knows which run a
/// process died in:
///
///     run SEED
///     ok SEED HASH
///     failed SEED STEP WORDS
///     count NUMBER NAME
enum SimulationWorker {
  /// Counts are told after so many runs.
  private static let runsBetweenCounts = 64

  static func run(_ options: SimulateCommand.Options) -> Int32 {
    guard let seeds = options.seeds, let stride = options.stride else { return 2 }
    let end = options.seconds.map { Clock.seconds + Double($0) }
    var counts: [String: Int] = [:]
    var runs = 0
    var seed = seeds.lowerBound
    while seed <= seeds.upperBound {
      if let end, Clock.seconds >= end { break }
      Console.say("run \(seed)")
      let result = Simulation.run(
        SimulationSettings(seed: seed, steps: options.steps, without: options.without))
      if let failure = result.failure {
        let words = failure.split(whereSeparator: \.isNewline).joined(separator: " ")
        Console.say("failed \(seed) \(result.failedAtStep) \(words)")
      } else {
        Console.say("ok \(seed) \(String(result.hash, radix: 16))")
      }
      for row in result.counts.rows { counts[row.name, default: 0] += row.count }
      runs += 1
      if runs % runsBetweenCounts == 0 { tell(&counts) }
      let (next, overflows) = seed.addingReportingOverflow(stride)
      if overflows { break }
      seed = next
    }
    tell(&counts)
    return 0
  }

  private static func tell(_ counts: inout [String: Int]) {
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      Console.say("count \(count) \(name)")
    }
    counts = [:]
  }
}

/// Time that passes while a campaign runs.
enum Clock {
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// A number that no campaign of this minute has had.
  static var freshSeed: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
