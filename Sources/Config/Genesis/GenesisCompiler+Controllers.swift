import Domain
import Messages

// Risk controllers, as commands. They come last: the accounts that are bound to them exist.
extension GenesisCompiler {
  mutating func setControllers() {
    for controller in configuration.controllers {
      append(.defineController(DefineController(name: fixed(controller.name))))
    }
    for place in configuration.controllers.indices { setController(place) }
  }

  private mutating func setController(_ place: Int) {
    let controller = configuration.controllers[place]
    let id = ControllerID(UInt32(place))
    var settings: [(ControllerSetting, Int64)] = [
      (.rights, Int64(controller.rights.rawValue)), (.enabled, controller.isEnabled ? 1 : 0),
      (.sessions, controller.sessions),
    ]
    if controller.isBoundToAll { settings.append((.bindsAll, 1)) }
    if controller.dropsOlderSession { settings.append((.dropsOlderSession, 1)) }
    for (setting, value) in settings {
      append(.setController(SetController(controller: id, setting: setting, value: value)))
    }
    setCredential(controller, id)
    for range in controller.addresses {
      append(
        .allowControllerAddress(
          AllowControllerAddress(controller: id, from: range.from, to: range.to)))
    }
    for mac in controller.macs {
      append(.allowControllerMAC(AllowControllerMAC(controller: id, mac: mac)))
    }
    for account in controller.accounts {
      append(
        .bindController(
          BindController(
            controller: id, account: OperationAccountID(UInt32(account)), bound: true)))
    }
  }

  private mutating func setCredential(_ controller: ControllerSettings, _ id: ControllerID) {
    let hash: String?
    if case .hash(let written) = controller.credential {
      hash = written
    } else {
      hash = input.controllerHashes[controller.name]
    }
    guard let hash, let text = FixedText<128>(hash), !text.isEmpty else {
      report(
        .missingKey, in: ControllerReader.file,
        "the controller \(ConfigNode.quoted(controller.name)) has no password hash")
      return
    }
    append(.setControllerCredential(SetControllerCredential(controller: id, hash: text)))
  }
}
