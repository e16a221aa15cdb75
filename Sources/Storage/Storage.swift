// Storage: fixed tables of trivial records, allocated once at start-up and zeroed.
//
// The engine's whole state lives in them (design.md, hot-path rules 1 and 8): access is
// `table.at(i).pointee.field`, no record is ever copied out to be changed. `Table` is plain
// storage; `NodePool` hands out and takes back the nodes of linked lists. Snapshots/ writes a state
// to a file and reads it again: start with `StateArchive.swift`.
