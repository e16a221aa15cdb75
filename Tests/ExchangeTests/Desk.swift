import Domain
import Session
import Wire

@testable import Exchange

/// Frames that leave a counter, kept per link; a link holds so many bytes and no more.
struct RecordingOutput: CounterOutput {
  var capacity = 1 << 20
  var bytes: [UInt32: [UInt8]] = [:]
  var closed: [UInt32] = []
  var cutLinks: [UInt32] = []
  private var room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 8)

  mutating func reserve(_ link: LinkName, _ count: Int) -> UnsafeMutableRawBufferPointer? {
    guard !closed.contains(link.index), !cutLinks.contains(link.index),
      bytes[link.index, default: []].count + count <= capacity
    else { return nil }
    return UnsafeMutableRawBufferPointer(rebasing: room[..<count])
  }

  mutating func commit(_ link: LinkName, _ count: Int) {
    bytes[link.index, default: []] += room[..<count]
  }

  mutating func close(_ link: LinkName, lastWords: UnsafeRawBufferPointer) {
    bytes[link.index, default: []] += lastWords
    closed.append(link.index)
  }

  mutating func cut(_ link: LinkName) {
    bytes[link.index] = []
    cutLinks.append(link.index)
  }

  /// The messages a link was sent since the last call, in words.
  mutating func take(_ link: UInt32) -> [String] {
    defer { bytes[link] = [] }
    return (bytes[link] ?? []).withUnsafeBytes { all in
      var words: [String] = []
      var used = 0
      while used < all.count {
        let rest = UnsafeRawBufferPointer(rebasing: all[used...])
        guard case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum),
          let message = try? CounterProtocol.Message(frame)
        else { return words + ["?"] }
        words.append(Self.words(message))
        used += frame.length
      }
      return words
    }
  }

  static func words(_ message: CounterProtocol.Message) -> String {
    switch message {
    case .loginAccepted(let login):
      "login epoch=\(login.epoch) last=\(login.lastCounterSequence)"
    case .loginRejected(let login): "login-rejected \(login.reason)"
    case .logout(let logout): "logout \(logout.reason)"
    case .heartbeat: "heartbeat"
    case .orderReport(let report):
      "\(again(report.flags))#\(report.counterSequence) \(report.childOrderID.sequence) "
        + "\(report.state) \(report.cumulativeLots)+\(report.leavesLots)"
        + (report.rejectCode == 0 ? "" : " error=\(report.rejectCode)")
    case .tradeReport(let trade):
      "\(again(trade.flags))#\(trade.counterSequence) \(trade.childOrderID.sequence) "
        + "\(trade.instrument) \(trade.side) \(trade.lots)@\(trade.price.units / 10_000)"
    case .cancelRejected(let report):
      "\(again(report.flags))#\(report.counterSequence) \(report.childOrderID.sequence) "
        + "cancel-rejected error=\(report.rejectCode)"
    case .reportsEnd(let end): "reports-end \(end.requestNumber) last=\(end.lastSequence)"
    case .orderStatus(let status):
      "status \(status.childOrderID.sequence) \(status.state) "
        + "\(status.cumulativeLots)+\(status.leavesLots)"
    case .ordersEnd(let end): "orders-end \(end.requestNumber) \(end.count)"
    case .fundsReport(let funds):
      "funds \(funds.requestNumber) equity=\(funds.equity.units / 10_000)"
    case .positionReport(let position):
      "position \(position.instrument) \(position.side) "
        + "\(position.todayLots)/\(position.yesterdayLots)"
    case .positionsEnd(let end): "positions-end \(end.requestNumber) \(end.count)"
    case .instrumentStatus(let status): "phase \(status.instrument) \(status.phase)"
    case .tick(let tick):
      "tick \(tick.instrument) \(tick.bid.units / 10_000)/\(tick.ask.units / 10_000)"
    case .login, .insertOrder, .cancelOrder, .reportsRequest, .ordersRequest, .fundsRequest,
      .positionsRequest, .subscribeTicks, .unsubscribeTicks:
      "a gateway's message"
    }
  }

  private static func again(_ flags: CounterProtocol.CounterReportFlags) -> String {
    flags.contains(.replayed) ? "again " : ""
  }
}

/// A counter with gateways on its links.
struct Desk {
  var service: CounterService
  var output = RecordingOutput()
  var now = Market.open
  private var sequence: UInt64 = 0

  init(faults: FaultPlan = FaultPlan(), mode: CounterService.Mode = .matching) {
    var market = Market(faults: faults)
    // The market logged everybody in already; here links do.
    market.now = Market.open
    service = CounterService(
      exchange: market.exchange, passwords: [FixedText<128>("secret")!], mode: mode)
  }

  func child(_ sequence: UInt64) -> OrderID {
    OrderID(day: Market.day, shard: 0, sequence: sequence)
  }

  /// Sends a message and says what came back on that link.
  @discardableResult
  mutating func send(_ link: UInt32, _ message: some WireMessage) -> [String] {
    var bytes = [UInt8](repeating: 0, count: message.frameLength)
    bytes.withUnsafeMutableBytes { _ = try? message.encode(into: $0) }
    return sendBytes(link, bytes)
  }

  @discardableResult
  mutating func sendBytes(_ link: UInt32, _ bytes: [UInt8]) -> [String] {
    _ = bytes.withUnsafeBytes {
      service.bytesReceived(LinkName(index: link, generation: 0), $0, now: now, &output)
    }
    return output.take(link)
  }

  mutating func open(_ link: UInt32) {
    service.linkOpened(LinkName(index: link, generation: 0), now: now)
  }

  @discardableResult
  mutating func login(_ link: UInt32, _ account: String, last: UInt64 = 0) -> [String] {
    open(link)
    return send(
      link,
      CounterProtocol.Login(
        fundAccount: Name(account)!, schemaVersion: 1, heartbeatIntervalSeconds: 5,
        lastCounterSequence: last, password: FixedText<128>("secret")!))
  }

  /// Buys or sells rb to open.
  mutating func order(
    _ side: Side, _ lots: Lots, _ price: Int64, child: UInt64? = nil
  ) -> CounterProtocol.InsertOrder {
    sequence += 1
    return CounterProtocol.InsertOrder(
      childOrderID: self.child(child ?? sequence), instrument: Market.instruments[0].code,
      exchange: .shfe, side: side, offset: .open, hedge: .speculation, type: .limit,
      timeInForce: .day, price: Market.yuan(price), lots: lots)
  }

  mutating func advance(seconds: Int64) {
    now = now.adding(seconds: seconds)
    service.advance(now: now, &output)
  }

  mutating func tick(_ bid: Int64, _ ask: Int64, lots: Lots = 10) {
    var tick = ExchangeTick(
      instrument: Market.instruments[0].code, exchange: .shfe, tradingDate: Market.day.date,
      time: now)
    tick.bid = BookLevel(price: Market.yuan(bid), lots: lots)
    tick.ask = BookLevel(price: Market.yuan(ask), lots: lots)
    service.tick(tick, now: now, &output)
  }
}
