// RiskRules: the rule book. Reads, never writes.
//
// One rule is one case of `RuleID`, one pure function in one file named after it (Login,
// WellFormed, Account), one row of `RuleTable.rows` (Rows) and one table test. A rule of an order
// sees an `OrderContext` with the ledger and the market and answers with a `Finding`: what it
// observed, its limit, and whether the order passes. `RuleTable.firstFailure` stops at the first
// finding that fails; `findings` gives them all, by the same functions, for explain. A log in is a
// `LogonContext`. `RulesDocument` renders docs/RULES.md. Start with `RuleTable.swift`, then
// `Account/PositionLimit.swift`.
