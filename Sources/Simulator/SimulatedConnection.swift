import Gateway

/// Bytes on their way in one direction, in order.
struct Pipe {
  private struct Segment {
    var arrivesAt: Int64
    var bytes: [UInt8]
  }

  private var segments: [Segment] = []
  private var first = 0
  /// Bytes on their way.
  private(set) var inFlight = 0
  private var lastArrival: Int64 = 0
  /// When the end arrives; nil = it was not sent.
  private(set) var endsAt: Int64?
  private(set) var hasEnded = false
  /// What has arrived and was not consumed.
  var unread: [UInt8] = []

  var isEmpty: Bool { inFlight == 0 && unread.isEmpty }

  /// Puts bytes behind the others; when they arrive.
  mutating func send(_ bytes: some Sequence<UInt8>, at time: Int64) -> Int64 {
    guard endsAt == nil else { return time }
    let segment = Segment(arrivesAt: max(time, lastArrival), bytes: Array(bytes))
    lastArrival = segment.arrivesAt
    inFlight += segment.bytes.count
    segments.append(segment)
    return segment.arrivesAt
  }

  /// The end comes behind what is on its way.
  mutating func end(at time: Int64) -> Int64 {
    if let endsAt { return endsAt }
    let end = max(time, lastArrival)
    endsAt = end
    return end
  }

  /// Of what is on its way only the first `count` bytes will arrive; then the end.
  mutating func cut(after count: Int, at time: Int64) -> Int64 {
    var left = count
    for place in first..<segments.count {
      let kept = min(left, segments[place].bytes.count)
      segments[place].bytes.removeLast(segments[place].bytes.count - kept)
      left -= kept
    }
    inFlight = min(inFlight, count)
    endsAt = nil
    return end(at: time)
  }

  /// Nothing that is on its way arrives, and no end.
  mutating func lose() {
    segments.removeAll()
    first = 0
    inFlight = 0
  }

  /// Takes in what has arrived by now.
  mutating func arrive(by now: Int64) {
    while first < segments.count, segments[first].arrivesAt <= now {
      unread += segments[first].bytes
      inFlight -= segments[first].bytes.count
      segments[first].bytes = []
      first += 1
    }
    guard first == segments.count else { return }
    segments.removeAll(keepingCapacity: true)
    first = 0
    if let endsAt, endsAt <= now { hasEnded = true }
  }
}

/// A connection between the gateway and a terminal's seat or a counter's account.
final class SimulatedConnection {
  enum Peer: Equatable {
    case seat(Int)
    case watcher
    case fund(Int)
  }

  let id: Int
  let peer: Peer
  /// The gateway's process that it belongs to.
  let life: Int
  var toGateway = Pipe()
  var fromGateway = Pipe()
  var isOpenAtGateway = false
  var isOpenAtPeer = false
  /// The gateway leaves what comes where it is.
  var isPausedAtGateway = false
  var isPausedAtPeer = false
  /// Nothing passes any more.
  var isSilent = false
  /// One way, in nanoseconds: from so many to so many.
  var latency: ClosedRange<Int64> = SimulatedConnection.usual
  /// A gateway's or counter's output found no room.
  var gatewayWaits = false
  var counterWaits = false
  /// What the gateway calls its end.
  var terminal: TerminalID?
  /// What the counter calls its end.
  var slot: UInt32 = 0

  static let usual: ClosedRange<Int64> = 50_000...2_000_000
  static let slow: ClosedRange<Int64> = 300_000_000...4_000_000_000
  /// Bytes on their way that a direction takes; more waits with its sender.
  static let window = 24 * 1024

  var isLink: Bool { if case .fund = peer { true } else { false } }

  init(id: Int, peer: Peer, life: Int) {
    self.id = id
    self.peer = peer
    self.life = life
  }

  func hasRoom(fromGateway: Bool, for count: Int) -> Bool {
    let waiting =
      fromGateway
      ? self.fromGateway.inFlight + self.fromGateway.unread.count
      : toGateway.inFlight + toGateway.unread.count
    return waiting == 0 || waiting + count <= SimulatedConnection.window
  }
}
