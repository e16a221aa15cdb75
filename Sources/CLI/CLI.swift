// The commands of `sluice`, one file each: `enum XCommand { static func run(arguments) -> Int32 }`.
// Exit codes: 0 fine, 1 the command found something wrong, 2 it was called wrongly; `terminal` has
// more (`ExitCode` in Terminal).

enum CLI {
  static let version = "0.1.0"

  static func run(_ arguments: [String]) -> Int32 {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "demo": return DemoCommand.run(rest)
    case "serve": return ServeCommand.run(rest)
    case "replay": return ReplayCommand.run(rest)
    case "check-config": return CheckConfigCommand.run(rest)
    case "counter": return CounterCommand.run(rest)
    case "terminal": return TerminalCommand.run(rest)
    case "rules": return RulesCommand.run(rest)
    case "version", "--version":
      Console.say("sluice \(version)")
      return 0
    case "help", "--help", nil:
      Console.say(help)
      return 0
    case let unknown?:
      Console.complain("sluice: no command '\(unknown)'\n\n\(help)")
      return 2
    }
  }

  static let help = """
    sluice: a pre-trade risk gateway

      sluice demo [--seed=N] [--orders=N]   a day of orders through the engine and two counters
      sluice serve [--config=DIR] ...       the gateway, until it is told to stop
      sluice terminal --connect HOST:PORT --account NAME ...
                                            orders by hand or by script; --help tells all
      sluice counter [--name NAME] ...      a simulated broker's counter on a port
      sluice check-config [DIR]             every fault of a configuration, with its place
      sluice replay FILE                    a journal again: same outcomes, state hash
      sluice rules [--markdown]             the rule book
      sluice version
    """
}
