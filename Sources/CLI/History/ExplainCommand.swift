import Config
import Domain
import Engine
import Gateway
import Journal
import Ledger
import MarketData
import Messages
import Runtime

/// `sluice explain`: why an order of a journal ended as it did.
enum ExplainCommand {
  static let usage = """
    usage: sluice explain ORDER --journal DIR [--config DIR] [--json]

      ORDER      ACCOUNT-CLORDID, such as desk-1-d0001 or a liquidation's desk-1-#L12-345, or the
                 order's id, such as 3248-0-17
      --journal  a journal of sluice serve, or a copy of one; a running gateway's too
      --config   files of settings, for the capacities the journal was written with;
                 config/ or the embedded defaults
      --json     one object, for other programs; figures as the journal keeps them

      Steps an engine up to the order, asks every rule instead of stopping at the first that
      refuses, shows how the order was split, then what became of it.

      Exit code 0: explained. 1: there is no such order, or more than one; the journal is damaged
      or answered otherwise; the configuration can't be used. 2: called wrongly.
    """

  struct Request: Equatable {
    var order = ""
    var journal = ""
    var config: String?
    var isJSON = false
  }

  static func read(_ words: [String]) throws(Misuse) -> Request {
    var request = Request()
    var arguments = Arguments(words)
    while let word = arguments.next() {
      switch word {
      case "--journal": request.journal = try arguments.text(of: word, "a journal's folder")
      case "--config": request.config = try arguments.text(of: word, "a folder of settings")
      case "--json": request.isJSON = true
      default:
        guard !word.hasPrefix("-"), request.order.isEmpty else { throw Misuse(unknown: word) }
        request.order = word
      }
    }
    guard !request.order.isEmpty else {
      throw Misuse("ORDER is missing: ACCOUNT-CLORDID or an order's id")
    }
    guard !request.journal.isEmpty else { throw Misuse("--journal DIR is missing") }
    return request
  }

  static func run(_ words: [String]) -> Int32 {
    let request: Request
    do throws(Misuse) {
      request = try read(words)
    } catch {
      return CLI.misused("explain", error)
    }
    guard let loaded = CommandConfiguration.load(request.config) else { return 1 }
    let capacities = LedgerCapacities(loaded.configuration.gateway.capacities)
    do throws(HistoryFault) {
      let path = request.journal
      let last = StoredJournal.last(of: path)
      let steps = RecordedSteps(try HistoryFault.reader(path), upTo: last)
      try HistoryFault.checkVersion(steps.header)
      let sending = try OrderSearch.find(request.order, in: steps, capacities)
      let explained = try explain(
        sending,
        Replay(
          try HistoryFault.reader(path), engine: Engine(capacities: capacities)), upTo: last,
        capacities)
      if request.isJSON {
        Console.say(ExplainJSON.text(explained))
      } else {
        for line in ExplainText.lines(explained) { Console.say(line) }
      }
      return 0
    } catch {
      return CLI.failed("\(request.journal): \(error.words(request.journal))")
    }
  }

  /// Steps up to the order, explains it there, and goes on to the end of its day.
  private static func explain(
    _ sending: OrderSearch.Sending, _ replay: consuming Replay<FolderJournalStorage>,
    upTo last: UInt64, _ capacities: LedgerCapacities
  ) throws(HistoryFault) -> ExplainedOrder {
    do throws(ReplayFault) {
      while replay.engine.sequence + 1 < sending.sequence, try replay.next() {}
      let explanation =
        sending.isForced
        ? replay.engine.explain(forced: sending.order, at: sending.time)
        : replay.engine.explain(sending.order, at: sending.time)
      var names = Names(capacities)
      names.load(replay.engine.directory)
      var story = OrderStory(sending)
      while replay.engine.sequence < last, try replay.next() {
        story.note(replay, names)
        guard !sending.id.isNone, replay.engine.market.tradingDay == sending.tradingDay else {
          break
        }
      }
      return ExplainedOrder(
        sending: sending, explanation: explanation, story: story, names: names)
    } catch {
      throw .replay(error)
    }
  }
}

/// An order with everything there is to tell of it.
struct ExplainedOrder: ~Copyable {
  let sending: OrderSearch.Sending
  let explanation: Explanation
  let story: OrderStory
  let names: Names

  init(
    sending: OrderSearch.Sending, explanation: Explanation, story: OrderStory,
    names: consuming Names
  ) {
    self.sending = sending
    self.explanation = explanation
    self.story = story
    self.names = names
  }
}
