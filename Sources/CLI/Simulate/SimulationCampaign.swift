import Glibc
import Simulator

/// Many runs in worker processes: what they found, how often everything happened, and for each
/// failure the command that shows it again.
struct SimulationCampaign {
  private struct Worker {
    var process: ChildProcess
    /// The run it is in.
    var seed: UInt64?
    var isOver = false
  }

  private let options: SimulateCommand.Options
  private let seeds: ClosedRange<UInt64>
  private let seconds: Int64?
  private let begin = Clock.seconds
  private var workers: [Worker] = []
  private var counts: [String: Int] = [:]
  private var failures: [(seed: UInt64, step: Int, words: String)] = []
  /// Runs that are done once more in another process, which has to come to the same.
  private var samples: [(seed: UInt64, hash: String)] = []

  /// Enough was found: processes are told to end.
  private var isStopping = false

  private static let samplesMaximum = 8
  private static let failuresMaximum = 5

  init(_ options: SimulateCommand.Options) {
    self.options = options
    let first = Clock.freshSeed
    seeds = options.seeds ?? first...(first + 1_000_000_000)
    seconds = options.seconds ?? (options.seeds == nil ? 60 : nil)
  }

  mutating func run() -> Int32 {
    // A run that ends its process is told by its seed: no need to look at the stack each time.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    Console.say(
      options.seeds == nil
        ? "seeds from \(seeds.lowerBound) on"
        : "seeds \(seeds.lowerBound) to \(seeds.upperBound)")
    for job in 0..<UInt64(options.jobs) {
      guard start(from: seeds.lowerBound + job) else { return CLI.failed("no process to be had") }
    }
    listen()
    for sample in samples { repeatOnce(sample.seed, sample.hash) }
    tellCounts()
    for failure in failures {
      Console.complain("seed \(failure.seed), step \(failure.step): \(failure.words)")
      SimulationShrinker(failure.seed, failure.step, options).tell()
    }
    Console.say(failures.isEmpty ? "everything held" : "\(failures.count) runs failed")
    return failures.isEmpty ? 0 : 1
  }

  // MARK: Workers

  private mutating func start(from seed: UInt64) -> Bool {
    guard seed <= seeds.upperBound else { return true }
    var words = [
      "simulate", "--worker", "\(options.jobs)", "--seeds", "\(seed)-\(seeds.upperBound)",
      "--steps", "\(options.steps)",
    ]
    if let seconds {
      words += ["--seconds", "\(max(1, seconds - Int64(Clock.seconds - begin)))"]
    }
    if !options.without.isEmpty {
      words += ["--without", options.without.map(\.rawValue).sorted().joined(separator: ",")]
    }
    guard let process = ChildProcess(words) else { return false }
    workers.append(Worker(process: process))
    return true
  }

  private mutating func listen() {
    while true {
      let open = workers.indices.filter { !workers[$0].isOver }
      guard !open.isEmpty else { return }
      var waits = open.map {
        pollfd(fd: workers[$0].process.output, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&waits, nfds_t(waits.count), -1) >= 0 else { continue }
      for (place, worker) in open.enumerated() where waits[place].revents != 0 {
        guard let lines = workers[worker].process.readLines() else {
          ended(worker)
          continue
        }
        for line in lines { take(line, worker) }
      }
    }
  }

  private mutating func ended(_ worker: Int) {
    workers[worker].isOver = true
    let code = workers[worker].process.wait()
    guard let seed = workers[worker].seed, code != 0, !isStopping else { return }
    fail(seed, options.steps, code.map { "the process ended with \($0)" } ?? "the process died")
    if failures.count < SimulationCampaign.failuresMaximum {
      _ = start(from: seed + UInt64(options.jobs))
    }
  }

  private mutating func fail(_ seed: UInt64, _ step: Int, _ words: String) {
    failures.append((seed, step, words))
  }

  private mutating func take(_ line: String, _ worker: Int) {
    let words = line.split(separator: " ", maxSplits: 3).map(String.init)
    guard words.count >= 2 else { return }
    switch words[0] {
    case "run": workers[worker].seed = UInt64(words[1])
    case "ok" where words.count >= 3:
      workers[worker].seed = nil
      counts["ok", default: 0] += 1
      if counts["ok", default: 0] % 40 == 1,
        samples.count < SimulationCampaign.samplesMaximum, let seed = UInt64(words[1])
      {
        samples.append((seed, words[2]))
      }
    case "failed" where words.count == 4:
      workers[worker].seed = nil
      fail(UInt64(words[1]) ?? 0, Int(words[2]) ?? 0, words[3])
      if failures.count >= SimulationCampaign.failuresMaximum {
        isStopping = true
        for worker in workers where !worker.isOver { kill(worker.process.identifier, SIGTERM) }
      }
    case "count":
      let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
      if parts.count == 3, let count = Int(parts[1]) { counts[parts[2], default: 0] += count }
    default: break
    }
  }

  /// The same seed is the same run in any process.
  private mutating func repeatOnce(_ seed: UInt64, _ hash: String) {
    let words = SimulateCommand.words(seed, steps: options.steps, without: options.without)
    guard let again = ChildProcess.run(words) else { return }
    if !again.lines.contains("seed \(seed) hash \(hash)") {
      fail(seed, options.steps, "another process comes to another end")
    }
  }

  // MARK: Telling

  private func tellCounts() {
    let elapsed = Clock.seconds - begin
    let order = ["runs", "steps", "commands", "simulated seconds"]
    for (name, count) in counts.sorted(by: { $0.key < $1.key })
    where name != "ok" && !order.contains(name) {
      Console.say("\(pad(count))  \(name)")
    }
    for name in order { Console.say("\(pad(counts[name] ?? 0))  \(name)") }
    let steps = Double(counts["steps"] ?? 0)
    let runs = Double(counts["runs"] ?? 0)
    Console.say(
      "\(Int(steps / elapsed)) steps/s, \(Int(runs / elapsed)) runs/s in \(Int(elapsed)) s; "
        + "\(samples.count) runs repeated in another process")
  }

  private func pad(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(0, 12 - digits.count)) + digits
  }
}
