/// Simulated counters that run as long as this is kept.
public final class RunningCounters {
  private var running: [OneCounter] = []

  private final class OneCounter {
    let counter: RunningCounter
    init(_ counter: consuming RunningCounter) { self.counter = counter }
  }

  public init() {}

  /// Where it listens, or why it does not.
  public func start(_ settings: CounterServerSettings) throws(CounterStartError) -> SocketAddress {
    let counter = try RunningCounter(settings)
    let address = counter.address
    running.append(OneCounter(counter))
    return address
  }
}
