import Storage
import Synchronization

/// Fills a state's tables on a thread of its own while whoever has the state works already. Letting
/// go of it ends it soon.
struct TableFiller: ~Copyable {
  private final class Work: Sendable {
    let memory: TableMemory
    let isStopping = Atomic(false)

    init(_ memory: TableMemory) { self.memory = memory }

    func run() { memory.fill { !isStopping.load(ordering: .relaxed) } }
  }

  private let work: Work
  /// Nil when the system has no more threads: pages come as they are touched.
  private let thread: WorkerThread?

  init(_ memory: TableMemory) {
    let work = Work(memory)
    thread = WorkerThread(name: "pages") { work.run() }
    self.work = work
  }

  deinit { work.isStopping.store(true, ordering: .relaxed) }
}
