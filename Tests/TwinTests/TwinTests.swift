import Domain
import Engine
import Foundation
import Messages
import ReferenceModel
import Testing

/// The engine against its naive twin: streams of commands drawn by seed.
@Suite struct TwinTests {
  static let environment = ProcessInfo.processInfo.environment
  static let steps = environment["SLUICE_TWIN_STEPS"].flatMap(Int.init) ?? 300
  static let quickSeeds = 450
  /// Every command and what came of it is printed: for one seed alone.
  static let isTraced = environment["SLUICE_TWIN_TRACE"] != nil

  /// All seeds of this run: one alone, or so many from the first on (else the quick ones from 1
  /// on); with those of seeds.txt.
  static var seeds: [UInt64] {
    if let alone = environment["SLUICE_TWIN_SEED"].flatMap({ UInt64($0) }) { return [alone] }
    let count = environment["SLUICE_TWIN_SEEDS"].flatMap(Int.init) ?? quickSeeds
    let first = environment["SLUICE_TWIN_FIRST"].flatMap { UInt64($0) } ?? 1
    return Set(first..<first + UInt64(count)).union(regressions).sorted()
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
            run.begin()
            run.play(steps: Self.steps)
            if let failure = run.failure { Issue.record("\(failure)") }
            coverage.add(run.coverage)
            coverage.add("newly refused", run.outsider.newlyRefused)
            coverage.add("newly taken", run.outsider.newlyTaken)
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

  /// The check can fail: a twin that is told of another fill than the engine disagrees at once.
  @Test(arguments: [(Lots(1), Int64(0)), (0, 10_000)])
  func aTamperedFillIsNoticed(_ lots: Lots, _ price: Int64) throws {
    for seed in UInt64(1)...8 {
      let run = TwinRun(seed: seed)
      run.begin()
      run.twin.tamperNextFill = (lots, price)
      run.play(steps: 200)
      #expect(run.twin.tamperNextFill == nil, "seed \(seed) has a fill")
      let failure = try #require(run.failure, "seed \(seed)")
      #expect(failure.contains("counterTrade"))
    }
  }

  /// What a failure tells is enough to see it again: the seed alone decides the stream.
  @Test func aSeedIsAStream() {
    func play(_ seed: UInt64) -> (UInt64, [String: Int]) {
      let run = TwinRun(seed: seed)
      run.begin()
      run.play(steps: 100)
      return (run.engine.stateHash, run.coverage.counts)
    }
    let (hash, counts) = play(3)
    let (again, countsAgain) = play(3)
    let (other, _) = play(4)
    #expect(hash == again)
    #expect(counts == countsAgain)
    #expect(hash != other)
  }
}
