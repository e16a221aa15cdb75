import Domain
import Gateway
import Log
import Messages
import RiskRules
import Session
import Wire

// What risk controllers do, for the record: who, what, to whom, why.
extension GatewayLog {
  mutating func writeController(
    _ event: GatewayEvent, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    switch event {
    case .controllerAccepted(let session, let controller, let address, let origin):
      let name = gateway.name(controller)
      writer?.record(.info, "controllerLogonAccepted", at: time) {
        $0.add("controller", name)
        $0.add("session", session.raw)
        GatewayLog.add(address, origin, to: &$0)
      }
    case .controllerRefused(let asked, let address, let origin, let rule):
      writer?.record(.warning, "controllerLogonRefused", at: time) {
        $0.add("controller", asked)
        $0.add("rule", GatewayLog.name(rule))
        GatewayLog.add(address, origin, to: &$0)
      }
    case .controllerEnded(let session, let controller, let address, let end):
      let name = gateway.name(controller)
      writer?.record(.info, "controllerEnded", at: time) {
        if !name.isEmpty { $0.add("controller", name) }
        if session != .none { $0.add("session", session.raw) }
        $0.add("address", GatewayLog.text(address))
        $0.add("reason", end.reason.words)
        if let fault = end.fault { $0.add("fault", fault.description) }
      }
    case .controllerLost(let session, let controller, let address):
      let name = gateway.name(controller)
      writer?.record(.info, "controllerLost", at: time) {
        if !name.isEmpty { $0.add("controller", name) }
        if session != .none { $0.add("session", session.raw) }
        $0.add("address", GatewayLog.text(address))
      }
    default: break
    }
  }

  mutating func write(
    _ taken: ControlTaken, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    let controller = gateway.name(taken.controller)
    let scope = gateway.name(of: taken.scopeKind, taken.scopeID)
    writer?.record(.warning, "control", at: time) {
      $0.add("kind", "\(taken.kind)")
      $0.add("controller", controller)
      $0.add("scope", "\(taken.scopeKind)")
      if !scope.isEmpty { $0.add("name", scope) }
      if !taken.order.isNone { $0.add("order", taken.order) }
      if !taken.reason.isEmpty { $0.add("reason", taken.reason) }
      $0.add("number", taken.number)
    }
  }

  mutating func write(
    _ done: ControlDone, _ gateway: borrowing Gateway, _ time: Int64
  ) {
    let controller = gateway.name(done.controller)
    let scope = gateway.name(of: done.refusal.scopeKind, done.refusal.scopeID)
    writer?.record(.warning, "controlRefused", at: time) {
      $0.add("kind", "\(done.kind)")
      $0.add("controller", controller)
      $0.add("rule", GatewayLog.name(done.refusal.rule))
      $0.add("scope", "\(done.refusal.scopeKind)")
      if !scope.isEmpty { $0.add("name", scope) }
    }
  }
}
