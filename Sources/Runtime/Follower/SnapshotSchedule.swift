import CSluice
import Follower
import Journal
import Storage

/// How a follower's snapshots stood a moment ago.
struct SnapshotProgress: Equatable, Sendable {
  /// The newest command in one that is written, and what it took.
  var sequence: UInt64 = 0
  var byteCount: UInt64 = 0
  var nanoseconds: Int64 = 0
  var written: UInt64 = 0
  var failures: UInt64 = 0
  /// Why the last one could not be written or read; empty when it could.
  var fault = ""
}

/// Writes a follower's state to its journal's folder when it is time, on the follower's thread.
struct SnapshotSchedule {
  /// Writing takes at most this part of the follower's time, or it would fall behind for good.
  private static let pausesPerWrite: Int64 = 4

  private let plan: SnapshotPlan
  private let folder: SnapshotFolder
  /// Left free for the journal: the segment it makes next, and its reserve.
  private let leave: UInt64
  /// The newest command when the last one was written or tried.
  private var last: UInt64
  private var pauseEnd = Int64.min
  private(set) var progress = SnapshotProgress()

  /// - Parameter start: the newest command in the snapshot that the follower began with.
  init(_ journal: JournalPlan, from start: UInt64) {
    plan = journal.snapshots
    folder = SnapshotFolder(JournalFolder(path: journal.path))
    leave = 2 * journal.segmentBytes
    last = start
    progress.sequence = start
  }

  /// The snapshot that a follower may begin with, its header read; nil when it can't be.
  mutating func open() -> SnapshotReader<SnapshotFileInput>? {
    guard last > 0 else { return nil }
    do throws(SnapshotFault) {
      return try SnapshotReader(try folder.open(last))
    } catch {
      failed(error)
      return nil
    }
  }

  /// The follower could not begin with it: it follows the journal from its start.
  mutating func couldNotBegin(_ fault: SnapshotFault) {
    failed(fault)
    last = 0
  }

  /// Writes one when it is due; whether one was written or tried.
  mutating func work<File: JournalStorage & ~Copyable>(
    _ follower: inout Follower<File>
  ) -> Bool {
    guard isDue(follower) else { return false }
    let began = sluice_monotonic_nanoseconds()
    guard began >= pauseEnd else { return false }
    let sequence = follower.sequence
    last = sequence
    do throws(SnapshotFault) {
      let output = try follower.writeSnapshot(to: try folder.make(sequence, leave: leave))
      let byteCount = output.byteCount
      try folder.finish(sequence, output, kept: plan.kept)
      let ended = sluice_monotonic_nanoseconds()
      pauseEnd = ended + SnapshotSchedule.pausesPerWrite * (ended - began)
      progress.sequence = sequence
      progress.byteCount = byteCount
      progress.nanoseconds = ended - began
      progress.written += 1
      progress.fault = ""
    } catch {
      folder.abandon(sequence)
      failed(error)
    }
    return true
  }

  private func isDue<File: JournalStorage & ~Copyable>(
    _ follower: borrowing Follower<File>
  ) -> Bool {
    guard plan.everyCommands > 0, follower.fault == nil, follower.hasCaughtUp else { return false }
    return follower.sequence >= last + plan.everyCommands || follower.dayStart > last
  }

  private mutating func failed(_ fault: SnapshotFault) {
    progress.failures += 1
    progress.fault = "\(fault)"
  }
}
