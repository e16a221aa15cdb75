import Domain
import Messages
import Storage

/// The newest tick of each instrument, and which instruments wait for the sequencer: however fast
/// ticks come, an instrument waits once, with its newest.
struct TickBoard: ~Copyable {
  struct Row: BitwiseCopyable {
    var tick: Tick
    /// The link that brought `tick`, and when: the gateway's monotonic clock, in nanoseconds.
    var source: LinkID
    var receivedAt: Int64
    var hasTick: Bool
    var isQueued: Bool
  }

  private let rows: Table<Row>
  /// A ring of the instruments that wait, oldest first.
  private let queue: Table<InstrumentID>
  private var head = 0
  private(set) var count = 0
  /// Ticks that a newer one replaced before it was sequenced.
  private(set) var conflated: UInt64 = 0
  /// Ticks older than the one that is known, of the link that took over for instance.
  private(set) var late: UInt64 = 0

  init(instruments: Int) {
    rows = Table(capacity: instruments)
    queue = Table(capacity: instruments)
  }

  /// Takes a tick of a listed instrument, unless a later one is known already.
  mutating func put(_ tick: Tick, from source: LinkID, at now: Int64) {
    let row = rows.at(tick.instrument.raw)
    if row.pointee.hasTick {
      let known = row.pointee.tick
      guard tick.exchangeTime >= known.exchangeTime, tick != known else {
        late += 1
        return
      }
    }
    row.pointee.tick = tick
    row.pointee.source = source
    row.pointee.receivedAt = now
    row.pointee.hasTick = true
    guard !row.pointee.isQueued else {
      conflated += 1
      return
    }
    row.pointee.isQueued = true
    queue.at((head + count) % queue.capacity).pointee = tick.instrument
    count += 1
  }

  /// The newest tick of the instrument that waits longest.
  mutating func take() -> Tick? {
    guard count > 0 else { return nil }
    let row = rows.at(queue.at(head).pointee.raw)
    head = (head + 1) % queue.capacity
    count -= 1
    row.pointee.isQueued = false
    return row.pointee.tick
  }

  /// The newest tick of an instrument; nil before the first of the day.
  func latest(_ instrument: InstrumentID) -> UnsafePointer<Tick>? {
    let row = rows.at(instrument.raw)
    return row.pointee.hasTick
      ? UnsafeRawPointer(row).assumingMemoryBound(to: Tick.self) : nil
  }

  /// The link that brought an instrument's newest tick, and when; nil before the first of the day.
  func source(of instrument: InstrumentID) -> (link: LinkID, receivedAt: Int64)? {
    let row = rows.at(instrument.raw)
    return row.pointee.hasTick ? (row.pointee.source, row.pointee.receivedAt) : nil
  }

  /// A trading day begins: prices of the day before are no ticks any more.
  mutating func removeAll() {
    for index in 0..<rows.capacity {
      rows.at(index).pointee.hasTick = false
      rows.at(index).pointee.isQueued = false
    }
    head = 0
    count = 0
  }
}
