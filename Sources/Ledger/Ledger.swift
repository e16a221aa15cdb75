// Ledger: who has what. Accounts, products, positions, holds, rates, tallies, bars and orders;
// the only writer of them. Rules read it, routing plans from it, the engine drives it.
//
// Start with `LedgerState.swift` (the tables), then `HolderRecord.swift` (money),
// `PositionRecord.swift` and `LotList.swift` (lots), `Ledger+Holds.swift` (a hold is taken once
// and released once), `Ledger+Fills.swift` (booking) and `OrderRecord.swift`.
//
// A "holder" is whoever has money and positions: operation accounts come first, then fund
// accounts, in one dense space, so that one code books both sides of every fill.
