import Domain
import Engine
import Ledger
import Messages
import Testing

/// Changes of the configuration as the engine takes them.
@Suite struct ChangeTests {
  private let anna = World.anna

  private static func change(_ revision: UInt64, _ changes: UInt32 = 1) -> Command {
    .configurationChange(
      ConfigurationChange(who: FixedText("admin")!, revision: revision, changes: changes))
  }

  @Test func onlyWhatWasDecidedOnThisRevisionIsTaken() {
    let fixture = EngineFixture.trading()
    for (revision, changes, isTaken) in [
      (1, 1, false), (0, 0, false), (0, 3, true), (0, 1, false), (1, 1, true), (3, 1, false),
    ] as [(UInt64, UInt32, Bool)] {
      let before = fixture.engine.configurationRevision
      let effects = fixture.step(Self.change(revision, changes))
      #expect(effects.refusals.isEmpty == isTaken, "on revision \(revision)")
      let after = fixture.engine.configurationRevision
      #expect(after == before + (isTaken ? 1 : 0))
      let notices = effects.notices(.configurationChanged)
      #expect(notices.map(\.observed) == (isTaken ? [Int64(changes)] : []))
    }
  }

  /// What takes a setting away is taken for every kind of setting, and leaves nothing of it.
  @Test(arguments: StateHashTests.anything.indices)
  func everySettingCanBeTakenAway(_ index: Int) {
    let (what, command) = StateHashTests.anything[index]
    guard let removal = command.removal else { return }
    #expect(removal.removal == removal && command.isChange)
    let changed = EngineFixture.trading()
    let same = EngineFixture.trading()
    #expect(changed.step(command).refusals.isEmpty, "\(what)")
    #expect(changed.step(removal).refusals.isEmpty, "\(what)")
    same.step(removal)
    same.step(removal)
    // Names that were given stay known, and the room that a window was given stays its own.
    switch command {
    case .setTradingCode: return
    case .setFundAccount(let set) where set.setting == .orderRateCount: return
    default: break
    }
    #expect(changed.stateHash == same.stateHash, "\(what)")
  }

  @Test func anEmptiedListOfAControllerLetsHimInFromAnywhere() {
    let chief = ControllerTests.chief
    let fixture = EngineFixture.trading(before: ControllerTests.controllers)
    func isIn(_ last: UInt32, _ mac: UInt64) -> RuleID? {
      fixture.engine.misfit(
        of: chief, from: NetworkAddress(ipv4: last), MACAddress(raw: mac))
    }
    #expect(isIn(9, 9) == nil)
    let rows: [Command] = [
      .allowControllerAddress(
        AllowControllerAddress(
          controller: chief, from: NetworkAddress(ipv4: 1), to: NetworkAddress(ipv4: 2))),
      .allowControllerMAC(AllowControllerMAC(controller: chief, mac: MACAddress(raw: 7))),
    ]
    for row in rows {
      #expect(row.isChange)
      #expect(fixture.step(row).refusals.isEmpty)
    }
    #expect(isIn(2, 7) == nil)
    #expect(isIn(3, 7) == .ipWhitelist)
    #expect(isIn(2, 8) == .macWhitelist)
    func clear(_ controller: ControllerID, _ list: AccessList) -> Int {
      let command = Command.clearControllerAccess(
        ClearControllerAccess(controller: controller, list: list))
      #expect(command.isChange)
      return fixture.step(command).refusals.count
    }
    #expect(clear(chief, .addresses) == 0)
    #expect(isIn(3, 7) == nil && isIn(3, 8) == .macWhitelist)
    #expect(clear(chief, .macs) == 0)
    #expect(isIn(3, 8) == nil)
    #expect(clear(chief, .unknown) == 1)
    #expect(clear(ControllerID(99), .macs) == 1)
    fixture.step(
      .setController(SetController(controller: chief, setting: .enabled, value: 0)))
    #expect(isIn(2, 7) == .loginCredentials)
    // The rows are free again, however often.
    for _ in 0..<1_000 {
      #expect(fixture.step(rows[1]).refusals.isEmpty)
      #expect(clear(chief, .macs) == 0)
    }
  }

  @Test func anEmptiedListLetsEverybodyIn() {
    let fixture = EngineFixture.trading()
    func step(_ command: Command) { #expect(fixture.step(command).refusals.isEmpty) }
    func rows() -> [Bool] {
      let record = fixture.engine.ledger.account(anna).pointee
      return [record.logon.firstAddress != 0, record.logon.firstMAC != 0]
    }
    step(
      .allowAddress(
        AllowAddress(account: anna, from: NetworkAddress(ipv4: 1), to: NetworkAddress(ipv4: 2))))
    step(.allowMAC(AllowMAC(account: anna, mac: MACAddress(raw: 7))))
    #expect(rows() == [true, true])
    step(.clearAccess(ClearAccess(account: anna, list: .addresses)))
    #expect(rows() == [false, true])
    step(.clearAccess(ClearAccess(account: anna, list: .macs)))
    #expect(rows() == [false, false])
    for list in [AccessList.unknown, .macs] {
      let account = list == .unknown ? anna : .none
      let effects = fixture.step(.clearAccess(ClearAccess(account: account, list: list)))
      #expect(effects.refusals.count == 1)
    }
    // The rows are free again, however often.
    for _ in 0..<1_000 {
      step(.allowMAC(AllowMAC(account: anna, mac: MACAddress(raw: 7))))
      step(.clearAccess(ClearAccess(account: anna, list: .macs)))
    }
  }
}
