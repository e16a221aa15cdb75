import CSluice
import Engine
import Glibc
import Journal
import Runtime
import Storage
import Synchronization

/// What a snapshot of a big house costs, and what the loop that decides orders notices of it.
enum SnapshotBench {
  /// Decisions that are timed with nobody beside them, and again while a snapshot is written.
  private static let decisions = 400_000

  static func run(folder path: String) throws(JournalStorageError) {
    let population = Population()
    var live = EngineBench(population: population, hotAccounts: 0, seed: 1)
    let writer = SnapshotWriting(population, path)
    var alone = Samples(capacity: decisions)
    live.run(decisions / 4, samples: &alone)
    alone = Samples(capacity: decisions)
    live.run(decisions, samples: &alone)
    var beside = Samples(capacity: decisions)
    var thread = try start(writer)
    while !writer.hasEnded { live.run(1_000, samples: &beside) }
    _ = consume thread
    guard let took = writer.took else { throw .full }
    thread = try start(writer)
    let gaps = gapsOfNothing(until: writer)
    _ = consume thread
    Bench.emit("snapshot.positions", Int64(population.accounts * population.positionsPerAccount))
    Bench.emit("snapshot.mebibytes", Int64(writer.byteCount >> 20))
    Bench.emit("snapshot.write_ms", took / 1_000_000)
    emit(beside.sorted(), "", "decisions_beside")
    emit(alone.sorted(), "_alone", "decisions_alone")
    Bench.emit("snapshot.longest_gap_us_of_nothing", gaps.sorted().maximum / 1_000)
    let before = sluice_monotonic_nanoseconds()
    _ = Engine(capacities: population.capacities)
    let between = sluice_monotonic_nanoseconds()
    guard writer.isReadBack(population) else { throw .missing }
    let after = sluice_monotonic_nanoseconds()
    Bench.emit("snapshot.read_ms", (after - between) / 1_000_000)
    Bench.emit("snapshot.engine_memory_ms", (between - before) / 1_000_000)
    writer.remove()
  }
}

extension SnapshotBench {
  private static let longStep: Int64 = 50_000

  private static func emit(_ steps: Samples.Sorted, _ suffix: String, _ count: String) {
    Bench.emit("snapshot." + count, Int64(steps.values.count))
    Bench.emit("snapshot.longest_step_us" + suffix, steps.maximum / 1_000)
    Bench.emit("snapshot.p999_step_ns" + suffix, steps.p999)
    Bench.emit(
      "snapshot.steps_over_50us" + suffix, Int64(steps.values.count { $0 > longStep }))
  }

  private static func start(_ writer: SnapshotWriting) throws(JournalStorageError) -> WorkerThread {
    writer.begin()
    guard let thread = WorkerThread(name: "snapshot", { writer.work() }) else {
      throw .io(errno: 11)
    }
    return thread
  }

  /// What a loop notices that does nothing but read the clock, while a snapshot is written: what
  /// the machine takes from whoever runs on it.
  private static func gapsOfNothing(until writer: SnapshotWriting) -> Samples {
    var gaps = Samples(capacity: 1_000)
    while !writer.hasEnded {
      var longest: Int64 = 0
      var before = sluice_monotonic_nanoseconds()
      for _ in 0..<10_000 {
        let after = sluice_monotonic_nanoseconds()
        longest = max(longest, after - before)
        before = after
      }
      gaps.add(longest)
    }
    return gaps
  }
}

/// A second engine, as the follower has one, that is written to a file on a thread of its own.
private final class SnapshotWriting: @unchecked Sendable {
  private var engine: Engine
  private let folder: SnapshotFolder
  private let journal: JournalFolder
  private let ended = Atomic(false)
  /// Nanoseconds; nil while it is being written, or when it could not be.
  private(set) var took: Int64?
  private(set) var byteCount: UInt64 = 0

  init(_ population: Population, _ path: String) {
    var feed = Feed(capacities: population.capacities)
    population.build(&feed)
    engine = feed.takeEngine()
    journal = JournalFolder(path: path)
    folder = SnapshotFolder(journal)
    mkdir(path, 0o700)
  }

  func begin() {
    ended.store(false, ordering: .releasing)
    took = nil
  }

  var hasEnded: Bool { ended.load(ordering: .acquiring) }

  func work() {
    let before = sluice_monotonic_nanoseconds()
    do throws(SnapshotFault) {
      var writer = try SnapshotWriter(
        engine.facts(genesisHash: InlineArray(repeating: 0), journalCRC: 0),
        to: try folder.make(engine.sequence, leave: 0))
      try engine.pass(through: &writer)
      let output = try writer.finish()
      byteCount = output.byteCount
      try folder.finish(engine.sequence, output, kept: 1)
      took = sluice_monotonic_nanoseconds() - before
    } catch {
      folder.abandon(engine.sequence)
    }
    ended.store(true, ordering: .releasing)
  }

  /// Whether it reads back as the same state.
  func isReadBack(_ population: Population) -> Bool {
    do throws(SnapshotFault) {
      var reader = try SnapshotReader(try folder.open(engine.sequence))
      let read = try Engine.read(from: &reader, capacities: population.capacities)
      return read.sequence == engine.sequence
    } catch {
      return false
    }
  }

  func remove() {
    unlink(folder.path(engine.sequence))
    rmdir(journal.path)
  }
}
