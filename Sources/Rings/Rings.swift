// Rings: fixed-size queues between exactly two threads, the only way they meet.
//
// A ring has two ends, each owned by one thread: what the producer commits the consumer sees, in
// order, once. Nothing is allocated after the start and nobody ever waits: a full ring is an
// answer (`Stored.full`), and what then is the producer's decision. Start with `RecordRing.swift`
// (records of one trivial type), then `ByteRing.swift` (records of any length). A consumer that
// has a thread of its own sleeps on a `Doorbell`; one that has an event loop is woken by that.
