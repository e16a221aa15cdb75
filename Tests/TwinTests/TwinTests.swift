import Domain
import Foundation
import Messages
import ReferenceModel
import Testing

/// The engine against its naive twin: streams of commands drawn by seed.
@Suite struct TwinTests {
  static let environment = ProcessInfo.processInfo.environment
  static let steps = environment["SLUICE_TWIN_STEPS"].flatMap(Int.init) ?? 300
  static let quickSeeds = 160

  /// All seeds of this run: one alone, so many, or the quick ones; with those of seeds.txt.
  static var seeds: [UInt64] {
    if let alone = environment["SLUICE_TWIN_SEED"].flatMap({ UInt64($0) }) { return [alone] }
    let count = environment["SLUICE_TWIN_SEEDS"].flatMap(Int.init) ?? quickSeeds
    return regressions + (1...UInt64(count)).map { $0 }
  }

  /// Seeds that once found something.
  static var regressions: [UInt64] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("seeds.txt")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .compactMap { $0.split(separator: " ").first.flatMap { UInt64($0) } }
  }

  @Test func theEngineSaysWhatItsTwinSays() async {
    let seeds = Self.seeds
    let share = 4
    let coverage = await withTaskGroup(of: TwinCoverage.self) { group in
      for part in 0..<share {
        group.addTask {
          var coverage = TwinCoverage()
          for index in stride(from: part, to: seeds.count, by: share) {
            let run = TwinRun(seed: seeds[index])
            run.play(steps: Self.steps)
            if let failure = run.failure { Issue.record("\(failure)") }
            coverage.add(run.coverage)
          }
          return coverage
        }
      }
      var all = TwinCoverage()
      for await part in group { all.add(part) }
      return all
    }
    if Self.environment["SLUICE_TWIN_COUNTS"] != nil { print(coverage.text) }
    if seeds.count >= Self.quickSeeds {
      #expect(coverage.missing == [], "what no stream ever made happen")
    }
  }
}
