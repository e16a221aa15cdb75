import Glibc
import Synchronization
import Terminal

/// What a `LineEditor`'s thread and its owner tell each other.
public final class EditorMail: Sendable {
  /// Tab was pressed.
  public struct Question: Sendable {
    /// Up to the cursor.
    public var line: String
    public var columns: Int
  }

  struct Shown: Sendable {
    var text: String
    var isComplaint: Bool
  }

  /// What the thread has to do.
  struct Due {
    var shown: [Shown] = []
    var isLineWanted = false
    var isResized = false
    var isContinued = false
    var isStopping = false
  }

  /// Most texts that wait for the screen.
  static let shownMaximum = 4096

  private struct State {
    var due = Due()
    var isFull = false
    var isOver = false
    var lines: [LineReader.Line] = []
    var isInterrupted = false
    var question: Question?
    var answer: Completion?
  }

  private let state = Mutex(State())
  private let waker: LoopWaker
  /// For the thread.
  let bell: Bell
  /// For the owner, when it waits for the screen.
  private let room: Bell

  init?(_ waker: LoopWaker) {
    guard let bell = Bell(), let room = Bell() else { return nil }
    self.waker = waker
    self.bell = bell
    self.room = room
  }

  // MARK: The owner's side

  func next() -> LineReader.Line? {
    state.withLock { $0.lines.isEmpty ? nil : $0.lines.removeFirst() }
  }

  func show(_ shown: Shown) {
    while true {
      let isTaken = state.withLock { state in
        if state.isOver { return true }
        state.isFull = state.due.shown.count >= EditorMail.shownMaximum
        if !state.isFull { state.due.shown.append(shown) }
        return !state.isFull
      }
      bell.ring()
      if isTaken { return }
      var polled = pollfd(fd: room.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&polled, 1, -1)
      room.quieten()
    }
  }

  func askForLine() { tell { $0.due.isLineWanted = true } }
  func screenWasResized() { tell { $0.due.isResized = true } }
  func processWasContinued() { tell { $0.due.isContinued = true } }
  func stop() { tell { $0.due.isStopping = true } }
  func answer(_ completion: Completion) { tell { $0.answer = completion } }

  func takeInterrupt() -> Bool {
    state.withLock { state in
      defer { state.isInterrupted = false }
      return state.isInterrupted
    }
  }

  func takeQuestion() -> Question? {
    state.withLock { state in
      defer { state.question = nil }
      return state.question
    }
  }

  private func tell(_ change: @Sendable (inout State) -> Void) {
    state.withLock { change(&$0) }
    bell.ring()
  }

  // MARK: The thread's side

  /// Everything that is to be done; a wanted line stays wanted until it is handed over.
  func takeDue() -> Due {
    bell.quieten()
    let (due, wasFull) = state.withLock { state in
      let due = state.due
      let wasFull = state.isFull
      state.due = Due(isLineWanted: due.isLineWanted, isStopping: due.isStopping)
      state.isFull = false
      return (due, wasFull)
    }
    if wasFull { room.ring() }
    return due
  }

  func hand(over line: LineReader.Line) {
    state.withLock { state in
      state.lines.append(line)
      state.due.isLineWanted = false
    }
    waker.wake()
  }

  func interrupt() {
    state.withLock { $0.isInterrupted = true }
    waker.wake()
  }

  func ask(_ question: Question) {
    state.withLock { state in
      state.question = question
      state.answer = nil
    }
    waker.wake()
  }

  func takeAnswer() -> Completion? {
    state.withLock { state in
      defer { state.answer = nil }
      return state.answer
    }
  }

  /// Nobody shows anything any more.
  func isOver() {
    state.withLock { state in
      state.isOver = true
      state.lines.append(.ended)
    }
    room.ring()
    waker.wake()
  }
}
