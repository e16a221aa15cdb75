// ReferenceModel: the naive twin of the engine's books, written from the specification and not from
// the engine: Arrays and Dictionaries, and every figure summed anew from what happened whenever it
// is asked for. It reads commands and the effects that the engine answered with, takes the engine's
// choices (accepted or not, which children) as given, and says what everybody must have by now.
// What it can judge for itself (a rule that must have failed, a report that must say so much) it
// complains about.
//
// Start with `Twin.swift`, then `Twin+Positions.swift` (lots), `Twin+Money.swift` (figures),
// `Twin+Counters.swift` (what counters say) and `Twin+Rules.swift`.
