import Foundation
import ReferenceModel
import Testing

@testable import Simulator

/// Runs by seed: those that once found something, and some more. docs/SIMULATION.md.
@Suite struct SimulationTests {
  static let environment = ProcessInfo.processInfo.environment
  static let quickSeeds: UInt64 = 60

  /// Seeds of seeds.txt, and the first ones; SLUICE_SIMULATION_SEEDS=N for more of those.
  static var seeds: [UInt64] {
    let count = environment["SLUICE_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? quickSeeds
    return Set(1...count).union(regressions).sorted()
  }

  static var regressions: [UInt64] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("seeds.txt")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .compactMap { $0.split(separator: " ").first.flatMap { UInt64($0) } }
  }

  @Test func everythingHoldsInEveryRun() {
    #expect(Self.regressions.count > 5, "seeds.txt was found")
    var (stops, whole, refused, cancelled, closed) = (0, 0, 0, 0, 0)
    for seed in Self.seeds {
      let result = Simulation.run(SimulationSettings(seed: seed))
      stops += result.counts.stops
      whole += result.counts.wholeStops
      refused += result.counts.lowRefusals
      cancelled += result.counts.lowCancels
      closed += result.counts.lowClosings
      if let failure = result.failure {
        Issue.record("sluice simulate --seed \(seed) --trace: \(failure)")
      }
    }
    #expect(stops > 0 && whole > 0, "gateways stopped, and left a whole journal")
    #expect(refused > 0 && cancelled > 0 && closed > 0, "the last segment was for what it is for")
  }

  /// Bytes on every connection, bytes on the disk, books at the end and every count are the same.
  @Test func theSameSeedIsTheSameRun() {
    for seed in UInt64(1)...6 {
      let first = Simulation.run(SimulationSettings(seed: seed, isTraced: true))
      let second = Simulation.run(SimulationSettings(seed: seed))
      let other = Simulation.run(SimulationSettings(seed: seed + 1_000))
      #expect(first.hash == second.hash)
      #expect(first.hash != other.hash)
      #expect(!first.trace.isEmpty && second.trace.isEmpty)
      let rows = zip(first.counts.rows, second.counts.rows)
      #expect(first.counts.rows.count == second.counts.rows.count)
      #expect(rows.allSatisfy { $0.name == $1.name && $0.count == $1.count })
    }
  }

  /// Leaving out a kind of fault leaves it out.
  @Test func aRunWithoutAFaultHasNone() {
    var with = SimulationCounts()
    for seed in UInt64(1)...12 {
      let result = Simulation.run(SimulationSettings(seed: seed, without: [.dropConnection]))
      #expect(result.counts.faults[FaultKind.dropConnection.index] == 0)
      let all = Simulation.run(SimulationSettings(seed: seed))
      with.faults[FaultKind.dropConnection.index] +=
        all.counts.faults[
          FaultKind.dropConnection.index]
    }
    #expect(with.faults[FaultKind.dropConnection.index] > 0)
  }

  // MARK: The checks can fail

  /// A fill that is not what was booked.
  @Test(arguments: [(Int32(1), Int64(0)), (0, 10_000)])
  func aTamperedFillIsNoticed(_ lots: Int32, _ price: Int64) {
    for seed in UInt64(1)...4 {
      let result = Simulation.run(SimulationSettings(seed: seed)) { world in
        world.witness?.twin.tamperNextFill = (lots, price)
      }
      #expect(result.failure != nil, "seed \(seed)")
    }
  }

  @Test func aChildThatIsNotStoredIsNoticed() {
    let result = Simulation.run(SimulationSettings(seed: 1)) { world in
      // A witness that reads nothing more: nothing is stored as far as it knows.
      world.witness?.isBlind = true
    }
    #expect(result.failure?.contains("before it is stored") == true, "\(result.failure ?? "")")
  }
}
