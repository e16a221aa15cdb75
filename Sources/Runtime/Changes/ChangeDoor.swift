import CSluice
import Domain
import Glibc
import Messages
import Synchronization

/// Where `sluice config` asks a running gateway for changes: a socket in the data folder that the
/// gateway's own user may connect to, on a thread of its own. Letting go of it ends it.
struct ChangeDoor: ~Copyable {
  /// Its file in a data folder.
  static let name = "control"
  /// How long a change may take before who asked is told that nobody knows.
  private static let answerMilliseconds = 60_000
  /// How soon it hears that it is to end.
  private static let lookMilliseconds: Int32 = 100

  private let path: String
  private let isEnding: Ending
  private let thread: WorkerThread

  private final class Ending: Sendable {
    let flag = Atomic(false)
  }

  /// - Parameter journal: the folder that status names.
  init(
    at path: String, journal: String, _ control: GatewayControl, _ waker: LoopWaker
  ) throws(GatewayStartError) {
    let listener = sluice_listen_local(path)
    guard listener >= 0 else {
      throw listener == -EADDRINUSE
        ? .dataFolderInUse(path) : .controlSocket(path, errno: -listener)
    }
    let ending = Ending()
    let body: @Sendable () -> Void = {
      while !ending.flag.load(ordering: .acquiring) {
        var user: UInt32 = 0
        let peer = sluice_accept_local(listener, ChangeDoor.lookMilliseconds, &user)
        guard peer >= 0 else { continue }
        ChangeDoor.serve(LocalStream(peer), user, journal, control, waker, ending)
      }
      Glibc.close(listener)
    }
    guard let thread = WorkerThread(name: "control", body) else {
      Glibc.close(listener)
      throw .noThread
    }
    self.path = path
    isEnding = ending
    self.thread = thread
  }

  deinit { close() }

  /// Nobody is let in any more, and who is in has an answer. Said explicitly: a value that nothing
  /// reads may be let go of early.
  consuming func end() { close() }

  private func close() {
    guard !isEnding.flag.exchange(true, ordering: .acquiringAndReleasing) else { return }
    unlink(path)
  }

  private static func serve(
    _ stream: consuming LocalStream, _ user: UInt32, _ journal: String, _ control: GatewayControl,
    _ waker: LoopWaker, _ ending: Ending
  ) {
    guard user == geteuid() || user == 0 else {
      _ = stream.write(ChangeFrame.bytes(.failed("only the gateway's own user may change it")))
      return
    }
    guard let body = stream.read() else { return }
    guard let request = ChangeFrame.request(body) else {
      _ = stream.write(ChangeFrame.bytes(.failed("the request can't be read")))
      return
    }
    let answer: ChangeFrame.Answer
    switch request {
    case .status:
      let progress = control.progress
      answer = .status(
        ChangeFrame.Status(
          sequence: progress.stored, revision: progress.revision, journal: journal))
    case .change(let commands, let revision, let dropsUnfit):
      answer = change(commands, revision, dropsUnfit, user, control, waker, ending)
    }
    _ = stream.write(ChangeFrame.bytes(answer))
  }

  private static func change(
    _ commands: [Command], _ revision: UInt64, _ dropsUnfit: Bool, _ user: UInt32,
    _ control: GatewayControl, _ waker: LoopWaker, _ ending: Ending
  ) -> ChangeFrame.Answer {
    guard !commands.isEmpty else { return .failed("a change without a setting") }
    guard commands.allSatisfy(\.isChange) else {
      return .failed("a change has settings alone: one of its commands is none")
    }
    let batch = ChangeBatch(
      commands, who: name(of: user), revision: revision, dropsUnfit: dropsUnfit)
    control.give(.change(batch))
    waker.wake()
    let outcome = batch.wait(milliseconds: answerMilliseconds) {
      ending.flag.load(ordering: .acquiring)
    }
    guard let outcome else {
      return .failed("the gateway ended, or is stuck, before it said how it went: look again")
    }
    return .changed(outcome)
  }

  private static func name(of user: UInt32) -> FixedText<32> {
    var room = [CChar](repeating: 0, count: 32)
    sluice_user_name(user, &room, room.count)
    let name = String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return FixedText(name) ?? FixedText("uid \(user)")!
  }
}
