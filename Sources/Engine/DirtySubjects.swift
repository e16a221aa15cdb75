import Domain
import Ledger
import Storage

/// Subjects of schemes of which something changed that clauses are held against, in the order they
/// changed. Each waits equally long, so that many changes make one look.
struct DirtySubjects: ~Copyable {
  struct Entry: BitwiseCopyable {
    var due: Timestamp
    var subject: SchemeSubject
    var padding: UInt32 = 0
  }

  private let pinned = Pinned()
  let queue: Table<Entry>
  let isQueued: Table<UInt8>
  private var head = 0
  private(set) var count = 0

  init(capacity: Int) {
    queue = Table(capacity: max(capacity, 1))
    isQueued = Table(capacity: max(capacity, 1))
  }

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(queue)
    try archive.pass(isQueued)
    try archive.pass(count: &head, atMost: queue.capacity - 1)
    try archive.pass(count: &count, atMost: queue.capacity)
  }

  func hash(into hasher: inout StateHasher) {
    hasher.combine(UInt64(count))
    for index in 0..<count {
      let entry = queue.at((head + index) % queue.capacity)
      hasher.combine(UInt64(entry.pointee.subject.raw))
      hasher.combine(entry.pointee.due.nanoseconds)
    }
  }

  /// When the first is to be looked at; `.never` = nobody waits.
  var due: Timestamp { count == 0 ? .never : queue.at(head).pointee.due }

  mutating func push(_ subject: SchemeSubject, at now: Timestamp) {
    guard isQueued.at(subject.raw).pointee == 0 else { return }
    isQueued.at(subject.raw).pointee = 1
    let entry = queue.at((head + count) % queue.capacity)
    entry.pointee.subject = subject
    entry.pointee.due = now.adding(nanoseconds: SchemeLimits.watchMilliseconds * 1_000_000)
    count += 1
  }

  mutating func pop() -> SchemeSubject {
    let subject = queue.at(head).pointee.subject
    isQueued.at(subject.raw).pointee = 0
    head = (head + 1) % queue.capacity
    count -= 1
    return subject
  }
}
