// RiskRules: the rule book. Reads, never writes.
//
// One rule is one case of `RuleID`, one pure function in one file named after it, one row of
// `RuleTable.rows` (which fixes the order of evaluation) and one table test. A rule sees an
// `OrderContext` with the ledger and the market, and answers with a `Finding`: what it observed,
// its limit, and whether the order passes. The decision stops at the first finding that fails;
// explain asks them all, by the same functions. Start with `RuleTable.swift`.
