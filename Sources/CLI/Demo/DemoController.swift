import Client
import Domain
import Glibc
import Messages
import Runtime
import Session
import Synchronization
import Terminal
import Wire

/// What the demo's risk controller heard at the desk.
struct DemoNotices {
  /// Numbers of the first notice and the last, and how many there were.
  var first: UInt64 = 0
  var last: UInt64 = 0
  var count: UInt64 = 0
  /// Notices by what they are about, rule, level and whom they concern.
  var told: [DemoNotice: Int] = [:]
  /// What he has done himself.
  var controls: [ControlKind: Int] = [:]
  var refusedControls = 0
  /// Where the liquidation of each account stands.
  var liquidations: [Name: DeskProtocol.LiquidationProgress] = [:]
  /// Those that were over.
  var ended: [DemoLiquidation: Int] = [:]
  var isReady = false
  var isOver = false
}

struct DemoNotice: Hashable {
  var kind: UInt16
  var rule: UInt16
  var level: LineLevel
  var scope: Name
}

struct DemoLiquidation: Hashable {
  var account: Name
  /// Empty where a line began it.
  var controller: Name
  var rule: UInt16
  var end: LiquidationEnd
}

/// The demo's risk controller: `sluice desk` on a thread of its own, by the gateway's own door. He
/// watches notices and liquidations, has an account liquidated, and stops what still runs when the
/// market closes.
final class DemoController: Sendable {
  private let input: Int32
  private let inbox: Inbox
  private let thread: WorkerThread

  /// Nil when the system has no more threads or descriptors.
  init?(_ password: FixedText<128>, to address: SocketAddress) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    let output = ends[0]
    input = ends[1]
    let inbox = Inbox()
    self.inbox = inbox
    guard
      let thread = WorkerThread(
        name: "controller",
        {
          DemoController.run(password, address, output, inbox)
          close(output)
        })
    else {
      close(output)
      close(input)
      return nil
    }
    self.thread = thread
  }

  /// What the thread hears, for whoever looks.
  private final class Inbox: Sendable {
    let notices = Mutex(DemoNotices())
  }

  deinit {
    ask("quit")
    close(input)
  }

  private static func run(
    _ password: FixedText<128>, _ address: SocketAddress, _ input: Int32, _ inbox: Inbox
  ) {
    var settings = DeskRun.Settings(language: .english)
    settings.follows = true
    settings.hears = { event in inbox.notices.withLock { $0.note(event) } }
    let logon = DeskLogon(
      controller: Name(DemoLimits.controller) ?? Name(),
      clientName: FixedText("sluice demo") ?? FixedText(), clientVersion: FixedText())
    var password = password
    _ = try? DeskRun.run(
      settings, logon, password: &password, to: address, tls: nil, input: input,
      stopsOnSignals: false
    ) { text, isComplaint in
      if isComplaint { Console.write(error: "demo: \(text)") }
    }
    inbox.notices.withLock { $0.isOver = true }
  }

  var notices: DemoNotices { inbox.notices.withLock { $0 } }

  /// A line, as it would be typed.
  func ask(_ line: String) {
    let text = Array((line + "\n").utf8)
    _ = text.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
  }
}

extension DemoNotices {
  mutating func note(_ event: DeskEvent) {
    switch event {
    case .notice(let notice): note(notice)
    case .noticesComplete: isReady = true
    // A stop may come too late.
    case .answer(let answer)
    where answer.refusal.rule != 0 && answer.kind == .forceLiquidation:
      refusedControls += 1
    case .liquidation(let progress): liquidations[progress.account] = progress
    case .loggedOn, .answer, .businessReject, .noticesTruncated, .standingRow, .standingEnd,
      .accounts,
      .liquidationsComplete, .ended:
      break
    }
  }

  private mutating func note(_ notice: DeskProtocol.Notice) {
    if first == 0 { first = notice.number }
    last = notice.number
    count += 1
    if notice.control != .unknown {
      controls[notice.control, default: 0] += 1
    } else if notice.kind == NoticeKind.liquidationEnded.rawValue {
      // Those of before he came are told too; one without a line is his own.
      let end = UInt8(exactly: notice.limit).flatMap { LiquidationEnd(rawValue: $0) }
      let his = Name(DemoLimits.controller) ?? Name()
      ended[
        DemoLiquidation(
          account: notice.scopeName, controller: notice.rule == 0 ? his : Name(),
          rule: notice.rule, end: end ?? .unknown), default: 0] += 1
    } else {
      told[
        DemoNotice(
          kind: notice.kind, rule: notice.rule, level: notice.level, scope: notice.scopeName),
        default: 0] += 1
    }
  }

  /// Accounts whose liquidation goes on.
  var running: [Name] {
    liquidations.values.filter { $0.phase != .ended }.map(\.account)
  }

  func count(_ kind: NoticeKind, _ level: LineLevel) -> Int {
    told.filter { $0.key.kind == kind.rawValue && $0.key.level == level }.values.reduce(0, +)
  }
}
