import Domain
import Exchange
import Testing

@testable import Runtime

/// A simulated counter of the house.
final class HouseCounter {
  let name: String
  /// The gateway's fund accounts behind the counter's.
  let fundAccounts: [FundAccountID]
  let address: SocketAddress
  private var settings: CounterServerSettings
  private var running: Box?

  private final class Box {
    let counter: RunningCounter
    init(_ settings: CounterServerSettings) throws { counter = try RunningCounter(settings) }
  }

  init(
    _ simulated: ServePlan.SimulatedCounter, days: [CounterServerSettings.Day]
  ) throws {
    name = simulated.name.string
    fundAccounts = simulated.fundAccounts
    settings = simulated.settings
    settings.days = days
    let box = try Box(settings)
    running = box
    address = box.counter.address
    settings.address = address
  }

  /// Ends every link and its listener; its books as they are then.
  @discardableResult
  func stop() throws -> SimulatedExchange {
    let control = running?.counter.control
    running = nil
    settings.exchange = try #require(control?.lastBooks)
    return settings.exchange
  }

  /// Runs again at the same address with the books it had.
  func startAgain() throws { running = try Box(settings) }

  /// Misbehaves by these rules from the next order on, or no longer.
  func misbehave(by rules: [FaultRule]) {
    running?.counter.clearFaults()
    for rule in rules { running?.counter.add(rule) }
  }

  /// Does something wrong with the next orders of one of its accounts.
  func misbehave(_ fault: Fault, next: UInt32 = 1, fundAccount: FundAccountID) {
    let place = fundAccounts.firstIndex(of: fundAccount).map { FundAccountID(UInt32($0)) }
    running?.counter.add(FaultRule(fault, .next(next), account: place ?? .none))
  }
}
