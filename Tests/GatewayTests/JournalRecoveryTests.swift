import Domain
import Engine
import Ledger
import Session
import Testing
import Wire

@testable import Gateway

/// The storage refused for a while, and takes records again.
@Suite struct JournalRecoveryTests {
  /// A session that ended meanwhile is a command that waited: it is journaled in a turn of its own,
  /// and nothing leaves in front of its record.
  @Test func whatWaitedForTheJournalIsStoredBeforeAnythingFollowsFromIt() throws {
    var desk = try GatewayDesk()
    let alice = try desk.logOn()
    let bob = try desk.logOn("bob")
    _ = desk.received(alice)
    desk.storageIsFull = true
    desk.send(GatewayDesk.order("a-1"), from: alice)
    desk.turn()
    #expect(desk.reports(alice).isEmpty)
    desk.gateway.terminalClosed(bob)
    desk.storageIsFull = false
    desk.turn()
    #expect(desk.reports(alice).count == 1)
    desk.pass(GatewayDesk.second)
    let isStored = desk.gateway.sequencer.isStored
    #expect(isStored)
    let sessions = desk.gateway.sequencer.engine.ledger.account(SmallHouse.bob).pointee
      .logon.sessionsOpen
    #expect(sessions == 0)
  }
}
