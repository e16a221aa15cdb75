import Domain

extension RuleTable {
  /// desk.md: what risk controllers may do, and what they have stopped.
  static let deskRows: [RuleRow] = [
    RuleRow(
      .notPermitted, "not-permitted", .command,
      "The controller is enabled and has the right that the request takes.",
      chinese: "风控账户已启用，且拥有该操作所需的权限。",
      compares: "rights against the one that is needed",
      example: "risk-1 has the rights watch and bar: he bars desk-1, and a kill switch that he "
        + "presses is refused",
      config: ["controllers: rights", "controllers: enabled"],
      fix: nil, source: "desk.md", phases: .command),
    RuleRow(
      .accountNotBoundToController, "account-not-bound-to-controller", .command,
      "The account is bound to the controller; products, counters and everything take one who is "
        + "bound to all.",
      chinese: "该操作账户已绑定到风控账户；产品、柜台及全平台操作须绑定全部账户。",
      compares: "accounts of the controller",
      example: "risk-1 is bound to desk-1: he bars desk-1, barring desk-2 is refused",
      config: ["controllers: accounts"],
      fix: nil, source: "desk.md", phases: .command),
    RuleRow(
      .reasonMissing, "reason-missing", .command,
      "Who bars, releases, presses a kill switch, liquidates or ends a session says why.",
      chinese: "禁开、解除、急停、强平及强制下线须填写原因。",
      compares: "a reason of 1 to 96 bytes",
      example: "releasing a kill switch with the reason 'checked, 14:05' passes, with none it is "
        + "refused",
      fix: nil, source: "desk.md", phases: .command),
    RuleRow(
      .killSwitch, "kill-switch", .openingAndClosing,
      "No kill switch is pressed for the account, its product or everything.",
      chinese: "账户、所属产品及全平台均未按下急停开关。",
      compares: "switches; observed is the number of the notice of the one that is pressed",
      example: "product alpha is stopped by notice 42: orders of its accounts are refused, closing "
        + "too, cancels pass; an account of product beta trades on",
      fix: 0, source: "desk.md", phases: .order),
    RuleRow(
      .barredByController, "barred-by-controller", .opening,
      "No risk controller has barred the account from opening.",
      chinese: "账户未被风控账户禁止开仓。",
      compares: "the account's bar; observed is the number of its notice",
      example: "desk-1 is barred by notice 41: it may close 5 lots and open none",
      level: .barOpening, fix: 0, ctp: 29, source: "desk.md", phases: .order),
    RuleRow(
      .fundKillSwitch, "fund-kill-switch", .child,
      "No kill switch is pressed for the fund account's counter.",
      chinese: "资金账户所在柜台未按下急停开关。",
      compares: "the counter's switch; observed is the number of its notice",
      example: "counter north is stopped by notice 43: 10 lots go to the product's fund account at "
        + "counter south, and are refused when it has none",
      fix: 0, source: "desk.md", phases: .routing),
  ]
}
