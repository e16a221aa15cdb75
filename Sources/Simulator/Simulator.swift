// Simulator: one seed, one run of the real code on a simulated clock, disk and network.
//
// Start with `Simulation.swift` (the world and its loop) and `SimulatedGateway.swift` (the
// gateway's second driver, beside Runtime's). What goes wrong is listed in `FaultKind.swift` and
// done in `Simulation+Faults.swift`. What must hold is in `Witness.swift` (follows the disk, with
// the naive twin), `WireWatch.swift` (looks at what is sent), `Simulation+Calm.swift` and
// `Simulation+Proof.swift` (when everything has calmed down). No I/O, no threads, no ambient
// randomness: docs/SIMULATION.md.
