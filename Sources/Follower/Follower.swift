// Follower: the same engine a second time, fed by the records that the journal has stored.
//
// Terminals' queries and updates of their books are answered from it, never from the engine that
// decides orders. Start with `FollowerState.swift` (how it follows and answers), then
// `FollowedJournal.swift` (where its records come from), `QueryDesk.swift` (questions that wait),
// `Answers/` (a file a kind of rows) and `Updates.swift` (what is sent when it changes). It has no
// thread and no clock: Runtime gives it both.
