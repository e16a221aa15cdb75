import Domain
import Gateway
import Messages
import Rings
import Synchronization

/// A change of the configuration on its way through a running gateway: one thread asks for it and
/// waits, the gateway's loop carries it out.
final class ChangeBatch: Sendable {
  private struct State {
    var next = 0
    var refusal: Refusal?
    /// Of its newest command.
    var sequence: UInt64 = 0
    var outcome: ChangeFrame.Outcome?
    var hasDropped = false
  }

  let who: FixedText<32>
  /// Its first command says who and on what revision.
  private let commands: [Command]
  private let state = Mutex(State())
  private let bell = Doorbell()

  /// Who may not log in any more is to go when all of it is taken.
  let dropsUnfit: Bool

  init(
    _ commands: [Command], who: FixedText<32>, revision: UInt64, dropsUnfit: Bool = false
  ) {
    self.who = who
    self.dropsUnfit = dropsUnfit
    self.commands =
      [
        .configurationChange(
          ConfigurationChange(
            who: who, revision: revision, changes: UInt32(commands.count),
            dropsUnfit: dropsUnfit))
      ] + commands
  }

  /// How many settings it has.
  var count: Int { commands.count - 1 }

  // MARK: The loop's side

  /// What is to be taken next; nil when all is, or one was refused.
  var next: Command? {
    state.withLock { state in
      state.refusal == nil && state.next < commands.count ? commands[state.next] : nil
    }
  }

  /// All of it is taken: now who does not fit is to go. Once.
  var isToDrop: Bool {
    state.withLock { state in
      guard dropsUnfit, !state.hasDropped, state.refusal == nil, state.next >= commands.count
      else { return false }
      state.hasDropped = true
      return true
    }
  }

  func took(_ answer: ChangeAnswer) {
    state.withLock { state in
      switch answer {
      case .taken(let sequence):
        state.next += 1
        state.sequence = sequence
      case .refused(let refusal, let sequence):
        state.refusal = refusal
        state.sequence = sequence
      case .notNow: break
      }
    }
  }

  /// Says how it went once that is on record; true when it has.
  func tell(released: UInt64) -> Bool {
    let isTold = state.withLock { state in
      guard released >= state.sequence else { return false }
      state.outcome = ChangeFrame.Outcome(
        taken: max(state.next - 1, 0), refusal: state.refusal)
      return true
    }
    if isTold { bell.ring() }
    return isTold
  }

  /// How it went; nil until that was told.
  var outcome: ChangeFrame.Outcome? { state.withLock { $0.outcome } }

  // MARK: The other side

  /// Nil when it is not known within so long, or until there is nobody to say it.
  func wait(milliseconds: Int, unless isOver: () -> Bool) -> ChangeFrame.Outcome? {
    for _ in 0..<max(milliseconds / 50, 1) where !isOver() {
      if let outcome = state.withLock({ $0.outcome }) { return outcome }
      bell.wait(timeoutNanoseconds: 50_000_000) { state.withLock { $0.outcome != nil } }
    }
    return state.withLock { $0.outcome }
  }
}
