import Client
import Domain
import Session
import Wire

// What the commands do.
extension Shell {
  mutating func run(_ command: Command, _ client: inout TerminalClient, at now: Int64) {
    switch command {
    case .place(let ticket): place(ticket, &client, at: now)
    case .cancel(let order): cancel(order, &client, at: now)
    case .cancelAll(let instrument, let side): cancelAll(instrument, side, &client, at: now)
    case .orders: showOrders(client)
    case .query(let kind, let instrument): ask(kind, instrument, &client, at: now)
    case .watch(let instruments):
      let entries = instruments.map {
        OrderEntry.SubscribeTicks.InstrumentsEntry(instrument: $0.code, exchange: $0.exchange)
      }
      if isSent(client.subscribe(entries, at: now)) { awaitReading(&client, at: now) }
    case .unwatch(let instruments):
      let entries = instruments.map {
        OrderEntry.UnsubscribeTicks.InstrumentsEntry(instrument: $0.code, exchange: $0.exchange)
      }
      _ = isSent(client.unsubscribe(entries, at: now))
    case .follow(let kinds, let milliseconds): follow(kinds, milliseconds, &client, at: now)
    case .unfollow: follow([], 0, &client, at: now)
    case .notices(let number): notices(after: number, &client, at: now)
    case .instruments(let exchange, let commodity):
      guard isSent(client.askInstruments(exchange: exchange, commodity: commodity, at: now))
      else { return }
      instrumentPage = InstrumentPage(
        request: client.lastRequestNumber, exchange: exchange, commodity: commodity)
      wait(.instruments, nil, at: now)
    case .why(let order): why(order, &client, at: now)
    case .tryOrder(let ticket): explain(.ticket(ticket), &client, at: now)
    case .room(let instrument, let hedge, let price):
      explain(.room(instrument, hedge, price), &client, at: now)
    case .wait(let goal, let seconds): wait(for: goal, seconds, &client, at: now)
    case .echo(let text): echo(text)
    case .help(let command): help(command)
    case .quit: phase = .leaving(firstFailure ?? .fine)
    }
  }

  func until(_ seconds: Int64?, at now: Int64) -> Int64 {
    now + (seconds ?? settings.timeoutSeconds) * SessionTiming.nanosecondsPerSecond
  }

  /// Lets the next line wait, a script's and a person's.
  mutating func wait(_ what: Waiting, _ seconds: Int64?, at now: Int64) {
    phase = .waiting(what, until: until(seconds, at: now))
  }

  /// A subscription that is taken has no answer of its own; what the gateway says to the next
  /// request comes behind its refusal. A script waits for that.
  mutating func awaitReading(_ client: inout TerminalClient, at now: Int64) {
    guard settings.isScript, isSent(client.askInstruments(maximumCount: 1, at: now)) else { return }
    wait(.subscription(request: client.lastRequestNumber), nil, at: now)
  }

  /// Whether a message is on its way; says so when it is not.
  mutating func isSent(_ result: ClientSend) -> Bool {
    switch result {
    case .sent: return true
    case .notLoggedOn: fail(.connectionLost, say("not logged on", "未登录"))
    case .noRoom:
      fail(.lineFailed, say("not sent: the gateway does not read as fast", "未发出：网关读取过慢"))
    }
    return false
  }

  // MARK: Orders

  private mutating func place(
    _ ticket: OrderTicket, _ client: inout TerminalClient, at now: Int64
  ) {
    let result = client.place(ticket, at: now)
    guard isSent(result), case .sent(let id) = result else { return }
    lastPlaced = id
    placedLines[id] = lineNumber
    if settings.isJSON {
      show(EventJSON.sent(id, number: client.model.number(of: id), line: lineNumber))
    }
    if settings.isScript { wait(.answer(id), nil, at: now) }
  }

  private mutating func cancel(
    _ reference: OrderReference, _ client: inout TerminalClient, at now: Int64
  ) {
    let result: ClientSend
    let order: ClOrdID
    if case .orderID(let id) = reference {
      order = client.model.order(id)?.clOrdID ?? ClOrdID()
      result = client.cancel(id, at: now)
    } else {
      guard let known = resolve(reference, client) else { return }
      order = known
      result = client.cancel(known, at: now)
    }
    guard isSent(result), case .sent(let request) = result else { return }
    if settings.isScript { wait(.cancel(request: request, of: order), nil, at: now) }
  }

  private mutating func cancelAll(
    _ instrument: InstrumentReference?, _ side: Side, _ client: inout TerminalClient,
    at now: Int64
  ) {
    let concerned = client.model.orders.filter { order in
      !order.state.isFinal && (side == .unknown || order.side == side)
        && (instrument == nil
          || instrument?.code == order.instrument
            && (instrument?.exchange == .unknown || instrument?.exchange == order.exchange))
    }
    let result = client.cancelAll(
      instrument: instrument?.code ?? InstrumentCode(),
      exchange: instrument?.exchange ?? .unknown, side: side, at: now)
    guard isSent(result), case .sent(let request) = result else { return }
    if settings.isScript {
      wait(.cancels(request: request, of: concerned.map(\.clOrdID)), nil, at: now)
    }
  }

  /// The order that is meant, or a complaint.
  mutating func resolve(
    _ reference: OrderReference, _ client: TerminalClient
  ) -> ClOrdID? {
    switch reference {
    case .last:
      if lastPlaced == nil {
        fail(.lineFailed, say("no order was placed from here yet", "本终端尚未报单"))
      }
      return lastPlaced
    case .number(let number):
      guard number <= client.model.orders.count else {
        fail(
          .lineFailed,
          say("there is no order #\(number): 'orders' lists them", "没有报单 #\(number)：用 orders 查看"))
        return nil
      }
      return client.model.orders[number - 1].clOrdID
    case .clOrdID(let id): return id
    case .orderID(let id):
      guard let order = client.model.order(id) else {
        fail(.lineFailed, say("no order \(id) is known here", "未知报单 \(id)"))
        return nil
      }
      return order.clOrdID
    }
  }

  private mutating func showOrders(_ client: TerminalClient) {
    if settings.isJSON {
      for (index, order) in client.model.orders.enumerated() {
        show(EventJSON.order(order, number: index + 1, settings.language))
      }
    } else if client.model.orders.isEmpty {
      show(say("no orders today", "当日无报单"))
    } else {
      for line in OrderText.table(client.model.orders, settings.language) { show(line) }
    }
  }

  // MARK: Waiting

  private mutating func wait(
    for goal: WaitGoal, _ seconds: Int64?, _ client: inout TerminalClient, at now: Int64
  ) {
    let what: Waiting
    switch goal {
    case .allFinal: what = .allFinal
    case .final(let reference):
      guard let id = known(reference, client) else { return }
      what = .final(id)
    case .filled(let reference):
      guard let id = known(reference, client) else { return }
      what = .filled(id)
    }
    wait(what, seconds, at: now)
    settled(&client, at: now)
  }

  /// As `resolve`, and the order is one that can be followed.
  private mutating func known(
    _ reference: OrderReference, _ client: TerminalClient
  ) -> ClOrdID? {
    guard let id = resolve(reference, client) else { return nil }
    guard client.model.order(id) != nil else {
      fail(.lineFailed, say("no order \(id.string) is known here", "未知报单 \(id.string)"))
      return nil
    }
    return id
  }

  private mutating func help(_ command: CommandName?) {
    let lines =
      command.map { CommandHelp.lines($0, settings.language) }
      ?? TerminalHelp.commands(settings.language)
    guard settings.isJSON else { return lines.forEach { show($0) } }
    var json = JSONLine(event: "help")
    json.add("text", lines.joined(separator: "\n"))
    show(json.line)
  }

  private mutating func echo(_ text: String) {
    guard settings.isJSON else { return show(text) }
    var json = JSONLine(event: "echo")
    json.add("text", text)
    show(json.line)
  }
}
