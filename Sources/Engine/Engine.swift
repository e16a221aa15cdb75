// Engine: the deterministic core. `Engine.step(command, into: &effects)` is a pure function of
// its state: no clock, file, socket, thread or randomness.
//
// Start with `EngineState.swift` (what it owns) and `Engine+Step.swift` (the one way in). An
// order's way is `Engine+NewOrder.swift`; what counters say comes in `Engine+Children.swift` and
// `Engine+Links.swift`; prices in `Engine+Market.swift`; what is too much for one step waits in
// `WorkQueue.swift` and goes on by `Command.continueWork`.
