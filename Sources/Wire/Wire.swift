// Wire: bytes <-> values, for everything that leaves the process or is kept in a file.
//
// A message is a frame (`Frame.swift`: length, encoding, SBE header) around an SBE block. What the
// messages are is written in schema/*.xml and nowhere else; `Generated/` has a value and a decoder
// for each, in a namespace a schema: `OrderEntry` (terminals) and `CounterProtocol` (counters).
//
// Reading: `FrameScanner.scan` finds a frame in bytes, `OrderEntry.Message(frame)` says which
// message it is, its decoder reads fields in place. Writing: fill a value, `encode(into:at:)`.
// `JournalCodec` does the same for the engine's commands and effects, whose values are
// Messages' own.
// Nothing here allocates per message, keeps state between messages or does I/O; every length that
// comes from outside is checked and a fault is a `WireError`.
