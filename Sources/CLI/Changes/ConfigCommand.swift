import Config
import Domain
import Engine
import Foundation
import Gateway
import Journal
import Ledger
import Messages
import Runtime

/// `sluice config`: what a gateway has set, held against files, and changed while it runs.
enum ConfigCommand {
  static let usage = """
    usage: sluice config diff   [DIR] [--data DIR | --journal DIR] [--json]
           sluice config apply  [DIR] [--data DIR] [--dry-run | --yes] [--drop-unfit] [--json]
           sluice config export [--config DIR] [--data DIR | --journal DIR]
           sluice config history [--config DIR] [--data DIR | --journal DIR]

      diff      what the files say otherwise than the gateway has it
      apply     the same, tried first on a copy of the gateway's state: what would be refused, and
                who would be over a limit or a line at once. With --yes the running gateway takes
                it, setting by setting, at once and on record; without, or with --dry-run, nothing
                is changed. Who is logged in stays in; with --drop-unfit sessions are ended that
                could not log in any more: the account is disabled, or their address or network
                card is not on its list
      export    everything that is set, a JSON object a line
      history   who changed what and when, from what to what

      DIR        files of settings, or one of them; config/ or the embedded defaults. Templates,
                 sectors and schemes can be added, behind those there are. Whoever else exists
                 (accounts, products, counters, instruments) can't be changed here
      --data     the data folder of a running gateway, instead of gateway.json5's
      --journal  a journal, instead of that of a running gateway; to look only

      Exit code 0: done, or the same already. 1: something would be, or was, refused. 2: called
      wrongly.
    """

  struct Request: Equatable {
    enum Action: String { case diff, apply, export, history }

    var action = Action.diff
    var folder: String?
    var data: String?
    var journal: String?
    var isDone = false
    var dropsUnfit = false
    var isJSON = false
  }

  static func read(_ words: [String]) throws(Misuse) -> Request {
    var request = Request()
    var arguments = Arguments(words)
    guard let word = arguments.next(), let action = Request.Action(rawValue: word) else {
      throw Misuse("what is to be done? diff, apply, export or history")
    }
    request.action = action
    var isDry = false
    while let word = arguments.next() {
      switch word {
      case "--config" where action == .export || action == .history:
        request.folder = try arguments.text(of: word, "a folder of settings")
      case "--data": request.data = try arguments.text(of: word, "a data folder")
      case "--journal" where action != .apply:
        request.journal = try arguments.text(of: word, "a journal's folder")
      case "--yes" where action == .apply: request.isDone = true
      case "--dry-run" where action == .apply: isDry = true
      case "--drop-unfit" where action == .apply: request.dropsUnfit = true
      case "--json" where action == .diff || action == .apply: request.isJSON = true
      default:
        guard !word.hasPrefix("-"), request.folder == nil,
          action == .diff || action == .apply
        else { throw Misuse(unknown: word) }
        request.folder = word
      }
    }
    if isDry, request.isDone { throw Misuse("either --dry-run or --yes") }
    if request.data != nil, request.journal != nil {
      throw Misuse("either --data or --journal: a running gateway has its own journal")
    }
    return request
  }

  static func run(_ words: [String]) -> Int32 {
    var request: Request
    do throws(Misuse) {
      request = try read(words)
    } catch {
      return CLI.misused("config", error)
    }
    // One of the files stands for all of its folder.
    if let folder = request.folder, folder.hasSuffix(".json5") {
      let parent = URL(filePath: folder).deletingLastPathComponent().path
      request.folder = parent.isEmpty ? "." : parent
    }
    guard let loaded = CommandConfiguration.load(request.folder) else { return 1 }
    let data = request.data ?? loaded.configuration.gateway.dataFolder
    var journal = request.journal ?? ""
    // A running gateway's journal is read as far as it was written when it was asked.
    var last = UInt64.max
    do throws(ChangeClient.Fault) {
      if request.journal == nil {
        let status = try ChangeClient.status(data: data)
        journal = status.journal
        last = status.sequence
      }
    } catch {
      return CLI.failed(
        "\(error.words)\(request.action == .apply ? "" : "; a journal can be named by --journal")")
    }
    do throws(HistoryFault) {
      let live = try LiveConfiguration.read(
        journal: journal, upTo: last,
        LedgerCapacities(loaded.configuration.gateway.capacities))
      switch request.action {
      case .export: ConfigText.export(live).forEach(Console.say)
      case .history: ConfigText.history(live).forEach(Console.say)
      case .diff, .apply: return compare(live, loaded, data, request)
      }
      return 0
    } catch {
      return CLI.failed("\(journal): \(error.words(journal))")
    }
  }

  // MARK: Files against a gateway

  private static func compare(
    _ live: consuming LiveConfiguration, _ loaded: CommandConfiguration, _ data: String,
    _ request: Request
  ) -> Int32 {
    guard let wanted = live.genesis.compiled(loaded.configuration) else { return 1 }
    let others =
      DefinitionComparison.differences(journal: live.genesis.commands, configuration: wanted)
      + DefinitionComparison.misplaced(recorded: live.settings.commands, configured: wanted)
    for line in others { Console.complain(line) }
    guard others.isEmpty else {
      return CLI.failed(
        """
        \(loaded.label): what exists differs in \(others.count) places: that is read at a start \
        with a new journal alone
        """)
    }
    let differences = live.settings.differences(to: ConfiguredSettings(wanted))
    guard request.action == .apply else {
      ConfigText.differences(differences, live.names, request.isJSON).forEach(Console.say)
      return 0
    }
    return apply(differences, live, data, request)
  }

  private static func apply(
    _ differences: [ConfiguredSettings.Difference], _ live: consuming LiveConfiguration,
    _ data: String, _ request: Request
  ) -> Int32 {
    ConfigText.differences(differences, live.names, request.isJSON).forEach(Console.say)
    if differences.isEmpty { return 0 }
    let stuck = differences.filter { $0.commands == nil }
    for difference in stuck {
      Console.complain(
        "\(SettingWords.change(difference, live.names)): can be replaced and not taken away")
    }
    let revision = live.revision
    let preview = ChangePreview(differences.compactMap(\.commands).flatMap(\.self), on: live)
    ConfigText.preview(preview, request.isJSON).forEach(Console.say)
    for (command, refusal) in preview.refused {
      let words = SettingWords(command, preview.names)
      let why = RuleWords.refusal(refusal, preview.names)
      Console.complain("\(words.subject) \(words.value): would be refused: \(why)")
    }
    guard stuck.isEmpty, preview.refused.isEmpty else {
      return CLI.failed("nothing was changed")
    }
    guard request.isDone else {
      if !request.isJSON {
        if request.dropsUnfit {
          Console.say("sessions that could not log in any more would be ended")
        }
        Console.say("nothing was changed: --yes does it")
      }
      return 0
    }
    return send(preview.commands, revision, data, request.dropsUnfit)
  }

  private static func send(
    _ commands: [Command], _ revision: UInt64, _ data: String, _ dropsUnfit: Bool
  ) -> Int32 {
    do throws(ChangeClient.Fault) {
      let outcome = try ChangeClient.change(
        commands, revision: revision, data: data, dropsUnfit: dropsUnfit)
      guard let refusal = outcome.refusal else {
        Console.say("changed: \(outcome.taken) settings, revision \(revision + 1)")
        return 0
      }
      guard outcome.taken > 0 || refusal.limit == Int64(clamping: revision) else {
        return CLI.failed(
          "nothing was changed: somebody else changed settings meanwhile; look again")
      }
      return CLI.failed(
        """
        after \(outcome.taken) of \(commands.count) settings one was refused: \
        \(RuleWords.name(refusal.rule) ?? "\(refusal.rule)"); those before it hold. Look again
        """)
    } catch {
      return CLI.failed(error.words)
    }
  }
}
