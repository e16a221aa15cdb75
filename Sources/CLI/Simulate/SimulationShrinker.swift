import Simulator

/// Makes a failing run small: fewer steps, kinds of faults left out one by one, while it still
/// fails. Each try is a process of its own, because a run may end its process.
struct SimulationShrinker {
  private let seed: UInt64
  private let options: SimulateCommand.Options
  private let failedAtStep: Int
  /// Lines of the history that are shown.
  private static let linesShown = 120

  init(_ seed: UInt64, _ step: Int, _ options: SimulateCommand.Options) {
    self.seed = seed
    self.options = options
    failedAtStep = step
  }

  private func fails(_ steps: Int, _ without: Set<FaultKind>) -> Bool {
    let words = SimulateCommand.words(seed, steps: steps, without: without)
    return ChildProcess.run(words).map { $0.code != 0 } ?? false
  }

  /// Prints the one command, and the end of the history that it tells.
  func tell() {
    var steps = options.steps
    var without = options.without
    guard fails(steps, without) else {
      Console.complain("  it did not fail again: the run depends on its process")
      return
    }
    if failedAtStep + 1 < steps, fails(failedAtStep + 1, without) { steps = failedAtStep + 1 }
    for kind in FaultKind.allCases where !without.contains(kind) {
      if fails(steps, without.union([kind])) { without.insert(kind) }
    }
    var part = steps / 2
    while part > 0 {
      if steps > part, fails(steps - part, without) { steps -= part } else { part /= 2 }
    }
    let words = SimulateCommand.words(seed, steps: steps, without: without)
    let command = "sluice \(words.joined(separator: " "))"
    guard let shown = ChildProcess.run(words + ["--trace"]) else { return }
    for line in shown.lines.suffix(SimulationShrinker.linesShown) { Console.say("  \(line)") }
    Console.say("shown again by: \(command) --trace")
  }
}
