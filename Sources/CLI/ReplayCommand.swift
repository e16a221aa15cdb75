import Config
import Domain
import Engine
import Gateway
import Journal
import Ledger
import MarketData
import Runtime

/// `sluice replay FILE`: steps a fresh engine through a journal, holds every outcome against the
/// one that was written, and says where it ended.
enum ReplayCommand {
  static let usage = """
    usage: sluice replay FILE [--config DIR]

      FILE      a journal of sluice serve, or a copy of one
      --config  files of settings, for the capacities the journal was written with;
                config/ or the embedded defaults

      Exit code 0: every outcome is the same. 1: it is not, or the journal is damaged.
    """

  static func run(_ arguments: [String]) -> Int32 {
    var path: String?
    var folder: String?
    var words = Arguments(arguments)
    while let argument = words.next() {
      if argument == "--config", let value = words.next() {
        folder = value
      } else if argument.hasPrefix("-") || path != nil {
        Console.complain(usage)
        return 2
      } else {
        path = argument
      }
    }
    guard let path else {
      Console.complain(usage)
      return 2
    }
    let files =
      folder.map { ConfigurationFiles.read(folder: $0) } ?? EmbeddedDefaults.filesOrFolder()
    let loaded = ConfigurationLoader.load(files)
    guard let configuration = loaded.configuration else {
      for fault in loaded.faults { Console.complain(fault.description) }
      return 2
    }
    do throws(JournalError) {
      let reader = try JournalReader(reading: FileJournalStorage(path: path))
      return replay(reader, LedgerCapacities(configuration.gateway.capacities), path)
    } catch {
      Console.complain("\(path): \(JournalFault.replay(.journal(error)).words)")
      return 1
    }
  }

  private static func replay(
    _ reader: consuming JournalReader<FileJournalStorage>, _ capacities: LedgerCapacities,
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

extension JournalFault {
  var words: String {
    switch self {
    case .storage(let error): error.words
    case .replay(.journal(.storage(let error))): error.words
    case .replay(.journal(let error)): "damaged: \(error); nothing behind it can be trusted"
    case .replay(.unexpectedRecord(let type, let sequence, let offset)):
      "a record of type \(type) stands at offset \(offset), sequence \(sequence), out of place"
    case .replay(.badCommand(let error, let sequence, let offset)):
      "command \(sequence) at offset \(offset) can't be read: \(error)"
    case .replay(.outcomeDiffers(let effect, let sequence, let offset)):
      """
      command \(sequence) at offset \(offset) is answered otherwise than it was, from effect \
      \(effect) on: another version, other capacities, or a changed file
      """
    }
  }
}

extension JournalStorageError {
  var words: String {
    switch self {
    case .full: "there is no space left"
    case .missing: "there is no such file"
    case .exists: "it exists already"
    case .notPermitted: "not permitted"
    case .inUse: "another process writes to it: is a gateway running?"
    case .io(let number): "the system refused, errno \(number)"
    }
  }
}
