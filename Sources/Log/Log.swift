// Log: what happened, in records that people and programs can read.
//
// A thread that has something to say writes a trivial record into a ring and goes on; another
// formats and stores it (`LogService` in Runtime). A full ring drops the record and counts it: the
// log never makes an order wait. Start with `LogWriter.swift`, how to say something;
// `LogFormatter.swift` makes lines of records; `Secret.swift` and `Redaction` keep secrets out.
