import Journal

/// The gateway's process died.
struct GatewayCrash: Error {
  var point: CrashPoint
}

/// When the process dies: after so many calls of its storage and network.
final class CrashPlan {
  /// Calls that are still survived; nil = all are.
  private var left: Int?
  /// Only these are counted; nil = all.
  private var wanted: CrashPoint?
  /// Where it died, until somebody asks.
  private(set) var died: CrashPoint?
  private(set) var counts = [Int](repeating: 0, count: CrashPoint.allCases.count)

  /// It dies at the so-many-th call, or at the so-many-th of one kind.
  func arm(_ calls: Int, at point: CrashPoint? = nil) {
    left = calls
    wanted = point
  }

  func disarm() { left = nil }

  /// Whether it dies here.
  func hits(_ point: CrashPoint) -> Bool {
    guard died == nil, let calls = left, wanted == nil || wanted == point else { return false }
    left = max(calls - 1, 0)
    guard calls <= 1 else { return false }
    left = nil
    died = point
    counts[point.rawValue] += 1
    return true
  }

  func pass(_ point: CrashPoint) throws(GatewayCrash) {
    if hits(point) { throw GatewayCrash(point: point) }
  }

  /// The same inside of a storage, which can say no more than that it failed.
  func passStorage(_ point: CrashPoint) throws(JournalStorageError) {
    if hits(point) { throw .io(errno: 0) }
  }

  /// A new process.
  func begin() { died = nil }
}
