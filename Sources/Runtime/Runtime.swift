// Runtime: where the pure modules meet threads, sockets, files and clocks.
//
// Loop/ is one thread's sockets, timers and wake-ups: start with `LoopDriver.swift`, which says
// what a turn of the loop is, then `EventLoop.swift`. TLS/ has the certificates and keys that its
// connections are secured with (`TLSConnection.swift` in Loop/): `TLSIdentity.swift` for listeners,
// `TLSClient.swift` for whoever connects. Passwords/ keeps argon2id off the loop,
// Logging/ the log. Files/ is the journal's storage.
//
// GatewayServer/ puts the gateway on a loop: start with `GatewayServer.swift`, then
// `GatewayStart.swift`. Serving/ makes a configuration ready to be served (`ServePlan.swift`) and
// has the metrics page. Terminal/ puts terminals on a loop: `TerminalDriver.swift`, and
// `TerminalRun.swift` for one at a prompt (`LineEditor.swift` where a person types). CounterServer/
// puts the simulated counter of Exchange on a loop: `RunningCounter.swift`.
