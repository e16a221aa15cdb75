import Domain

extension RuleTable {
  /// rules.md 1: who may log in.
  static let logonRows: [RuleRow] = [
    RuleRow(
      .loginCredentials, "login-credentials", .logon,
      "The account exists, is enabled, and its password verifies; one answer for all "
        + "three failures.",
      chinese: "账户存在、已启用且密码正确；三种失败的答复相同。",
      compares: "password verdict",
      example: "desk-1 is enabled: its password logs in; a wrong password, an account called "
        + "desk-9 that does not exist and a disabled desk-2 with the right password get the same "
        + "answer",
      config: ["operation-accounts: password", "operation-accounts: enabled"],
      fix: nil, source: "AMS manual 4.1", phases: .logon),
    RuleRow(
      .loginLockout, "login-lockout", .logon,
      "The account is not locked by too many failed attempts.",
      chinese: "账户未因多次登录失败而被锁定。",
      compares: "now against locked until",
      example: "5 failures within 600 s lock for 300 s: the fifth failure at 09:00:00 refuses "
        + "the right password too until 09:05:00, when it logs in",
      config: [
        "gateway: platform.lockoutFailures", "gateway: platform.lockoutWindowSeconds",
        "gateway: platform.lockoutSeconds",
      ],
      fix: nil, source: "market-access controls", phases: .logon),
    RuleRow(
      .ipWhitelist, "ip-whitelist", .logon,
      "The terminal's address is on the account's list; an empty list allows any.",
      chinese: "终端地址在账户的 IP 白名单内；名单为空则不限制。",
      compares: "address against single addresses and ranges, ends included",
      example: "list 10.0.0.0 to 10.0.0.255: 10.0.0.255 logs in, 10.0.1.0 is refused; with an "
        + "empty list both log in",
      config: ["operation-accounts: addresses"],
      fix: nil, ctp: 49, source: "AMS manual 4.4", phases: .logon),
    RuleRow(
      .macWhitelist, "mac-whitelist", .logon,
      "The MAC the terminal states is on the account's list; an empty list allows any.",
      chinese: "终端上报的 MAC 在账户的白名单内；名单为空则不限制。",
      compares: "stated MAC against the list",
      example: "list 02:00:00:00:00:01: a terminal that states it logs in, one that states "
        + "02:00:00:00:00:02 or none is refused",
      config: ["operation-accounts: macs"],
      fix: nil, ctp: 49, source: "AMS manual 4.5", phases: .logon),
    RuleRow(
      .oneSession, "one-session", .logon,
      "The account has no more sessions at once than it may.",
      chinese: "账户同时在线的会话数不超过上限。",
      compares: "open sessions and this one <= limit (default 1)",
      example: "sessions 1: the first logs in, the second is refused until the first has ended",
      config: ["operation-accounts: sessions"],
      fix: nil, source: "market-access controls", phases: .logon),
  ]
}
