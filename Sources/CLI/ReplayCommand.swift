import Config
import Domain
import Engine
import Gateway
import Journal
import Ledger
import MarketData
import Runtime

/// `sluice replay DIR`: steps a fresh engine through a journal, holds every outcome against the
/// one that was written, and says where it ended.
enum ReplayCommand {
  static let usage = """
    usage: sluice replay DIR [--config DIR]

      DIR       a journal of sluice serve, a copy of one, or its first segments
      --config  files of settings, for the capacities the journal was written with;
                config/ or the embedded defaults

      Exit code 0: every outcome is the same. 1: it is not, or the journal is damaged, or the
      configuration can't be used.
    """

  static func run(_ arguments: [String]) -> Int32 {
    let (path, folder): (String, String?)
    do throws(Misuse) {
      (path, folder) = try read(arguments)
    } catch {
      return CLI.misused("replay", error)
    }
    guard let loaded = CommandConfiguration.load(folder) else { return 1 }
    do throws(JournalError) {
      let reader = try JournalReader(reading: FolderJournalStorage(path: path), behind: 0)
      return replay(reader, LedgerCapacities(loaded.configuration.gateway.capacities), path)
    } catch {
      return CLI.failed("\(path): \(error.words)")
    }
  }

  static func read(_ words: [String]) throws(Misuse) -> (path: String, folder: String?) {
    var path: String?
    var folder: String?
    var arguments = Arguments(words)
    while let word = arguments.next() {
      if word == "--config" {
        folder = try arguments.text(of: word, "a folder of settings")
      } else if word.hasPrefix("-") || path != nil {
        throw Misuse(unknown: word)
      } else {
        path = word
      }
    }
    guard let path else { throw Misuse("a journal's DIR is missing") }
    return (path, folder)
  }

  private static func replay(
    _ reader: consuming JournalReader<FolderJournalStorage>, _ capacities: LedgerCapacities,
    _ path: String
  ) -> Int32 {
    guard reader.header.engineVersion == Engine.version else {
      Console.complain(
        """
        \(path): written by engine version \(reader.header.engineVersion); this is version \
        \(Engine.version), which may answer otherwise
        """)
      return 1
    }
    var replay = Replay(reader, engine: Engine(capacities: capacities))
    var fault: ReplayFault?
    do throws(ReplayFault) {
      while try replay.next() {}
    } catch {
      fault = error
    }
    let end = replay.end
    Console.say("commands    \(replay.commandCount)")
    Console.say("effects     \(replay.effectCount)")
    Console.say("sequence    \(end.sequence)")
    Console.say("bytes       \(end.offset)")
    if replay.isTorn { Console.say("the last record is torn: the process died while it wrote it") }
    if replay.lacksOutcome { Console.say("the last command has no outcome") }
    let engine = replay.takeEngine()
    Console.say("trading day \(engine.market.tradingDay.yyyymmdd)")
    Console.say("orders      \(engine.ledger.orderCount)")
    Console.say("state hash  \(String(engine.stateHash, radix: 16))")
    guard let fault else {
      Console.say("every outcome is as it was written")
      return 0
    }
    Console.complain("\(path): \(JournalFault.replay(fault).words)")
    return 1
  }
}
