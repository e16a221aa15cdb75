import Domain
import Messages
import Testing

@testable import Config

/// controllers.json5: who they are, what they may do, whose accounts are theirs.
@Suite struct ControllerConfigurationTests {
  private static func tiny(_ controllers: String) -> TinyConfiguration {
    TinyConfiguration("controllers.json5", "{ controllers: [\(controllers)] }")
  }

  @Test func withoutTheFileThereAreNone() throws {
    #expect(try #require(TinyConfiguration().loaded.configuration).controllers.isEmpty)
  }

  @Test func aControllerBecomesCommands() throws {
    let configuration = try #require(
      Self.tiny(
        "{ name: 'r', password: { generate: true }, rights: ['watch', 'kill'], accounts: ['a'], "
          + "sessions: 3, macs: ['00:00:00:00:00:07'] }"
      ).loaded.configuration)
    let genesis = try GenesisTests.compile(configuration)
    let id = ControllerID(0)
    let expected: [Command] = [
      .defineController(DefineController(name: Name("r")!)),
      .setController(SetController(controller: id, setting: .rights, value: 9)),
      .setController(SetController(controller: id, setting: .enabled, value: 1)),
      .setController(SetController(controller: id, setting: .sessions, value: 3)),
      .setControllerCredential(
        SetControllerCredential(controller: id, hash: FixedText("$argon2id$y")!)),
      .allowControllerMAC(AllowControllerMAC(controller: id, mac: MACAddress(raw: 7))),
      .bindController(
        BindController(controller: id, account: OperationAccountID(0), bound: true)),
    ]
    #expect(Array(genesis.commands.suffix(expected.count)) == expected)
  }

  @Test func allAccountsAreOneSetting() throws {
    let configuration = try #require(
      Self.tiny(
        "{ name: 'r', password: { generate: true }, rights: ['bar'], allAccounts: true }"
      ).loaded.configuration)
    let genesis = try GenesisTests.compile(configuration)
    #expect(
      genesis.commands.contains(
        .setController(
          SetController(controller: ControllerID(0), setting: .bindsAll, value: 1))))
  }

  @Test(arguments: [
    ("{ name: 'r', password: { generate: true } }", ConfigFault.Kind.missingKey),
    ("{ name: 'r', rights: [] }", .missingKey),
    ("{ name: 'r', password: { generate: true }, rights: ['fly'] }", .outOfRange),
    ("{ name: 'r', password: {}, rights: [] }", .inconsistent),
    (
      "{ name: 'r', password: { generate: true }, rights: [], accounts: ['b'] }",
      .danglingReference
    ),
    (
      "{ name: 'r', password: { generate: true }, rights: [], allAccounts: true, "
        + "accounts: ['a'] }", .inconsistent
    ),
    (
      "{ name: 'r', password: { generate: true }, rights: [] }, "
        + "{ name: 'r', password: { generate: true }, rights: [] }", .duplicateName
    ),
  ])
  func whatMakesNoSenseIsSaid(_ controllers: String, _ kind: ConfigFault.Kind) {
    let loaded = Self.tiny(controllers).loaded
    #expect(loaded.configuration == nil)
    #expect(loaded.faults.contains { $0.kind == kind }, "\(loaded.faults)")
  }

  @Test func aControllerWithoutAccountsIsNoticed() {
    let loaded = Self.tiny("{ name: 'r', password: { generate: true }, rights: ['bar'] }").loaded
    #expect(loaded.configuration != nil)
    #expect(loaded.faults.map(\.kind) == [.notice])
  }

  @Test func moreControllersThanThereIsRoomForAreRefused() {
    var tiny = Self.tiny(
      "{ name: 'r', password: { generate: true }, rights: [], allAccounts: true }, "
        + "{ name: 's', password: { generate: true }, rights: [], allAccounts: true }")
    tiny.texts["gateway.json5"] = "{ capacities: { controllers: 1 } }"
    #expect(tiny.loaded.faults.contains { $0.description.contains("capacities.controllers") })
  }
}
