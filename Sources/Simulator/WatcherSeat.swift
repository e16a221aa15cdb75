import Client
import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

/// A risk controller with a screen: the real client, and the picture of everything that it is
/// shown. It comes back when its connection is gone, and gets a whole picture again.
final class WatcherSeat: Seat {
  private(set) var client: DeskClient
  private(set) var connection: SimulatedConnection?
  /// When the world was asked to call again.
  private var armedFor = Int64.max
  private var retryAt: Int64 = 0
  private(set) var board = AccountsBoard()
  private var newest: UInt64 = 0

  private static let retryNanoseconds: Int64 = 700_000_000

  init(_ world: Simulation) { client = WatcherSeat.makeClient(at: world.clock.now) }

  private static func makeClient(at now: Int64) -> DeskClient {
    DeskClient(
      DeskLogon(
        controller: Name("chief")!, clientName: FixedText("watcher")!,
        clientVersion: FixedText("1")!, heartbeatIntervalSeconds: 4),
      password: SimulatedHouse.password, at: now)
  }

  // MARK: The connection

  func arm(_ world: Simulation) {
    let deadline = connection == nil ? retryAt : client.deadline
    guard deadline != SessionTiming.never, deadline < armedFor else { return }
    armedFor = deadline
    world.agenda.add(.watcher, at: max(deadline, world.clock.now))
  }

  func timeReached(_ world: Simulation) {
    guard armedFor <= world.clock.now else { return }
    armedFor = .max
    if connection == nil {
      if retryAt <= world.clock.now {
        client = WatcherSeat.makeClient(at: world.clock.now)
        connection = world.connectWatcher()
      }
    } else if client.deadline <= world.clock.now,
      let end = client.timeReached(world.clock.now)
    {
      ended(end, world)
    }
    flush(world)
    arm(world)
  }

  func connected(_ world: Simulation) {
    client.connected(at: world.clock.now)
    flush(world)
    arm(world)
  }

  func disconnected(_ world: Simulation) {
    connection = nil
    board = AccountsBoard()
    newest = 0
    _ = client.disconnected()
    retryAt = world.clock.now + WatcherSeat.retryNanoseconds
    arm(world)
  }

  func read(
    _ bytes: UnsafeRawBufferPointer, _ world: Simulation, _ says: (DeskEvent) -> Void
  ) -> Int { client.received(bytes, at: world.clock.now, says) }

  func sendPending(_ take: (UnsafeRawBufferPointer) -> Int) { client.sendPending(take) }

  // MARK: What it hears

  /// Nothing any more when what it heard had it cut the connection.
  func heard(_ event: DeskEvent, over connection: SimulatedConnection, _ world: Simulation) {
    guard isOn(connection) else { return }
    switch event {
    case .loggedOn:
      _ = client.subscribeAccounts(
        [.accounts, .lines, .positions, .orders, .products, .fundAccounts, .links],
        everyMilliseconds: 200, at: world.clock.now)
    case .accounts(let event): heard(event, world)
    // Busy, or no journal: it comes back.
    case .businessReject: cut(world)
    case .ended(let end): ended(end, world)
    case .answer, .notice, .noticesComplete, .noticesTruncated, .standingRow, .standingEnd,
      .liquidation, .liquidationsComplete:
      world.fail("the watcher hears what it did not ask for: \(event)")
    }
  }

  private func ended(_ end: DeskLinkEnd, _ world: Simulation) {
    world.trace("the watcher ends: \(end.cause) \(end.reason)")
    switch end.cause {
    case .badBytes, .unexpectedMessage: world.fail("the watcher: \(end.cause)")
    case .requested, .gatewaySaid, .connectionLost, .noAnswer, .silent: break
    }
    flush(world)
    if let connection { world.close(connection, fromGateway: false) }
    disconnected(world)
  }

  /// Each row behind an announcement, none older than one before it, each adds up.
  private func heard(_ event: AccountsEvent, _ world: Simulation) {
    var sequence: UInt64 = 0
    switch event {
    case .begin(let row): sequence = row.sequence
    case .complete(let row): sequence = row.sequence
    case .account(let row):
      sequence = row.sequence
      let equity =
        row.openingEquity.units + row.netCash.units + row.positionProfit.units
        + row.closeProfit.units - row.fees.units
      let available =
        equity - row.margin.units - row.frozenMargin.units - row.frozenFee.units
        - row.frozenPremium.units
      if row.equity.units != equity || row.available.units != available {
        world.fail("the watcher: \(row.account.string) does not add up")
      }
      world.counts.rowsWatched += 1
    case .line(let row): sequence = row.sequence
    case .fundAccount(let row): sequence = row.sequence
    case .product(let row): sequence = row.sequence
    case .position(let row): sequence = row.sequence
    case .order(let row): sequence = row.sequence
    case .link(let row): sequence = row.sequence
    case .end(let end): return world.fail("the watcher's picture ends: \(end.reason)")
    }
    if sequence < newest { world.fail("the watcher: \(sequence) after \(newest)") }
    newest = sequence
    if case .begin = event {
    } else if board.pictures[event.requestID] == nil {
      world.fail("the watcher: a row without a picture")
    }
    board.take(event)
  }
}
