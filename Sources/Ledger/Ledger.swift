// Ledger: being built.
