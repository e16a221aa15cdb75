// TwinChecks: the engine held against its naive twin.
//
// `TwinReading.swift` says the engine's figures in the twin's words, `TwinComparison.swift`
// compares them. Whoever drives both asks: TwinTests with random commands, Simulator with a
// journal.
