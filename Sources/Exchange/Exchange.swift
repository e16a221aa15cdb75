// Exchange: a broker counter and a futures exchange in one, and the ticks that move it.
//
// Nothing here does I/O, reads a clock or draws ambient randomness: time and seeds are arguments.
// Start with `SimulatedExchange.swift`: what goes in (orders, cancels, ticks, logins, day switch)
// and what comes out (each account's numbered reports); `+Orders` checks, `+Matching` trades,
// `+Booking` moves money and lots, `FaultPlan.swift` makes it misbehave on command.
//
// Ticks: `ExchangeTick.swift` (one row of market data), `TickFileReader.swift` (the CSV that CTP
// users record), `TickGenerator.swift` (a seeded market for when there is none) and
// `TickReplay.swift` (which tick is due now).
