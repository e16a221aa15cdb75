import CSluice
import Config
import Domain
import Runtime

/// `sluice check-config [DIR]`: every fault of a configuration, each with file, line and key, and
/// whatever else `serve` would refuse to start with today.
enum CheckConfigCommand {
  static let usage = """
    usage: sluice check-config [DIR]

      DIR  files of settings; config/ or the embedded defaults

      Faults go to standard error, notices to standard output. Checked are the files, and as serve
      would at a start with a new journal today: hosts, secrets that files and the environment
      should hold, and the genesis. Nothing is written.

      Exit code 0: it can be used. 1: it can't.
    """

  static func run(_ arguments: [String]) -> Int32 {
    let folder: String?
    do throws(Misuse) {
      folder = try read(arguments)
    } catch {
      return CLI.misused("check-config", error)
    }
    guard let loaded = CommandConfiguration.load(folder, tellsNotices: true) else { return 1 }
    let configuration = loaded.configuration
    let now = Timestamp(nanoseconds: sluice_realtime_nanoseconds())
    let rehearsal = ServePlan.rehearse(configuration, now: now)
    for notice in rehearsal.notices { Console.say(notice) }
    let faults = rehearsal.faults + (rehearsal.refused.map { [genesisWords($0)] } ?? [])
    for fault in faults { Console.complain(fault) }
    guard faults.isEmpty else { return CLI.failed("\(loaded.label): not usable") }
    Console.say(
      """
      \(loaded.label): \(configuration.commodities.count) commodities, \
      \(configuration.counters.count) counters, \(configuration.products.count) products, \
      \(configuration.fundAccounts.count) fund accounts, \
      \(configuration.operationAccounts.count) operation accounts
      """)
    return 0
  }

  /// The folder, if one is named.
  static func read(_ words: [String]) throws(Misuse) -> String? {
    var folder: String?
    for word in words {
      if word.hasPrefix("-") || folder != nil { throw Misuse(unknown: word) }
      folder = word
    }
    return folder
  }
}
