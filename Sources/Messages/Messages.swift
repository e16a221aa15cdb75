// Messages: what goes into the engine and what comes out, as trivial values.
//
// A `Command` is everything an answer may depend on; the sequencer gives it a number and a time
// (`Stamped`) and the journal keeps it. `Effect`s are what the engine wants done about it. Neither
// holds a reference, a String or anything of the world, so both can be encoded, compared and
// replayed byte for byte. Start with `Command.swift` and `Effect.swift`.
