import Config
import Domain
import Engine
import Gateway
import Journal
import Ledger
import MarketData
import Runtime

/// `sluice replay DIR`: steps a fresh engine through a journal, holds every outcome against the one
/// that was written, and says where it ended.
enum ReplayCommand {
  static let usage = """
    usage: sluice replay DIR [--until SEQUENCE|TIME] [--books] [--config DIR]

      DIR       a journal of sluice serve, a copy of one, or its first segments
      --until   the last command: its number, or a time such as 2026-11-23T14:20:52Z, behind which
                nothing is stepped
      --books   tells money and positions of each operation account as they were then, and
                positions and orders of each fund account
      --config  files of settings, for the capacities the journal was written with;
                config/ or the embedded defaults

      Exit code 0: every outcome is the same. 1: it is not, or the journal is damaged, or the
      configuration can't be used.
    """

  /// Up to where a journal is replayed.
  enum Until: Equatable {
    case end
    case sequence(UInt64)
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    case time(Int64)

    init?(_ text: String) {
      if let sequence = UInt64(text), sequence > 0 {
        self = .sequence(sequence)
      } else if let time = JournalTime.nanoseconds(text) {
        self = .time(time)
      } else {
        return nil
      }
    }
  }

  struct Request: Equatable {
    var path = ""
    var folder: String?
    var until = Until.end
    var tellsBooks = false
  }

  static func run(_ arguments: [String]) -> Int32 {
    let request: Request
    do throws(Misuse) {
      request = try read(arguments)
    } catch {
      return CLI.misused("replay", error)
    }
    guard let loaded = CommandConfiguration.load(request.folder) else { return 1 }
    do throws(JournalError) {
      let last = try lastSequence(request)
      let reader = try JournalReader(
        reading: FolderJournalStorage(path: request.path), behind: 0)
      return replay(
        reader, LedgerCapacities(loaded.configuration.gateway.capacities), request, last)
    } catch {
      return CLI.failed("\(request.path): \(error.words)")
    }
  }

  static func read(_ words: [String]) throws(Misuse) -> Request {
    var request = Request()
    var arguments = Arguments(words)
    while let word = arguments.next() {
      switch word {
      case "--config": request.folder = try arguments.text(of: word, "a folder of settings")
      case "--until":
        request.until = try arguments.value(
          of: word, "a command's number, or a time such as 2026-11-23T14:20:52Z"
        ) { Until($0) }
      case "--books": request.tellsBooks = true
      default:
        guard !word.hasPrefix("-"), request.path.isEmpty else { throw Misuse(unknown: word) }
        request.path = word
      }
    }
    guard !request.path.isEmpty else { throw Misuse("a journal's DIR is missing") }
    return request
  }

  /// The last command that is stepped. A time is looked for first: commands of it are many.
  private static func lastSequence(_ request: Request) throws(JournalError) -> UInt64 {
    switch request.until {
    case .end: return .max
    case .sequence(let sequence): return sequence
    case .time(let time):
      var reader = try JournalReader(reading: FolderJournalStorage(path: request.path), behind: 0)
      var last: UInt64 = 0
      do throws(JournalError) {
        while let record = try reader.next(), record.time <= time { last = record.sequence }
      } catch {
        // The replay comes there too, and says so.
        return .max
      }
      return last
    }
  }

  private static func replay(
    _ reader: consuming JournalReader<FolderJournalStorage>, _ capacities: LedgerCapacities,
    _ request: Request, _ last: UInt64
  ) -> Int32 {
    guard reader.header.engineVersion == Engine.version else {
      Console.complain(
        """
        \(request.path): written by engine version \(reader.header.engineVersion); this is \
        version \(Engine.version), which may answer otherwise
        """)
      return 1
    }
    var replay = Replay(reader, engine: Engine(capacities: capacities))
    var fault: ReplayFault?
    do throws(ReplayFault) {
      while replay.engine.sequence < last, try replay.next() {}
    } catch {
      fault = error
    }
    let end = replay.end
    Console.say("commands    \(replay.commandCount)")
    Console.say("effects     \(replay.effectCount)")
    Console.say("sequence    \(end.sequence)")
    if end.time > .min { Console.say("time        \(JournalTime.text(end.time))") }
    Console.say("bytes       \(end.offset)")
    if replay.isTorn { Console.say("the last record is torn: the process died while it wrote it") }
    if replay.lacksOutcome { Console.say("the last command has no outcome") }
    let engine = replay.takeEngine()
    Console.say("trading day \(engine.market.tradingDay.yyyymmdd)")
    Console.say("orders      \(engine.ledger.orderCount)")
    Console.say("state hash  \(String(engine.stateHash, radix: 16))")
    if request.tellsBooks {
      Console.say("")
      for line in ReplayBooks.lines(engine, capacities) { Console.say(line) }
      Console.say("")
      for line in FundBooks(engine).lines { Console.say(line) }
      Console.say("")
    }
    guard let fault else {
      Console.say("every outcome is as it was written")
      return 0
    }
    let whole = JournalFault.replay(fault)
    Console.complain("\(request.path): \(whole.words)\(whole.repairHint(request.path))")
    return 1
  }
}
