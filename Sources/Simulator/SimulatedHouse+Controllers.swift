import Domain
import Messages

// Risk controllers of a run: one for everything, one for two accounts.
extension SimulatedHouse {
  static let chief = ControllerID(0)
  static let junior = ControllerID(1)

  static var controllers: [Command] {
    var commands: [Command] = ["chief", "junior"].map {
      .defineController(DefineController(name: Name($0)!))
    }
    let rightsOfBoth: [(ControllerID, ControllerRights)] = [
      (chief, .all), (junior, [.bar, .kill, .liquidate]),
    ]
    for (controller, rights) in rightsOfBoth {
      commands.append(
        .setController(
          SetController(
            controller: controller, setting: .rights, value: Int64(rights.rawValue))))
      commands.append(
        .setControllerCredential(
          SetControllerCredential(controller: controller, hash: credential)))
    }
    commands.append(
      .setController(SetController(controller: chief, setting: .bindsAll, value: 1)))
    for account in UInt32(0)..<2 {
      commands.append(
        .bindController(
          BindController(
            controller: junior, account: OperationAccountID(account), bound: true)))
    }
    return commands
  }

  static func request(
    _ draws: inout SplitMix64, by controller: ControllerID? = nil
  ) -> ControlRequest {
    ControlRequest(
      controller: controller ?? draws.pick([chief, chief, chief, junior]), session: .none,
      requestID: 0, reason: ControlReason("drawn")!)
  }

  /// A controller bars an account or presses a switch; what takes it away again.
  static func control(
    account: Int, _ draws: inout SplitMix64
  ) -> (command: Command, release: Command) {
    let request = request(&draws)
    let undoing = self.request(&draws, by: chief)
    let account = OperationAccountID(UInt32(account))
    if draws.chance(40) {
      return (
        .barOpening(BarOpening(request: request, account: account, isBarred: true)),
        .barOpening(BarOpening(request: undoing, account: account, isBarred: false))
      )
    }
    let (kind, id): (ScopeKind, UInt32) = draws.pick([
      (.operationAccount, account.raw), (.operationAccount, account.raw),
      (.product, UInt32(draws.below(3))), (.counter, UInt32(draws.below(counterCount))),
      (.platform, .max),
    ])
    return (
      .killSwitch(
        KillSwitch(
          request: request, scopeKind: kind, scopeID: id, isOn: true,
          flattens: kind != .counter && draws.chance(20))),
      .killSwitch(KillSwitch(request: undoing, scopeKind: kind, scopeID: id, isOn: false))
    )
  }
}
