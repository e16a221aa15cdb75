import CSluice
import Domain
import Exchange
import Messages

/// What a simulated counter needs to be started.
public struct CounterServerSettings: Sendable {
  /// Where ticks come from.
  public enum Ticks: Equatable, Sendable {
    case none
    /// Made up from a seed, so many market seconds a second; if so wished of some instruments
    /// only, by a clock that shows `opening` at the start, and for so many market seconds.
    case generated(
      seed: UInt64, speed: Int64, only: [InstrumentID]? = nil, opening: Timestamp? = nil,
      seconds: Int64? = nil)
    /// Recordings, played as one; speed 0 = as fast as they can be read.
    case files([String], speed: Int64, pauseMaximumSeconds: Int64?)
  }

  /// A trading day and when it begins.
  public struct Day: Equatable, Sendable {
    public var at: Timestamp
    public var day: TradingDay

    public init(at time: Timestamp, day: TradingDay) {
      at = time
      self.day = day
    }
  }

  /// Port 0 is a free one.
  public var address: SocketAddress
  /// What links are shown; nil = plain TCP.
  public var tls: TLSIdentity?
  public var exchange: SimulatedExchange
  /// By account; empty = any password will do.
  public var passwords: [FixedText<128>]
  public var mode: CounterService.Mode
  public var ticks: Ticks
  /// Recordings of other days are played on the counter's trading day.
  public var movesRecordingsToToday: Bool
  /// Every instrument trades from the start, at any hour, and links are told so.
  public var isAlwaysOpen: Bool
  /// Trading days that begin while it runs, in order of time.
  public var days: [Day]
  public var connections: Int

  public init(
    address: SocketAddress, exchange: SimulatedExchange, passwords: [FixedText<128>] = [],
    mode: CounterService.Mode = .matching, ticks: Ticks = .none,
    movesRecordingsToToday: Bool = true, isAlwaysOpen: Bool = true, days: [Day] = [],
    connections: Int = 256
  ) {
    self.address = address
    self.exchange = exchange
    self.passwords = passwords
    self.mode = mode
    self.ticks = ticks
    self.movesRecordingsToToday = movesRecordingsToToday
    self.isAlwaysOpen = isAlwaysOpen
    self.days = days
    self.connections = connections
  }
}

/// A simulated counter on a loop: bytes, times and ticks for its `CounterService`.
///
/// The exchange's clock is the real one as it was at the start, moved on by the monotonic one, so
/// that it never steps.
struct CounterServer: ~Copyable, LoopDriver {
  private static let timer = 0
  /// Most ticks of one turn, so that links are served in between.
  private static let ticksOfATurn = 256

  private var service: CounterService
  private var ticks: TickFeed
  private let listener: ListenerID
  private let clockOffset: Int64
  private let control: CounterControl
  private let days: [CounterServerSettings.Day]
  private var nextDay = 0
  private var armedFor = Timestamp.never

  init(
    _ settings: CounterServerSettings, _ control: CounterControl, _ loop: inout EventLoop
  ) throws(ListenError) {
    service = CounterService(
      exchange: settings.exchange, passwords: settings.passwords, mode: settings.mode)
    clockOffset = sluice_realtime_nanoseconds() - sluice_monotonic_nanoseconds()
    self.control = control
    days = settings.days
    listener = try loop.listen(on: settings.address, tls: settings.tls)
    let start = Timestamp(nanoseconds: sluice_monotonic_nanoseconds() + clockOffset)
    ticks = TickFeed(settings, start: start)
    while nextDay < days.count, days[nextDay].day <= settings.exchange.tradingDay { nextDay += 1 }
    if settings.isAlwaysOpen {
      for index in settings.exchange.instruments.indices {
        service.setPhase(
          .continuous, of: InstrumentID(UInt32(index)), now: start, &loop)
      }
    }
    arm(&loop)
  }

  var exchange: SimulatedExchange { service.exchange }

  func address(_ loop: borrowing EventLoop) -> SocketAddress { loop.address(of: listener) }

  private func now(_ loop: borrowing EventLoop) -> Timestamp {
    Timestamp(nanoseconds: loop.now + clockOffset)
  }

  mutating func connectionOpened(_ connection: ConnectionID, _ loop: inout EventLoop) {
    service.linkOpened(LinkName(connection), now: now(loop))
  }

  mutating func bytesReceived(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer, _ loop: inout EventLoop
  ) -> Int {
    service.bytesReceived(LinkName(connection), bytes, now: now(loop), &loop)
  }

  mutating func outputDrained(_ connection: ConnectionID, _ loop: inout EventLoop) {
    service.outputDrained(LinkName(connection), now: now(loop), &loop)
  }

  mutating func connectionClosed(
    _ connection: ConnectionID, tag: UInt64, _ reason: CloseReason, _ loop: inout EventLoop
  ) {
    service.linkClosed(LinkName(connection))
  }

  mutating func timerFired(_ timer: Int, _ loop: inout EventLoop) {
    armedFor = .never
    let now = now(loop)
    changeDay(now, &loop)
    service.advance(now: now, &loop)
    var left = CounterServer.ticksOfATurn
    while left > 0, let tick = ticks.take(now: now) {
      service.tick(tick, now: now, &loop)
      left -= 1
    }
  }

  /// Begins the next trading day, at the prices of now, when its time has come.
  private mutating func changeDay(_ now: Timestamp, _ loop: inout EventLoop) {
    guard nextDay < days.count, days[nextDay].at <= now else { return }
    service.switchDay(
      to: days[nextDay].day, terms: service.exchange.termsAfterToday, now: now, &loop)
    nextDay += 1
  }

  mutating func woken(_ loop: inout EventLoop) {
    for order in control.takeOrders() {
      switch order {
      case .stop: stop(&loop)
      case .addFault(let rule): service.exchange.faults.add(rule)
      case .clearFaults: service.exchange.faults.clear()
      case .setPhase(let phase, let instrument):
        service.setPhase(phase, of: instrument, now: now(loop), &loop)
      case .switchDay(let day, let terms):
        service.switchDay(to: day, terms: terms, now: now(loop), &loop)
      }
    }
  }

  mutating func signalReceived(_ signal: Int32, _ loop: inout EventLoop) { stop(&loop) }

  private mutating func stop(_ loop: inout EventLoop) {
    loop.stopListening(listener)
    service.stop(&loop)
    loop.stop()
  }

  mutating func beforeSleep(_ loop: inout EventLoop) {
    control.publish(
      CounterProgress(
        loggedIn: service.loggedInCount, ticks: ticks.taken, ticksAreOver: ticks.isOver,
        tickFaults: ticks.faults))
    arm(&loop)
  }

  private mutating func arm(_ loop: inout EventLoop) {
    var due = min(service.nextDeadline, ticks.nextDue)
    if nextDay < days.count { due = min(due, days[nextDay].at) }
    guard due != armedFor else { return }
    armedFor = due
    if due == .never {
      loop.stopTimer(CounterServer.timer)
    } else {
      let wait = max(0, due.nanoseconds - clockOffset - sluice_monotonic_nanoseconds())
      loop.startTimer(CounterServer.timer, afterNanoseconds: wait)
    }
  }
}

extension LinkName {
  init(_ connection: ConnectionID) {
    self.init(index: connection.index, generation: connection.generation)
  }
}

extension ConnectionID {
  fileprivate init(_ link: LinkName) {
    self.init(index: link.index, generation: link.generation)
  }
}

extension EventLoop: CounterOutput {
  public mutating func reserve(
    _ link: LinkName, _ count: Int
  ) -> UnsafeMutableRawBufferPointer? {
    switch reserve(ConnectionID(link), count) {
    case .room(let room): room
    case .full, .gone: nil
    }
  }

  public mutating func commit(_ link: LinkName, _ count: Int) { commit(ConnectionID(link), count) }

  public mutating func close(_ link: LinkName, lastWords: UnsafeRawBufferPointer) {
    close(ConnectionID(link), .owner(0), lastWords: lastWords)
  }

  public mutating func cut(_ link: LinkName) { abort(ConnectionID(link), .owner(0)) }
}
