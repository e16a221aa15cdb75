// Gateway: between sockets and engine, and without the sockets.
//
// Start with `GatewayState.swift` (what a gateway is, how a driver works with it) and
// `Gateway+Turn.swift` (what each event begins and ends with). An order comes in by
// `Gateway+Terminals.swift` and `Gateway+Orders.swift`, is numbered, journaled and decided by
// `Sequencer.swift`, and what follows leaves by `EffectRunner.swift`: reports to terminals,
// children to counters. What counters say comes in by `Gateway+Links.swift`. `Replay.swift` walks
// the journal with an engine, `Recovery.swift` finds where a start begins. Two drivers: Runtime's
// with sockets and files, tests' in memory.
