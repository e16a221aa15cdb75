import Client
import Domain
import Engine
import Follower
import Ledger
import Messages
import Testing
import Wire

@testable import Gateway

extension FollowedDesk {
  static let millisecond: Int64 = 1_000_000

  /// Chief has everybody, junior has alice, blind may not watch.
  static func watched(
    limits: FollowerLimits = FollowedDesk.limits, gateway: GatewayLimits = GatewayDesk.limits,
    capacities: LedgerCapacities? = nil
  ) throws -> FollowedDesk {
    var desk = try FollowedDesk(
      limits: limits, capacities: capacities, gateway: gateway,
      controllers: [("chief", .all), ("junior", [.watch]), ("blind", [.liquidate])])
    desk.alice = try desk.logOn()
    return desk
  }

  /// A controller's client that has heard nothing but its welcome.
  mutating func logOnDesk(_ name: String) throws -> TerminalID {
    let id = try desk.logOnDesk(name)
    settle()
    _ = desk.desk(id)
    return id
  }

  mutating func subscribe(
    _ kinds: DeskProtocol.RowKinds, _ scope: ScopeKind = .none, _ name: String = "",
    every milliseconds: UInt32 = 100, number: UInt64 = 7, from id: TerminalID
  ) {
    desk.send(
      DeskProtocol.SubscribeAccounts(
        requestID: number, kinds: kinds, scopeKind: scope, name: Name(name)!,
        intervalMilliseconds: milliseconds),
      from: id)
    desk.turn()
  }

  /// What comes for a controller's pictures until nothing more does.
  mutating func drawn(_ id: TerminalID) -> [AccountsEvent] {
    var events: [AccountsEvent] = []
    var silent = 0
    while silent < 3 || follower.deadline <= now {
      serve()
      let new = desk.desk(id).accounts
      events += new
      silent = new.isEmpty ? silent + 1 : 0
    }
    return events
  }

  /// The same after so many milliseconds.
  mutating func drawn(_ id: TerminalID, after milliseconds: Int64) -> [AccountsEvent] {
    now += milliseconds * FollowedDesk.millisecond
    return drawn(id)
  }

  /// Takes a command and has everybody know of it.
  mutating func take(_ command: Command) {
    let isTaken = desk.gateway.take(command)
    #expect(isTaken)
    settle()
  }

  mutating func tick(_ yuan: Int64, _ instrument: InstrumentID = SmallHouse.rb) {
    let price = SmallHouse.price(yuan)
    take(
      .tick(
        Tick(
          instrument: instrument, last: price, bid: price, bidLots: 1, ask: price, askLots: 1,
          upperLimit: .none, lowerLimit: .none, preSettlement: .none, volume: 1, openInterest: 1,
          exchangeTime: .none)))
  }
}

/// What came for pictures, by kind.
struct Rows {
  var begins: [DeskProtocol.AccountsBegin] = []
  var accounts: [DeskProtocol.AccountRow] = []
  var lines: [DeskProtocol.LineRow] = []
  var funds: [DeskProtocol.FundAccountRow] = []
  var products: [DeskProtocol.ProductRow] = []
  var positions: [DeskProtocol.PositionRow] = []
  var orders: [DeskProtocol.WorkingOrderRow] = []
  var links: [DeskProtocol.LinkRow] = []
  var completes: [DeskProtocol.AccountsComplete] = []
  var ends: [DeskProtocol.AccountsEnd] = []

  init(_ events: [AccountsEvent]) {
    for event in events {
      switch event {
      case .begin(let row): begins.append(row)
      case .account(let row): accounts.append(row)
      case .line(let row): lines.append(row)
      case .fundAccount(let row): funds.append(row)
      case .product(let row): products.append(row)
      case .position(let row): positions.append(row)
      case .order(let row): orders.append(row)
      case .link(let row): links.append(row)
      case .complete(let row): completes.append(row)
      case .end(let row): ends.append(row)
      }
    }
  }

  var count: Int {
    accounts.count + lines.count + funds.count + products.count + positions.count + orders.count
      + links.count
  }
}
