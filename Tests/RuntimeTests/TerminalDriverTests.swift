import Client
import Domain
import Session
import Testing
import Wire

@testable import Runtime

/// Terminals on a loop.
@Suite(.timeLimit(.minutes(10))) struct TerminalDriverTests {
  /// Sends orders as fast as a window allows, until each terminal has had all of its fills.
  struct Sender: TerminalHandler {
    static let window = 32
    let wanted: Int
    var sent: [Int]
    var filled: [Int]
    var ends: [TerminalLinkEnd] = []
    var reasons: [CloseReason] = []
    var resumed = 0

    init(terminals: Int, orders: Int) {
      wanted = orders
      sent = Array(repeating: 0, count: terminals)
      filled = Array(repeating: 0, count: terminals)
    }

    mutating func happened(
      _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
      _ loop: inout EventLoop
    ) {
      switch event {
      case .resumed:
        resumed += 1
        fill(terminal, &terminals, loop.now)
      case .report(let report) where report.state == .filled:
        filled[terminal] += 1
        fill(terminal, &terminals, loop.now)
        if filled[terminal] == wanted { terminals.leave(terminal, &loop) }
      default: break
      }
    }

    private mutating func fill(_ terminal: Int, _ terminals: inout Terminals, _ now: Int64) {
      while sent[terminal] < wanted, sent[terminal] - filled[terminal] < Self.window {
        let ticket = OrderTicket(
          .buy, .open, InstrumentCode("rb2610")!, lots: 1, price: Price(units: 31_200_000),
          timeInForce: .immediateOrCancel)
        guard terminals.clients[terminal].place(ticket, at: now).isSent else { return }
        sent[terminal] += 1
      }
    }

    mutating func ended(
      _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
      _ terminals: inout Terminals, _ loop: inout EventLoop
    ) {
      ends.append(end)
      reasons.append(reason)
      if ends.count == terminals.count { loop.stop() }
    }
  }

  static func client(
    _ account: String, reconnects: Bool = false, at now: Int64
  ) throws -> TerminalClient {
    let ids = try #require(ClOrdIDSource(prefix: "T", seed: Secrets.randomNumber()))
    return TerminalClient(
      TerminalLogon(account: try #require(Name(account)), reconnects: reconnects),
      password: try #require(FixedText("secret")), ids: ids, seed: 1, at: now)
  }

  @Test func sixTerminalsSendThousandsOfOrdersFromOneLoop() throws {
    let gateway = try LoopbackGateway()
    var loop = try EventLoop(LoopLimits(connections: 6))
    let clients = try (1...6).map { try Self.client("a\($0)", at: loop.now) }
    var driver = TerminalDriver(
      clients, to: gateway.address, Sender(terminals: 6, orders: 1000), &loop)
    loop.run(&driver)
    let filled = driver.handler.filled
    #expect(filled == Array(repeating: 1000, count: 6))
    let resumed = driver.handler.resumed
    #expect(resumed == 6)
    let causes = driver.handler.ends.map(\.cause)
    #expect(causes == Array(repeating: .requested, count: 6))
    let orders = driver.terminals.clients.map(\.model.orders.count)
    #expect(orders == Array(repeating: 1000, count: 6))
    let connections = loop.connectionCount
    #expect(connections == 0)
  }

  @Test func aTerminalThatFindsNoPlaceOnTheLoopIsTold() throws {
    let gateway = try LoopbackGateway()
    var loop = try EventLoop(LoopLimits(connections: 1))
    let clients = try (1...2).map { try Self.client("a\($0)", at: loop.now) }
    var driver = TerminalDriver(
      clients, to: gateway.address, Sender(terminals: 2, orders: 3), &loop)
    loop.run(&driver)
    let reasons = driver.handler.reasons
    #expect(reasons.contains(.failed(errno: 23)))
    let filled = driver.handler.filled
    #expect(filled.reduce(0, +) == 3)
  }

  /// Counts how often it is told, and stops at the second end.
  struct Waiter: TerminalHandler {
    var ends = 0
    mutating func happened(
      _ event: ClientEvent, at terminal: Int, _ terminals: inout Terminals,
      _ loop: inout EventLoop
    ) {}
    mutating func ended(
      _ end: TerminalLinkEnd, _ reason: CloseReason, at terminal: Int,
      _ terminals: inout Terminals, _ loop: inout EventLoop
    ) {
      ends += 1
      #expect(end.cause == .connectFailed && reason == .connectRefused)
      if end.isFinal || ends == 2 { loop.stop() }
    }
  }

  @Test(arguments: [false, true])
  func whetherItIsTriedAgainIsTheLogonsChoice(_ reconnects: Bool) throws {
    var loop = try EventLoop(LoopLimits(connections: 2))
    let nobody = try NobodysPort()
    let client = try Self.client("a", reconnects: reconnects, at: loop.now)
    var driver = TerminalDriver([client], to: nobody.address, Waiter(), &loop)
    loop.run(&driver)
    let ends = driver.handler.ends
    #expect(ends == (reconnects ? 2 : 1))
  }
}
