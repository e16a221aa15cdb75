import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// Who gets in, how dear that is, and what a retry is answered.
@Suite struct SessionTests {
  static func logout(_ received: [Received]) -> OrderEntry.Logout? {
    for case .logout(let logout) in received { return logout }
    return nil
  }

  static func accepted(_ received: [Received]) -> OrderEntry.LogonAccepted? {
    for case .accepted(let accepted) in received { return accepted }
    return nil
  }

  static func reject(_ received: [Received]) -> OrderEntry.BusinessReject? {
    for case .reject(let reject) in received { return reject }
    return nil
  }

  // MARK: Retries

  /// The first order works; a late retry must hear so, and not that it is too old.
  @Test func aRetryThatIsTooOldIsAnsweredFromTheStore() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    var order = GatewayDesk.order("a-1")
    order.sendingTime = SmallHouse.start
    order.maximumAgeMilliseconds = 500
    desk.send(order, from: alice)
    desk.turn()
    desk.settle()
    let first = try #require(desk.reports(alice).first)
    #expect(first.execType == .new)
    desk.pass(GatewayDesk.second)
    _ = desk.received(alice)
    desk.send(order, from: alice)
    var other = order
    other.lots = 3
    desk.send(other, from: alice)
    // An id that nobody knows is judged by its age.
    var late = order
    late.clOrdID = ClOrdID("a-2")!
    desk.send(late, from: alice)
    desk.turn()
    let heard = desk.received(alice)
    let reports = heard.compactMap { received in
      if case .report(let report) = received { return report }
      return nil
    }
    #expect(reports.map(\.execType) == [.restated, .rejected])
    #expect(reports.first?.orderID == first.orderID)
    #expect(reports.map(\.reportSequence) == [0, 0])
    #expect(reports.last?.refusal.rule == RuleID.duplicateOrder.rawValue)
    let reject = try #require(Self.reject(heard))
    #expect(reject.refusal.rule == RuleID.staleOrder.rawValue)
    #expect(reject.refRequestID == ClOrdID("a-2"))
    // Another account's order of the same id is not this one.
    let bob = try desk.logOn("bob")
    _ = desk.received(bob)
    order.account = Name("bob")!
    desk.send(order, from: bob)
    desk.turn()
    #expect(Self.reject(desk.received(bob))?.refusal.rule == RuleID.staleOrder.rawValue)
    #expect(desk.orders(at: LinkID(index: 0)).count == 1)
  }

  /// The codes of a NewOrder, from its exchange to its time in force.
  @Test(arguments: 84...89)
  func aCodeThatNobodyKnowsRefusesTheOrderAndNotTheSession(offset: Int) throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    var order = GatewayDesk.order("a-1")
    order.exchange = .shfe
    var bytes = GatewayDesk.bytes(order)
    let place = Framing.framingHeaderLength + Framing.messageHeaderLength + offset
    #expect(bytes[place] == 1)
    bytes[place] = 99
    desk.deliver(bytes, from: .terminal(alice))
    desk.send(GatewayDesk.order("a-2"), from: alice)
    desk.turn()
    let heard = desk.reports(alice)
    #expect(heard.map(\.execType) == [.rejected, .new])
    #expect(heard.first?.refusal.rule != 0)
  }

  // MARK: Day tokens

  /// No password is looked at, by nobody, for a logon with the day's token.
  @Test func aDayTokenAsksNoPassword() throws {
    var desk = try GatewayDesk()
    let first = try desk.logOn()
    let accepted = try #require(Self.accepted(desk.received(first)))
    let token = accepted.dayToken.string
    desk.answersPasswords = false
    let again = try desk.logOn(password: "", token: token)
    let second = try #require(Self.accepted(desk.received(again)))
    #expect(second.dayToken == accepted.dayToken)
    #expect(second.sessionEpoch > accepted.sessionEpoch)
    let isAsked = desk.gateway.nextPassword() != nil
    #expect(!isAsked)
    // With a password, one waits for its check.
    desk.send(OrderEntry.Logout(reason: .requested), from: again)
    desk.turn()
    let third = try desk.logOn()
    #expect(desk.received(third).isEmpty)
    let isAskedNow = desk.gateway.nextPassword() != nil
    #expect(isAskedNow)
  }

  @Test func aDayTokenIsWorthNothingElsewhere() throws {
    var desk = try GatewayDesk()
    let first = try desk.logOn()
    let token = try #require(Self.accepted(desk.received(first))).dayToken.string
    for (name, address, given) in [
      ("bob", GatewayDesk.address, token), ("alice", NetworkAddress(ipv4: 0x0A00_0001), token),
      ("alice", GatewayDesk.address, token + "x"),
    ] {
      let other = try desk.logOn(name, password: "", token: given, from: address)
      let logout = try #require(Self.logout(desk.received(other)))
      #expect(logout.reason == .refused)
      #expect(logout.rule == RuleID.loginCredentials.rawValue)
    }
  }

  /// A gateway that started again did not give out the token, and knows it all the same: it is made
  /// anew. Not for another account, address or password.
  @Test func aTokenOfTheRunBeforeIsKnownByWhatItIsMadeOf() throws {
    var before = try GatewayDesk()
    let first = try before.logOn()
    let token = try #require(Self.accepted(before.received(first))).dayToken.string
    var desk = try GatewayDesk()
    let again = try desk.logOn(password: "", token: token)
    let second = try #require(Self.accepted(desk.received(again)))
    #expect(second.dayToken.string == token)
    for (name, address, given) in [
      ("bob", GatewayDesk.address, token), ("alice", NetworkAddress(ipv4: 0x0A00_0001), token),
      ("nobody", GatewayDesk.address, token), ("bob", GatewayDesk.address, token + "x"),
    ] {
      let other = try desk.logOn(name, password: "", token: given, from: address)
      let logout = try #require(Self.logout(desk.received(other)))
      #expect(logout.rule == RuleID.loginCredentials.rawValue, "\(name)")
    }
    var changed = try GatewayDesk()
    let isTaken = changed.gateway.take(
      .setCredential(
        SetCredential(account: SmallHouse.alice, hash: FixedText("$argon2id$another")!)))
    #expect(isTaken)
    changed.turn()
    let late = try changed.logOn(password: "", token: token)
    #expect(
      try #require(Self.logout(changed.received(late))).rule
        == RuleID.loginCredentials.rawValue)
  }

  /// Two desks of an account do not take the token from each other.
  @Test func eachAddressHasATokenOfItsOwn() throws {
    var desk = try GatewayDesk()
    let places = (1...5).map { NetworkAddress(ipv4: 0x0A00_0000 + UInt32($0)) }
    var tokens: [String] = []
    for place in places {
      let terminal = try desk.logOn(from: place)
      tokens.append(try #require(Self.accepted(desk.received(terminal))).dayToken.string)
      desk.send(OrderEntry.Logout(reason: .requested), from: terminal)
      desk.turn()
    }
    #expect(Set(tokens).count == 5)
    for (place, token) in zip(places, tokens).dropFirst() {
      let terminal = try desk.logOn(password: "", token: token, from: place)
      #expect(Self.accepted(desk.received(terminal)) != nil)
      desk.send(OrderEntry.Logout(reason: .requested), from: terminal)
      desk.turn()
    }
    // One address more than are kept: the first one's is made anew to be compared.
    let wrong = try desk.logOn(password: "", token: tokens[1], from: places[0])
    #expect(Self.logout(desk.received(wrong))?.reason == .refused)
    let oldest = try desk.logOn(password: "", token: tokens[0], from: places[0])
    #expect(Self.accepted(desk.received(oldest))?.dayToken.string == tokens[0])
  }

  // MARK: Places

  /// The worker's queue takes two here.
  @Test func whoFindsTheQueueOfPasswordsFullIsToldWhenToComeBack() throws {
    var desk = try GatewayDesk()
    desk.answersPasswords = false
    let waiting = [try desk.logOn(), try desk.logOn("bob")]
    let third = try desk.logOn()
    let logout = try #require(Self.logout(desk.received(third)))
    #expect(logout.reason == .busy)
    #expect(logout.rule == RuleID.loginBusy.rawValue)
    #expect(logout.retryAfterMilliseconds == 1_000)
    desk.answersPasswords = true
    desk.turn()
    for terminal in waiting { #expect(Self.accepted(desk.received(terminal)) != nil) }
    let back = try desk.logOn()
    #expect(Self.accepted(desk.received(back)) != nil)
  }

  /// A terminal that sends more than its answers have room for is held back; one that takes none of
  /// them for as long as it may be silent is told what it is cut for.
  @Test func whoTakesNoAnswersIsHeldBackAndThenCutForThat() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    desk.stuck = [.terminal(alice)]
    for number in 0..<300 { desk.send(GatewayDesk.order("m-\(number)", lots: 51), from: alice) }
    desk.turn()
    #expect(desk.gateway.counts.slowTerminalsCut == 0)
    #expect(desk.requests.contains(.pauseReading(.terminal(alice))))
    for _ in 0..<24 { desk.pass(GatewayDesk.second) }
    #expect(desk.gateway.counts.slowTerminalsCut == 0)
    for _ in 0..<2 { desk.pass(GatewayDesk.second) }
    #expect(desk.gateway.counts.slowTerminalsCut == 1)
    #expect(desk.requests.contains(.close(.terminal(alice))))
    let ends = desk.events.compactMap { event in
      if case .terminalEnded(_, _, _, let end) = event { return end.reason }
      return nil
    }
    #expect(ends == [.slowReader])
  }

  /// Ended sessions linger while their last words are read: they are nobody's place.
  @Test func aSessionThatIsBeingEndedTakesNoPlace() throws {
    var limits = GatewayDesk.limits
    limits.unauthenticated = 2
    var desk = try GatewayDesk(limits: limits)
    desk.closesConnections = false
    for _ in 0..<6 {
      // alice may have two sessions.
      let one = try desk.logOn()
      let two = try desk.logOn()
      for terminal in [one, two] {
        #expect(Self.accepted(desk.received(terminal)) != nil)
        desk.send(OrderEntry.Logout(reason: .requested), from: terminal)
      }
      desk.turn()
    }
    let counts = (desk.gateway.terminalCount, desk.gateway.sessionCount)
    #expect(counts == (12, 0))
    // Those who never got in do count, until they are gone.
    let strangers = [desk.connect(), desk.connect(), desk.connect()]
    #expect(strangers.map { $0 != nil } == [true, true, false])
  }

  // MARK: Questions

  /// An exchange nobody knows must not read as "all", nor start over from the first page.
  @Test(arguments: [4, 21])
  func anUnknownExchangeListsNothing(offset: Int) throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    _ = desk.received(alice)
    var bytes = GatewayDesk.bytes(
      OrderEntry.InstrumentsRequest(requestNumber: 7, exchange: .shfe, afterExchange: .shfe))
    let place = Framing.framingHeaderLength + Framing.messageHeaderLength + offset
    #expect(bytes[place] == Exchange.shfe.wireCode)
    bytes[place] = 77
    desk.deliver(bytes, from: .terminal(alice))
    desk.turn()
    let heard = desk.received(alice)
    #expect(heard.count == 1)
    let reject = try #require(Self.reject(heard))
    #expect(reject.refTemplateID == OrderEntry.InstrumentsRequest.templateID)
    #expect(reject.refusal.rule == RuleID.unknownInstrument.rawValue)
    #expect(reject.refusal.asked == 7)
    var question = desk.gateway.nextQuestion()
    #expect(question == nil)
    // The session goes on: the next one is asked of the follower.
    desk.send(OrderEntry.InstrumentsRequest(requestNumber: 8, exchange: .dce), from: alice)
    desk.turn()
    question = desk.gateway.nextQuestion()
    #expect(question?.requestNumber == 8)
  }
}
