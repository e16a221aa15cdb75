import Domain
import Session
import Wire

/// A simulated counter as gateways see it: links, logins, orders, queries, reports and ticks in
/// the counter protocol. No I/O: bytes and times come in, frames leave through a `CounterOutput`.
///
/// Reports are sent from the accounts' stores: what a full link does not take stays there. Times
/// are of one clock that never goes back; it is also the exchange's.
public struct CounterService {
  /// How orders are answered.
  public enum Mode: Equatable, Sendable {
    case matching
    /// Every order is accepted at once, and filled if so wished; nothing is checked or kept. For
    /// measuring what lies between.
    case instant(fills: Bool)
  }

  public var exchange: SimulatedExchange
  let mode: Mode
  /// By account; empty = any password will do.
  let passwords: [FixedText<128>]
  /// By the link's index; places of links that are gone wait for others.
  var links: [CounterLink] = []
  /// By account: the place of the link that is logged in.
  var placeOfAccount: [Int?]
  var instant: InstantAnswers
  /// Instruments whose phase was set, and is told to who subscribes.
  var phaseIsKnown: [Bool]

  /// - Parameter passwords: one an account, in their order; fewer = the rest have none.
  public init(
    exchange: SimulatedExchange, passwords: [FixedText<128>] = [], mode: Mode = .matching
  ) {
    self.exchange = exchange
    self.mode = mode
    self.passwords = (0..<exchange.accountCount).map {
      $0 < passwords.count ? passwords[$0] : FixedText<128>()
    }
    placeOfAccount = [Int?](repeating: nil, count: exchange.accountCount)
    instant = InstantAnswers(accounts: exchange.accountCount)
    phaseIsKnown = [Bool](repeating: false, count: exchange.instruments.count)
  }

  // MARK: Links

  public mutating func linkOpened(_ name: LinkName, now: Timestamp) {
    let place = Int(name.index)
    let link = CounterLink(name, instruments: exchange.instruments.count, now: now)
    while links.count <= place {
      links.append(link)
      links[links.count - 1].isGone = true
    }
    links[place] = link
  }

  public mutating func linkClosed(_ name: LinkName) {
    if let place = place(of: name) { forget(place) }
  }

  private mutating func forget(_ place: Int) {
    let account = links[place].account
    if !account.isNone, placeOfAccount[account.index] == place {
      placeOfAccount[account.index] = nil
    }
    links[place].isGone = true
    links[place].session.ended()
  }

  /// Nil for a link that is gone.
  func place(of name: LinkName) -> Int? {
    let place = Int(name.index)
    guard place < links.count, links[place].name == name, !links[place].isGone else { return nil }
    return place
  }

  /// Links that are logged in.
  public var loggedInCount: Int { placeOfAccount.count { $0 != nil } }

  // MARK: Bytes

  /// Bytes of a link, from the first one not consumed on; how many are done with.
  public mutating func bytesReceived<Output: CounterOutput & ~Copyable>(
    _ name: LinkName, _ bytes: UnsafeRawBufferPointer, now: Timestamp, _ output: inout Output
  ) -> Int {
    guard let place = place(of: name) else { return bytes.count }
    var used = 0
    while !links[place].isGone {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
      switch FrameScanner.scan(rest, limit: Framing.inboundMaximum) {
      case .needMore:
        deliver(now: now, &output)
        return used
      case .failed(let error):
        carryOut(links[place].session.framingFailed(error), place, now, &output)
      case .frame(let frame):
        used += frame.length
        carryOut(links[place].session.frameReceived(frame, now: now), place, now, &output)
      }
    }
    deliver(now: now, &output)
    return bytes.count
  }

  private mutating func carryOut<Output: CounterOutput & ~Copyable>(
    _ action: CounterServerSession.Action, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) {
    switch action {
    case .nothing: break
    case .verify(let login): verify(login, place, now, &output)
    case .serve(let message): serve(message, place, now, &output)
    case .end(let reason): end(place, reason, &output)
    case .close: end(place, nil, &output)
    }
  }

  /// Ends a link with a Logout, or without a word when the peer has said its own.
  mutating func end<Output: CounterOutput & ~Copyable>(
    _ place: Int, _ reason: CounterProtocol.LinkEndReason?, _ output: inout Output
  ) {
    guard !links[place].isGone else { return }
    let name = links[place].name
    if let reason {
      CounterService.withFrame(CounterProtocol.Logout(reason: reason)) {
        output.close(name, lastWords: $0)
      }
    } else {
      output.close(name, lastWords: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    forget(place)
  }

  mutating func cut<Output: CounterOutput & ~Copyable>(
    _ place: Int, _ output: inout Output
  ) {
    output.cut(links[place].name)
    forget(place)
  }

  /// A frame in memory of its own, for last words.
  static func withFrame(_ message: some WireMessage, _ body: (UnsafeRawBufferPointer) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: message.frameLength, alignment: 8) { room in
      do throws(WireError) {
        let length = try message.encode(into: room)
        body(UnsafeRawBufferPointer(rebasing: room[..<length]))
      } catch {
        preconditionFailure("a frame fits the room made for it")
      }
    }
  }

  // MARK: Login

  private mutating func verify<Output: CounterOutput & ~Copyable>(
    _ login: CounterProtocol.LoginDecoder, _ place: Int, _ now: Timestamp,
    _ output: inout Output
  ) {
    guard login.schemaVersion > 0 else {
      refuse(.versionUnsupported, "the schema's version is missing", place, &output)
      return
    }
    let password = CounterProtocol.Login(login).password
    guard let account = exchange.account(named: login.fundAccount),
      passwords[account.index].isEmpty || passwords[account.index] == password
    else {
      refuse(.refused, "unknown fund account or wrong password", place, &output)
      return
    }
    let epoch = exchange.login(account)
    if let older = placeOfAccount[account.index] { end(older, .replaced, &output) }
    placeOfAccount[account.index] = place
    let newest = lastSequence(of: account)
    links[place].account = account
    links[place].sentSequence = newest
    links[place].isCaughtUp = login.lastCounterSequence == newest
    links[place].session.loginAccepted(
      epoch: epoch, requestedSeconds: login.heartbeatIntervalSeconds)
    let seconds = links[place].session.heartbeatIntervalSeconds
    send(
      CounterProtocol.LoginAccepted(
        epoch: epoch, tradingDay: exchange.tradingDay, lastCounterSequence: newest,
        serverTime: now, heartbeatIntervalSeconds: seconds,
        schemaVersion: CounterProtocol.version),
      place, now, &output)
  }

  private mutating func refuse<Output: CounterOutput & ~Copyable>(
    _ reason: CounterProtocol.LinkEndReason, _ text: StaticString, _ place: Int,
    _ output: inout Output
  ) {
    let name = links[place].name
    links[place].session.loginRefused()
    let rejected = CounterProtocol.LoginRejected(reason: reason, text: FixedText(text))
    CounterService.withFrame(rejected) { output.close(name, lastWords: $0) }
    forget(place)
  }

  func lastSequence(of account: FundAccountID) -> UInt64 {
    switch mode {
    case .matching: exchange.lastSequence(of: account)
    case .instant: instant.lastSequence(of: account)
    }
  }

  /// Sends one frame, if the link has room for it.
  @discardableResult
  mutating func send<Output: CounterOutput & ~Copyable>(
    _ message: some WireMessage, _ place: Int, _ now: Timestamp, _ output: inout Output
  ) -> Bool {
    guard output.send(message, to: links[place].name) else { return false }
    links[place].session.sent(now: now)
    return true
  }

  // MARK: Time

  /// Held-back orders, delayed reports, heartbeats and dead links that are due by now.
  public mutating func advance<Output: CounterOutput & ~Copyable>(
    now: Timestamp, _ output: inout Output
  ) {
    exchange.advance(to: now)
    for place in links.indices {
      switch links[place].session.timePassed(now: now) {
      case .nothing: break
      case .sendHeartbeat:
        // A peer that does not read what waits for it needs no heartbeat to know us alive.
        if !send(CounterProtocol.Heartbeat(time: now), place, now, &output) {
          links[place].session.sent(now: now)
        }
      case .end(let reason): end(place, reason, &output)
      }
      pump(place, now, &output)
    }
    deliver(now: now, &output)
  }

  /// When `advance` has something to do; `.never` when nothing waits.
  public var nextDeadline: Timestamp {
    var deadline = exchange.nextDeadline ?? .never
    for place in links.indices where !links[place].isGone {
      deadline = min(deadline, links[place].session.deadline)
      if links[place].isCaughtUp, links[place].answers.isEmpty, mode == .matching,
        let next = exchange.report(links[place].sentSequence + 1, of: links[place].account)
      {
        deadline = min(deadline, next.deliverAt)
      }
    }
    return deadline
  }

  /// Says goodbye to everybody.
  public mutating func stop<Output: CounterOutput & ~Copyable>(_ output: inout Output) {
    for place in links.indices { end(place, .shuttingDown, &output) }
  }
}
