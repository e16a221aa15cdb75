import Simulator

/// `sluice simulate`: runs of the real code in a world drawn by seed, with everything going wrong
/// that can. One seed by itself, or a campaign of many in worker processes.
enum SimulateCommand {
  struct Options: Equatable {
    var seed: UInt64?
    var seeds: ClosedRange<UInt64>?
    var seconds: Int64?
    var steps = SimulationSettings.stepsDefault
    var jobs = 1
    var without: Set<FaultKind> = []
    var isTraced = false
    /// A process of a campaign: takes every so many-th seed and says what came of each.
    var stride: UInt64?

    init(_ words: [String]) throws(Misuse) {
      var arguments = Arguments(words)
      while let key = arguments.next() {
        switch key {
        case "--seed":
          seed = try arguments.value(of: key, "a number, 0 or more") { UInt64($0) }
        case "--seeds":
          seeds = try arguments.value(of: key, "A-B, such as 1-1000") { Options.range($0) }
        case "--seconds": seconds = try arguments.number(of: key, 1...604_800)
        case "--steps": steps = Int(try arguments.number(of: key, 1...1_000_000))
        case "--jobs": jobs = Int(try arguments.number(of: key, 1...64))
        case "--without":
          without = try arguments.value(of: key, "kinds of faults, such as crash,disk-full") {
            Options.kinds($0)
          }
        case "--trace": isTraced = true
        case "--worker": stride = UInt64(try arguments.number(of: key, 1...64))
        default: throw Misuse(unknown: key)
        }
      }
      if seed != nil, seeds != nil || seconds != nil {
        throw Misuse("--seed is one run; --seeds and --seconds are many")
      }
      if stride != nil, seeds == nil { throw Misuse("--worker needs --seeds") }
    }

    private static func range(_ text: String) -> ClosedRange<UInt64>? {
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
      switch ends.count {
      case 1: return ends[0].map { $0...$0 }
      case 2:
        guard let first = ends[0], let last = ends[1], first <= last else { return nil }
        return first...last
      default: return nil
      }
    }

    private static func kinds(_ text: String) -> Set<FaultKind>? {
      let kinds = text.split(separator: ",").map { FaultKind(rawValue: String($0)) }
      guard !kinds.isEmpty, !kinds.contains(nil) else { return nil }
      return Set(kinds.compactMap { $0 })
    }
  }

  static let usage = """
    usage: sluice simulate --seed N [--steps N] [--without KIND,...] [--trace]
           sluice simulate [--seeds A-B] [--seconds N] [--steps N] [--without KIND,...] [--jobs N]

      --seed     one run; with --trace everything that happens in it
      --seeds    these runs; without it new ones, begun at a seed that the clock gives
      --seconds  no new run after so long; 60 when --seeds is not given either
      --steps    events of a run before everything calms down (\(SimulationSettings.stepsDefault))
      --without  kinds of faults that are left out:
                 \(FaultKind.allCases.map(\.rawValue).joined(separator: " "))
      --jobs     processes that run side by side (1)

      Exit code 0: in every run everything held. 1: it did not, and the one command that shows it
      again is printed, with as few steps and faults as still show it.
    """

  static func run(_ words: [String]) -> Int32 {
    let options: Options
    do throws(Misuse) {
      options = try Options(words)
    } catch {
      return CLI.misused("simulate", error)
    }
    if let seed = options.seed { return runOne(seed, options) }
    if options.stride != nil { return SimulationWorker.run(options) }
    var campaign = SimulationCampaign(options)
    return campaign.run()
  }

  /// How the run of a seed is called by hand.
  static func words(_ seed: UInt64, steps: Int, without: Set<FaultKind>) -> [String] {
    var words = ["simulate", "--seed", "\(seed)"]
    if steps != SimulationSettings.stepsDefault { words += ["--steps", "\(steps)"] }
    if !without.isEmpty {
      words += ["--without", without.map(\.rawValue).sorted().joined(separator: ",")]
    }
    return words
  }

  private static func runOne(_ seed: UInt64, _ options: Options) -> Int32 {
    let result = Simulation.run(
      SimulationSettings(
        seed: seed, steps: options.steps, without: options.without, isTraced: options.isTraced))
    for line in result.trace { Console.say(line) }
    Console.say("seed \(seed) hash \(String(result.hash, radix: 16))")
    guard let failure = result.failure else { return 0 }
    Console.complain("seed \(seed), step \(result.failedAtStep): \(failure)")
    return 1
  }
}
