import CSluice
import Domain
import Follower
import Gateway
import Journal
import Ledger
import Rings
import Synchronization

/// A follower on a thread of its own: it keeps up with the journal while the gateway's loop decides
/// orders, and answers what terminals ask.
///
/// The loop feeds it what was stored and asks; when the follower has answers it wakes the loop.
/// Letting go of it waits for its end.
struct FollowerThread: ~Copyable {
  private var feed: JournalFeed
  private var questions: RecordProducer<Question>
  private var answers: ByteConsumer
  private let desk: FollowerDesk
  private let thread: WorkerThread
  /// Something was stored or asked that the thread was not woken for.
  private var hasNews = false

  /// Nil when the system has no more threads.
  ///
  /// - Parameters:
  ///   - end: of what is stored.
  ///   - snapshot: the newest command in the snapshot that the gateway began with; 0 = none.
  init?(
    _ settings: borrowing GatewayServerSettings, behind end: JournalEnd, snapshot: UInt64,
    waker: LoopWaker
  ) {
    let limits = settings.follower
    let ring = ByteRing(capacity: limits.journalRingBytes)
    let questions = RecordRing<Question>(capacity: limits.questionRing)
    let answers = ByteRing(capacity: limits.answerRingBytes)
    let mark = JournalMark()
    mark.stored(end)
    let desk = FollowerDesk(
      FollowerDesk.Plan(
        journal: settings.journal, snapshot: snapshot, capacities: settings.capacities,
        limits: limits, terminals: settings.limits),
      ring.consumer, mark, questions.consumer, answers.producer, waker)
    guard let thread = WorkerThread(name: "follower", { desk.work() }) else { return nil }
    feed = JournalFeed(ring.producer, mark)
    self.questions = questions.producer
    self.answers = answers.consumer
    self.desk = desk
    self.thread = thread
  }

  deinit { desk.stop() }

  /// Records that are stored; it may read them when `stored` says so.
  mutating func offer(_ records: UnsafeRawBufferPointer, at offset: UInt64) {
    feed.offer(records, at: offset)
  }

  /// It may read everything in front of `end`.
  mutating func stored(upTo end: JournalEnd) {
    feed.mark.stored(end)
    hasNews = true
  }

  /// `.full`: it has too many questions.
  mutating func ask(_ question: Question) -> Stored {
    guard !desk.hasEnded else { return .full }
    hasNews = true
    return questions.push(question)
  }

  /// An answer, whole frames behind their header.
  struct Answer {
    let header: AnswerHeader
    /// Good until `answersTaken`.
    let frames: UnsafeRawBufferPointer
  }

  /// The next answer; nil when there is none. `answersTaken` follows.
  mutating func nextAnswer() -> Answer? {
    guard let record = answers.next() else { return nil }
    let start = MemoryLayout<AnswerHeader>.size
    return Answer(
      header: record.bytes.loadUnaligned(as: AnswerHeader.self),
      frames: UnsafeRawBufferPointer(rebasing: record.bytes[start...]))
  }

  /// What came from `nextAnswer` is done with.
  mutating func answersTaken() {
    answers.release()
    // It may wait for room.
    hasNews = true
  }

  /// Wakes it for what has come since the last call: once a turn, when everything else has left.
  mutating func wake() {
    guard hasNews else { return }
    hasNews = false
    desk.bell.ring()
  }

  /// How it stood a moment ago.
  var progress: FollowerProgress { desk.progress }
  /// Of the newest command that it could have.
  var storedSequence: UInt64 { feed.mark.storedSequence }
  /// Bytes that it reads from the file because the ring was full.
  var overflowBytes: UInt64 { feed.overflowBytes }
}

/// How a follower stood a moment ago.
struct FollowerProgress: Equatable, Sendable {
  /// Of its newest command.
  var sequence: UInt64 = 0
  /// How old that command was when the follower had it, in nanoseconds.
  var delayNanoseconds: Int64 = 0
  /// Why it follows no more; empty while it does.
  var fault = ""
  var snapshots = SnapshotProgress()
}

/// The follower's side, on its thread.
private final class FollowerDesk: @unchecked Sendable {
  struct Plan: Sendable {
    var journal: JournalPlan
    var snapshot: UInt64
    var capacities: LedgerCapacities
    var limits: FollowerLimits
    var terminals: GatewayLimits
  }

  /// Commands between two looks at questions.
  private static let commandsPerSlice = 256

  let bell = Doorbell()
  private let plan: Plan
  private var ring: ByteConsumer?
  private let mark: JournalMark
  private var questions: RecordConsumer<Question>
  private var answers: ByteProducer
  private let waker: LoopWaker
  private let isStopping = Atomic(false)
  private let ended = Atomic(false)
  private let state = Mutex(FollowerProgress())

  init(
    _ plan: Plan, _ ring: consuming ByteConsumer, _ mark: JournalMark,
    _ questions: consuming RecordConsumer<Question>, _ answers: consuming ByteProducer,
    _ waker: LoopWaker
  ) {
    self.plan = plan
    self.ring = consume ring
    self.mark = mark
    self.questions = questions
    self.answers = answers
    self.waker = waker
  }

  var progress: FollowerProgress { state.withLock { $0 } }
  /// It never began: nobody takes questions.
  var hasEnded: Bool { ended.load(ordering: .acquiring) }

  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    bell.ring()
  }

  private var mustStop: Bool { isStopping.load(ordering: .sequentiallyConsistent) }

  func work() {
    guard let ring = ring.take() else { return }
    var schedule = SnapshotSchedule(plan.journal, from: plan.snapshot)
    do throws(JournalError) {
      var follower = try Follower(
        FolderJournalStorage(path: plan.journal.path), ring, mark, capacities: plan.capacities,
        limits: plan.limits, terminals: plan.terminals, from: schedule.open())
      if let fault = follower.snapshotFault { schedule.couldNotBegin(fault) }
      while !mustStop {
        if schedule.work(&follower) { publish(follower, schedule.progress) }
        turn(&follower)
      }
    } catch {
      ended.store(true, ordering: .releasing)
      state.withLock { $0.fault = "\(error)" }
    }
  }

  private func turn(_ follower: inout Follower<FolderJournalStorage>) {
    let stepped = follower.follow(atMost: FollowerDesk.commandsPerSlice)
    let now = sluice_monotonic_nanoseconds()
    while follower.hasRoom, let question = questions.pop() { follower.ask(question, at: now) }
    if follower.answer(at: now, into: &answers) { waker.wake() }
    if stepped > 0 || follower.fault != nil { publish(follower) }
    guard !follower.isBehind else { return }
    let deadline = follower.deadline
    let wait = deadline == .max ? -1 : max(deadline - now, 0)
    guard wait != 0 else {
      // Something is due that found no room: the gateway rings when it has made some.
      return bell.wait(timeoutNanoseconds: 2_000_000) { mustStop }
    }
    bell.wait(timeoutNanoseconds: wait) {
      follower.isBehind || follower.hasRoom && !questions.isEmpty || mustStop
    }
  }

  private func publish(
    _ follower: borrowing Follower<FolderJournalStorage>, _ snapshots: SnapshotProgress
  ) {
    state.withLock { $0.snapshots = snapshots }
    publish(follower)
  }

  private func publish(_ follower: borrowing Follower<FolderJournalStorage>) {
    let sequence = follower.sequence
    let delay = sluice_realtime_nanoseconds() - follower.time.nanoseconds
    let fault = follower.fault.map { "\($0)" } ?? ""
    state.withLock {
      $0.sequence = sequence
      $0.delayNanoseconds = delay
      $0.fault = fault
    }
  }
}
