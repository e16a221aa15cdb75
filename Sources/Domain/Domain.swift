// Domain: the nouns of the house and the integers that measure them.
//
// Nothing here does anything: no state, no I/O, no clock. Start with `Amounts.swift` (price,
// money, rate), then `OrderTerms.swift` (what an order says), `Identifiers.swift` (how things
// are called inside and outside), `RuleID.swift` and `Refusal.swift` (why an order may not
// pass), and `Ranges.swift`, the proof that no product or sum of legal inputs overflows.
