// Runtime: where the pure modules meet threads, sockets, files and clocks.
//
// Loop/ is one thread's sockets, timers and wake-ups: start with `LoopDriver.swift`, which says
// what a turn of the loop is, then `EventLoop.swift`. Passwords/ keeps argon2id off the loop.
// Files/ is the journal's storage.
// CounterServer/ puts the simulated counter of Exchange on a loop: start with
// `RunningCounter.swift`.
