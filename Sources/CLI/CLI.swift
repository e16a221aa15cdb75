// The commands of `sluice`, one file each: `enum XCommand { static func run(arguments) -> Int32 }`.
// Exit codes: 0 fine; 1 something is wrong, the configuration for instance; 2 called wrongly;
// `terminal` has more (`ExitCode` in Terminal).

enum CLI {
  static let version = "0.1.0"

  static func run(_ arguments: [String]) -> Int32 {
    let rest = Array(arguments.dropFirst())
    if let command = arguments.first, rest.contains("--help") || rest.contains("-h"),
      let usage = usage(of: command)
    {
      Console.say(usage)
      return 0
    }
    switch arguments.first {
    case "demo": return DemoCommand.run(rest)
    case "serve": return ServeCommand.run(rest)
    case "replay": return ReplayCommand.run(rest)
    case "explain": return ExplainCommand.run(rest)
    case "what-if": return WhatIfCommand.run(rest)
    case "journal": return JournalCommand.run(rest)
    case "check-config": return CheckConfigCommand.run(rest)
    case "config": return ConfigCommand.run(rest)
    case "counter": return CounterCommand.run(rest)
    case "terminal": return TerminalCommand.run(rest)
    case "desk": return DeskCommand.run(rest)
    case "load": return LoadCommand.run(rest)
    case "simulate": return SimulateCommand.run(rest)
    case "rules": return RulesCommand.run(rest)
    case "version", "--version":
      Console.say("sluice \(version)")
      return 0
    case "help", "--help", nil:
      Console.say(help)
      return 0
    case let unknown?:
      Console.complain("sluice: no command '\(unknown)'; see sluice help")
      return 2
    }
  }

  /// Says why a command was called wrongly; the process's exit code.
  static func misused(_ command: String, _ misuse: Misuse) -> Int32 {
    Console.complain("sluice \(command): \(misuse.words); see sluice \(command) --help")
    return 2
  }

  /// Says what is wrong; the process's exit code.
  static func failed(_ words: String) -> Int32 {
    Console.complain(words)
    return 1
  }

  /// Nil for a command that answers `--help` itself, or has no options.
  private static func usage(of command: String) -> String? {
    switch command {
    case "demo": DemoCommand.usage
    case "serve": ServeCommand.usage
    case "replay": ReplayCommand.usage
    case "explain": ExplainCommand.usage
    case "what-if": WhatIfCommand.usage
    case "journal": JournalCommand.usage
    case "check-config": CheckConfigCommand.usage
    case "config": ConfigCommand.usage
    case "counter": CounterCommand.usage
    case "load": LoadCommand.usage
    case "simulate": SimulateCommand.usage
    case "rules": RulesCommand.usage
    default: nil
    }
  }

  static let help = """
    sluice: a pre-trade risk gateway

      sluice demo [--ticks FILE...] ...     a trading day over real sockets, with a proof
      sluice serve [--config DIR] ...       the gateway, until it is told to stop
      sluice terminal --connect HOST:PORT --account NAME ...
                                            orders by hand or by script
      sluice desk --connect HOST:PORT --controller NAME ...
                                            bars, kill switches and notices of risk controllers
      sluice counter [--name NAME] ...      a simulated broker's counter on a port
      sluice check-config [DIR]             every fault of a configuration, with its place
      sluice config diff|apply|export|history ...
                                            files against a running gateway, and changes to it
      sluice replay DIR                     a journal again: same outcomes, state hash
      sluice explain ORDER --journal DIR    why an order was taken or refused, and what became of it
      sluice what-if --config DIR JOURNAL   a journal's orders judged by other limits
      sluice journal inspect|verify|repair|export DIR ...
                                            its segments, its faults, its records as JSON
      sluice load --plan FILE ...           many terminals at once, every answer checked
      sluice simulate [--seconds N] ...     runs by seed in which everything goes wrong
      sluice rules [--markdown]             the rule book
      sluice version

    sluice COMMAND --help says more. Exit codes: 0 fine; 1 something is wrong, the configuration,
    the journal or the books; 2 called wrongly; terminal and desk have more.
    """
}
