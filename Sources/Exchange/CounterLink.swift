import Domain
import Session
import Wire

/// A link as its transport names it. An old name is nobody's.
public struct LinkName: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// Small: links are kept by it.
  public var index: UInt32
  public var generation: UInt32

  public init(index: UInt32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }
}

/// Where a counter's frames go. Only a transport can say that a link is full.
public protocol CounterOutput: ~Copyable {
  /// Room for one frame, to be filled and committed at once; nil when too much waits for the peer
  /// or the link is gone. `CounterService.outputDrained` follows when there is room again.
  mutating func reserve(_ link: LinkName, _ count: Int) -> UnsafeMutableRawBufferPointer?
  mutating func commit(_ link: LinkName, _ count: Int)
  /// Sends what waits and the last words, then closes.
  mutating func close(_ link: LinkName, lastWords: UnsafeRawBufferPointer)
  /// Cuts the link at once, what waits is lost.
  mutating func cut(_ link: LinkName)
}

extension CounterOutput where Self: ~Copyable {
  /// Whether the frame was taken.
  mutating func send(_ message: some WireMessage, to link: LinkName) -> Bool {
    let length = message.frameLength
    guard let room = reserve(link, length) else { return false }
    do throws(WireError) {
      let written = try message.encode(into: room)
      commit(link, written)
      return true
    } catch {
      preconditionFailure("a frame fits the room that was reserved for it")
    }
  }
}

/// The counter's state of one link.
struct CounterLink {
  /// Something the gateway asked for that is not sent whole yet. Answers keep their order.
  enum Answer {
    /// Reports from `next` to the newest there is, then the end mark.
    case reports(next: UInt64, request: UInt32)
    /// Statuses of these, from a place on; then the end mark, unless nobody asked.
    case orders([OrderStatus], next: Int, request: UInt32)
    case funds(request: UInt32)
    case positions([PositionStatus], next: Int, request: UInt32)
    case phase(InstrumentID)

    var isReplay: Bool {
      switch self {
      case .reports: true
      case .orders, .funds, .positions, .phase: false
      }
    }
  }

  /// Most answers that may wait; one more ends the link as a slow reader.
  static let answersMaximum = 1_024

  let name: LinkName
  /// Closed or cut: its place waits for another link.
  var isGone = false
  var session: CounterServerSession
  var account = FundAccountID.none
  /// The newest report that was sent.
  var sentSequence: UInt64 = 0
  /// No live report is sent before the gateway has those it missed.
  var isCaughtUp = false
  var answers: [Answer] = []
  /// By instrument: whether ticks are wanted, and whether the newest was not sent yet.
  var wantsTicks: [Bool]
  var hasNewTick: [Bool]
  /// Instruments with a tick to send, oldest first.
  var newTicks: [InstrumentID] = []

  init(_ name: LinkName, instruments: Int, now: Timestamp) {
    self.name = name
    session = CounterServerSession(openedAt: now)
    wantsTicks = [Bool](repeating: false, count: instruments)
    hasNewTick = wantsTicks
  }

  /// The instrument's market moved; a tick that still waits is replaced, not queued behind.
  mutating func tickChanged(_ instrument: InstrumentID) {
    guard wantsTicks[instrument.index], !hasNewTick[instrument.index] else { return }
    hasNewTick[instrument.index] = true
    newTicks.append(instrument)
  }
}
