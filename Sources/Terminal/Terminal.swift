// Terminal: what `sluice terminal` is, without I/O: the words of a person or a script in, the
// words and JSON lines of what happened out.
//
// `Shell` is where both meet: it is given lines, events of a `TerminalClient` and the time, and
// gives output and, at the end, an exit code. Runtime/Terminal joins it to a socket and standard
// input. Start with `Shell`; `CommandParser` reads lines, `EventText` and `EventJSON` write what
// happened, `RefusalText` puts refusals into words, out of the rule book's own table; `Completion`
// says what Tab does.
