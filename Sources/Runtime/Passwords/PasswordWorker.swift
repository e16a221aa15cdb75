import Domain
import Rings
import Synchronization

/// Checks passwords on a thread of its own, because a check takes as long as a thousand orders.
///
/// The loop's driver asks with a ticket of its choice; when the worker wakes the loop, the driver
/// takes the verdicts, in the order of the questions. Passwords are wiped once looked at.
public struct PasswordWorker: ~Copyable {
  private var questions: RecordProducer<PasswordQuestion>
  private var verdicts: RecordConsumer<PasswordVerdict>
  private let desk: PasswordDesk
  private let thread: WorkerThread
  private let capacity: Int
  /// Questions whose verdict was not taken yet.
  private var openQuestions = 0

  /// At most `capacity` passwords wait for their verdict to be taken; the loop is woken by `waker`
  /// for each. `profile` is what the passwords here were hashed with: who asks for an account that
  /// does not exist waits as long. Nil when the system has no more threads.
  public init?(capacity: Int, waker: LoopWaker, profile: PasswordProfile = .standard) {
    let questions = RecordRing<PasswordQuestion>(capacity: capacity)
    let verdicts = RecordRing<PasswordVerdict>(capacity: capacity)
    let desk = PasswordDesk(questions.consumer, verdicts.producer, waker, profile)
    guard let thread = WorkerThread(name: "passwords", { desk.work() }) else { return nil }
    self.questions = questions.producer
    self.verdicts = verdicts.consumer
    self.desk = desk
    self.thread = thread
    self.capacity = capacity
  }

  /// What is being checked is finished, what waits is dropped, and the thread has ended.
  deinit { desk.stop() }

  /// Asks whether a password, of at most `PasswordHash.passwordMaximum` bytes, is the one of
  /// `hash`; the caller wipes its own copy. For an account that does not exist `hash` is nil and
  /// the verdict is no, after as long a time. `.full`: too many wait; ask again later.
  public mutating func ask(
    _ password: UnsafeRawBufferPointer, hash: FixedText<128>?, ticket: UInt64
  ) -> Stored {
    precondition(
      password.count <= PasswordHash.passwordMaximum, "a password has at most 128 bytes")
    guard openQuestions < capacity, let question = questions.reserve() else { return .full }
    question.pointee.ticket = ticket
    question.pointee.hash = hash ?? FixedText()
    question.pointee.count = password.count
    withUnsafeMutableBytes(of: &question.pointee.password) { $0.copyBytes(from: password) }
    questions.commit()
    openQuestions += 1
    desk.bell.ring()
    return .stored
  }

  /// The next verdict; nil when there is none yet.
  public mutating func nextVerdict() -> PasswordVerdict? {
    guard let verdict = verdicts.pop() else { return nil }
    openQuestions -= 1
    return verdict
  }
}

/// What a password check came to.
public struct PasswordVerdict: Equatable, Sendable, BitwiseCopyable {
  /// What the question was asked with.
  public var ticket: UInt64
  public var isRight: Bool
}

private struct PasswordQuestion: BitwiseCopyable {
  var ticket: UInt64
  /// Empty: of an account that does not exist.
  var hash: FixedText<128>
  var count: Int
  var password: InlineArray<128, UInt8>
}

/// The worker's side, on its thread.
private final class PasswordDesk: @unchecked Sendable {
  let bell = Doorbell()
  private var questions: RecordConsumer<PasswordQuestion>
  private var verdicts: RecordProducer<PasswordVerdict>
  private let waker: LoopWaker
  private let profile: PasswordProfile
  private let isStopping = Atomic(false)

  init(
    _ questions: consuming RecordConsumer<PasswordQuestion>,
    _ verdicts: consuming RecordProducer<PasswordVerdict>, _ waker: LoopWaker,
    _ profile: PasswordProfile
  ) {
    self.questions = questions
    self.verdicts = verdicts
    self.waker = waker
    self.profile = profile
  }

  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    bell.ring()
  }

  func work() {
    let nobody = hashOfNobody()
    while !isStopping.load(ordering: .sequentiallyConsistent) {
      guard let question = questions.peek() else {
        bell.wait(timeoutNanoseconds: -1) {
          !questions.isEmpty || isStopping.load(ordering: .sequentiallyConsistent)
        }
        continue
      }
      let isKnown = !question.pointee.hash.isEmpty
      let hash = isKnown ? question.pointee.hash : nobody
      let isRight = withUnsafeBytes(of: &question.pointee.password) { password in
        PasswordHash.verify(
          UnsafeRawBufferPointer(rebasing: password[..<question.pointee.count]), against: hash)
      }
      answer(question.pointee.ticket, isKnown && isRight)
      wipe(question)
    }
    while let question = questions.peek() { wipe(question) }
  }

  private func answer(_ ticket: UInt64, _ isRight: Bool) {
    let stored = verdicts.push(PasswordVerdict(ticket: ticket, isRight: isRight))
    precondition(stored == .stored, "each open question has room for its verdict")
    waker.wake()
  }

  private func wipe(_ question: UnsafeMutablePointer<PasswordQuestion>) {
    Secrets.wipe(
      UnsafeMutableRawBufferPointer(start: question, count: MemoryLayout<PasswordQuestion>.size))
    questions.release()
  }

  /// A hash that no password fits, as dear to check as a real one.
  private func hashOfNobody() -> FixedText<128> {
    let secret = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
    defer {
      Secrets.wipe(secret)
      secret.deallocate()
    }
    Secrets.fillRandomly(secret)
    return PasswordHash.make(UnsafeRawBufferPointer(secret), profile) ?? FixedText()
  }
}
