// MarketData: what can be traded, when, and at what price it last was.
//
// `Market` owns the instruments, commodities and trading hours of a shard. Rules read it; the
// engine changes it by the methods here. Start with `Market.swift`.
