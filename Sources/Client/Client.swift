// Client: the terminal's side, for whoever is a terminal: the CLI, the load generator, the demo,
// the console, tests.
//
// `TerminalClient` is a terminal without I/O: it logs on and stays logged on (`TerminalLinkState`
// in Session), sends orders under ids of its own, and keeps a `TerminalModel` of what the gateway
// told: orders, positions, money, prices. Its owner carries bytes and tells the time. Start with
// `TerminalClient`.
