import Domain
import Ledger
import RiskRules
import Testing

// Risk controllers in the shop: what they may do, and what they have stopped.
extension Desk {
  /// A controller with these rights, bound to the account, to all, or to none.
  func controller(
    _ rights: ControllerRights, isBoundToAll: Bool = false, isBound: Bool = true,
    enabled: Bool = true
  ) -> ControllerID {
    let id = ledger.defineController()!
    ledger.changeController(id) {
      $0.pointee.rights = rights
      $0.pointee.isBoundToAll = isBoundToAll
      $0.pointee.enabled = enabled
    }
    if isBound { ledger.bind(account, to: id, true) }
    return id
  }

  func barByController() {
    ledger.barOpening(account, by: ControllerID(0), ControlReason("so")!, number: 41, at: now)
  }

  func press(_ scope: KillScope, number: UInt64 = 42) {
    ledger.pressKillSwitch(
      scope, by: ControllerID(0), ControlReason("so")!, number: number, at: now)
  }
}

/// One row of a table of controllers' requests.
struct ControlCase: Sendable, CustomTestStringConvertible {
  struct Request: Sendable {
    var controller: ControllerID
    var kind = ControlKind.barOpening
    var subject: ControlContext.Subject
    var hasReason = true
  }

  let name: String
  let outcome: Case.Outcome
  let arrange: @Sendable (Desk) -> Request

  init(
    _ name: String, _ outcome: Case.Outcome, _ arrange: @escaping @Sendable (Desk) -> Request
  ) {
    self.name = name
    self.outcome = outcome
    self.arrange = arrange
  }

  var testDescription: String { name }

  func check(_ rule: RuleID) {
    let desk = Desk()
    let request = arrange(desk)
    let exists = desk.ledger.exists(request.controller)
    let context = ControlContext(
      controller: exists ? desk.ledger.controllers.at(request.controller) : nil,
      controllerID: request.controller, kind: request.kind, subject: request.subject,
      hasReason: request.hasReason)
    let finding = RuleTable.evaluate(rule, context, desk.ledger)
    let failure = RuleTable.firstControlFailure(context, desk.ledger)
    #expect(finding.passes == (outcome != .fails), "\(finding)")
    #expect(finding.isActive == (outcome != .off), "\(finding)")
    #expect(finding.figures.rule == rule)
    if outcome == .fails { #expect(failure != nil) }
  }
}
