import Domain
import Exchange
import Synchronization

/// How a running counter stands.
public struct CounterProgress: Equatable, Sendable {
  /// Links that are logged in.
  public var loggedIn = 0
  /// Ticks that moved the market so far.
  public var ticks: Int64 = 0
  /// There are no more of them.
  public var ticksAreOver = false
  /// Lines and files of recordings that could not be read.
  public var tickFaults = 0
}

/// What other threads tell a counter, and it them.
final class CounterControl: Sendable {
  enum Order: Sendable {
    case stop
    case addFault(FaultRule)
    case clearFaults
    case setPhase(TradingPhase, InstrumentID)
    case switchDay(TradingDay, [DayTerms])
  }

  private let orders = Mutex<[Order]>([])
  private let state = Mutex(CounterProgress())
  private let books = Mutex<SimulatedExchange?>(nil)

  func give(_ order: Order) { orders.withLock { $0.append(order) } }

  func takeOrders() -> [Order] {
    orders.withLock { orders in
      defer { orders.removeAll() }
      return orders
    }
  }

  func publish(_ progress: CounterProgress) { state.withLock { $0 = progress } }

  var progress: CounterProgress { state.withLock { $0 } }

  /// The exchange as it was when the counter stopped.
  func keep(_ exchange: SimulatedExchange) { books.withLock { $0 = exchange } }
  var lastBooks: SimulatedExchange? { books.withLock { $0 } }
}

/// Why a counter can't be started.
public enum CounterStartError: Error, Equatable, Sendable {
  case loop(LoopError)
  case listen(ListenError)
  case noThread
}

/// A simulated counter on a thread of its own. Letting go of it stops it and waits for its end.
public struct RunningCounter: ~Copyable {
  /// Where it listens.
  public let address: SocketAddress
  let control: CounterControl
  private let waker: LoopWaker
  private let thread: WorkerThread

  /// Answers when the counter listens, or why it does not.
  public init(_ settings: CounterServerSettings) throws(CounterStartError) {
    let control = CounterControl()
    let start = ThreadStart<BegunCounter, CounterStartError>()
    let body: @Sendable () -> Void = {
      do throws(CounterStartError) {
        try CounterRun.run(settings, control, stopsOnSignals: false) { start.tell(.success($0)) }
      } catch {
        start.tell(.failure(error))
      }
    }
    guard let thread = WorkerThread(name: "counter", body) else { throw .noThread }
    let begun = try start.wait().get()
    address = begun.address
    waker = begun.waker
    self.control = control
    self.thread = thread
  }

  deinit {
    control.give(.stop)
    waker.wake()
  }

  public var progress: CounterProgress { control.progress }

  /// Misbehave from the next order on.
  public func add(_ rule: FaultRule) { tell(.addFault(rule)) }
  public func clearFaults() { tell(.clearFaults) }

  /// `.unknown` = closed.
  public func set(_ phase: TradingPhase, of instrument: InstrumentID) {
    tell(.setPhase(phase, instrument))
  }

  /// - Parameter terms: a row per instrument of the exchange, in their order.
  public func switchDay(to day: TradingDay, terms: [DayTerms]) { tell(.switchDay(day, terms)) }

  private func tell(_ order: CounterControl.Order) {
    control.give(order)
    waker.wake()
  }
}

/// A counter that listens.
struct BegunCounter: Sendable {
  var address: SocketAddress
  var waker: LoopWaker
}

/// Runs a counter on the calling thread, until it is stopped.
public enum CounterRun {
  /// For a process of its own: SIGINT and SIGTERM say goodbye to every link and end it.
  ///
  /// - Parameter ready: called once, when it listens, with the address.
  /// - Returns: its books as they were at its end.
  public static func untilSignal(
    _ settings: CounterServerSettings, ready: (SocketAddress) -> Void
  ) throws(CounterStartError) -> SimulatedExchange {
    let control = CounterControl()
    try run(settings, control, stopsOnSignals: true) { ready($0.address) }
    return control.lastBooks ?? settings.exchange
  }

  static func run(
    _ settings: CounterServerSettings, _ control: CounterControl, stopsOnSignals: Bool,
    ready: (BegunCounter) -> Void
  ) throws(CounterStartError) {
    var limits = LoopLimits(connections: settings.connections)
    limits.outputBytes = 1 << 18
    var loop: EventLoop
    do throws(LoopError) { loop = try EventLoop(limits) } catch { throw .loop(error) }
    var server: CounterServer
    do throws(ListenError) {
      server = try CounterServer(settings, control, &loop)
    } catch {
      throw .listen(error)
    }
    if stopsOnSignals {
      loop.watch(signal: 2)
      loop.watch(signal: 15)
    }
    ready(BegunCounter(address: server.address(loop), waker: loop.makeWaker()))
    loop.run(&server)
    control.keep(server.exchange)
  }
}
