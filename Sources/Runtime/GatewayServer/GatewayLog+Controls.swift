import Domain
import Gateway
import Log
import Messages
import RiskRules

// What risk controllers do, for the record: who, what, to whom, why.
extension GatewayLog {
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
