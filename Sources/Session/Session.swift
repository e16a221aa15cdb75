// Session: what happens on a connection, without the connection.
//
// Four machines, one for each end of both protocols: `TerminalSessionState` (the gateway's end of
// a terminal's connection), `TerminalLinkState` (the terminal's end), `CounterLinkState` (the
// gateway's end of a counter's connection) and the counter's end. Each is a small trivial value: it
// is told what happened and what time it is, reads messages out of `IncomingBytes`, writes what the
// protocol itself has to say into `OutgoingBytes`, and names what its owner has to do. None of
// them does I/O, reads a clock or allocates for a message.
//
// Time is a monotonic clock's nanoseconds everywhere here: `deadline` says when `timeReached` is to
// be called, which may be early but never late. Start with `TerminalSessionState`; the numbers
// (how long, how many) stand in `SessionTiming`.
