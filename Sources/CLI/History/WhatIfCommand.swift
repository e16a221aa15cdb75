import Config
import Engine
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// `sluice what-if`: the orders of a journal, judged by another configuration.
enum WhatIfCommand {
  static let usage = """
    usage: sluice what-if --config DIR JOURNAL [--orders] [--json]

      --config  files of settings: limits, permissions, rates and routing to judge by; accounts,
                instruments and counters have to be those of the journal
      JOURNAL   a journal of sluice serve, or a copy of one; a running gateway's too
      --orders  lists every order that is decided otherwise
      --json    one object, for other programs; figures as the journal keeps them

      History stays as it was: an order that was taken is taken, with the fills it had, one that
      was refused stays refused. Each order is judged by itself on the state that it met; what
      would have followed from other decisions is not made up.

      Exit code 0: judged, whatever it came to. 1: the configuration can't be used or does not fit
      the journal, or the journal is damaged. 2: called wrongly.
    """

  struct Request: Equatable {
    var journal = ""
    var config = ""
    var listsOrders = false
    var isJSON = false
  }

  static func read(_ words: [String]) throws(Misuse) -> Request {
    var request = Request()
    var arguments = Arguments(words)
    while let word = arguments.next() {
      switch word {
      case "--config": request.config = try arguments.text(of: word, "a folder of settings")
      case "--orders": request.listsOrders = true
      case "--json": request.isJSON = true
      default:
        guard !word.hasPrefix("-"), request.journal.isEmpty else { throw Misuse(unknown: word) }
        request.journal = word
      }
    }
    guard !request.config.isEmpty else {
      throw Misuse("--config DIR is missing: the settings to judge by")
    }
    guard !request.journal.isEmpty else { throw Misuse("a JOURNAL's folder is missing") }
    return request
  }

  static func run(_ words: [String]) -> Int32 {
    let request: Request
    do throws(Misuse) {
      request = try read(words)
    } catch {
      return CLI.misused("what-if", error)
    }
    guard let loaded = CommandConfiguration.load(request.config) else { return 1 }
    do throws(HistoryFault) {
      let last = StoredJournal.last(of: request.journal)
      let steps = RecordedSteps(try HistoryFault.reader(request.journal), upTo: last)
      try HistoryFault.checkVersion(steps.header)
      let genesis = try JournalGenesis.read(steps)
      let capacities = LedgerCapacities(loaded.configuration.gateway.capacities)
      guard let commands = genesis.compiled(loaded.configuration),
        var run = prepared(genesis, commands, capacities, request)
      else { return 1 }
      try run.follow(RecordedSteps(try HistoryFault.reader(request.journal), upTo: last))
      tell(run, capacities, request)
      return 0
    } catch {
      return CLI.failed("\(request.journal): \(error.words(request.journal))")
    }
  }

  /// An engine that is set up; nil, and said why, when the configuration does not fit.
  private static func prepared(
    _ genesis: JournalGenesis, _ configured: [Command], _ capacities: LedgerCapacities,
    _ request: Request
  ) -> WhatIfRun? {
    do throws(WhatIfRun.Misfit) {
      return try WhatIfRun(genesis, configured, capacities)
    } catch {
      for line in error.lines { Console.complain(line) }
      Console.complain(
        """
        \(request.config): does not fit \(request.journal), differences: \(error.lines.count); \
        limits, rates and routing may differ, what exists may not
        """)
      return nil
    }
  }

  private static func tell(
    _ run: borrowing WhatIfRun, _ capacities: LedgerCapacities, _ request: Request
  ) {
    let names = run.names(capacities)
    if request.isJSON {
      Console.say(WhatIfJSON.text(run, names, listsOrders: request.listsOrders))
    } else {
      Console.say("journal           \(request.journal)")
      Console.say("configuration     \(request.config)")
      for line in WhatIfText.lines(run, names, listsOrders: request.listsOrders) {
        Console.say(line)
      }
    }
  }
}
