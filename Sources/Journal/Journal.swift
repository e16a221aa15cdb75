// Journal: bytes in order, so that nothing answered is forgotten. It knows no orders.
//
// A journal is a row of segments, each a header and then records with a sequence number, a time, a
// type and a payload, chained by CRC32C over all segments: a record that was changed, moved or left
// out is noticed. The format is drawn byte by byte in docs/JOURNAL.md and written down in
// `JournalFormat.swift`; start there. `JournalEncoder` frames records into a fixed buffer,
// `JournalWriter` puts that buffer into a `JournalStorage` (a folder of files in Runtime, memory in
// tests), `JournalReader` walks the records again and tells a write that was interrupted from
// damage (`JournalWitness`).
