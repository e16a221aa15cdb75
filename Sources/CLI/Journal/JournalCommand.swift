import Journal
import Runtime

/// `sluice journal WHAT DIR`: looks at a journal, or cuts what can't be read off it.
enum JournalCommand {
  static let usage = """
    usage: sluice journal inspect DIR
           sluice journal verify DIR
           sluice journal repair DIR --truncate-at POSITION [--yes]
           sluice journal export DIR --json [--from SEQUENCE] [--until SEQUENCE]

      DIR            a journal of sluice serve, or a copy of one; a running gateway's can be looked
                     at, and not repaired
      inspect        its segments: where they stand, what they begin with, how full they are
      verify         reads every record and every snapshot, and says where the journal ends and
                     how, and where snapshots stand
      repair         cuts everything off from a position on, which has to be the beginning of a
                     record or of a segment; what is cut is kept beside the journal
      --truncate-at  such a position, as verify and serve say it
      --yes          does it; without it, says what would be done
      export         a line of JSON for each record; passwords' hashes are left out
      --from, --until  the first and the last command

      Exit codes: 0 fine, a record that was being written when the process died among it; 1 it or
      a snapshot is damaged, or can't be used; 2 called wrongly.
    """

  /// What a command line asks for.
  struct Request: Equatable {
    enum What: Equatable {
      case inspect
      case verify
      case repair(at: UInt64, isMeant: Bool)
      case export(ClosedRange<UInt64>)
    }
    var what: What
    var path: String
  }

  static func run(_ words: [String]) -> Int32 {
    let request: Request
    do throws(Misuse) {
      request = try read(words)
    } catch {
      return CLI.misused("journal", error)
    }
    do throws(JournalError) {
      switch request.what {
      case .inspect: return try JournalInspection.run(request.path)
      case .verify: return try JournalVerification.run(request.path)
      case .repair(let position, let isMeant):
        return try JournalRepairing.run(request.path, at: position, isMeant: isMeant)
      case .export(let range): return try JournalExport.run(request.path, range)
      }
    } catch {
      return CLI.failed("\(request.path): \(error.words)")
    }
  }

  static func read(_ words: [String]) throws(Misuse) -> Request {
    var arguments = Arguments(words)
    let name = arguments.next() ?? ""
    guard ["inspect", "verify", "repair", "export"].contains(name) else {
      throw Misuse(name.isEmpty ? "inspect, verify, repair or export what?" : "no '\(name)'")
    }
    var path: String?
    var position: UInt64?
    var (isMeant, isJSON) = (false, false)
    var (from, until): (UInt64, UInt64) = (1, .max)
    while let word = arguments.next() {
      switch (name, word) {
      case ("repair", "--truncate-at"):
        position = try UInt64(arguments.number(of: word, 0...Int64.max))
      case ("repair", "--yes"): isMeant = true
      case ("export", "--json"): isJSON = true
      case ("export", "--from"): from = try UInt64(arguments.number(of: word, 1...Int64.max))
      case ("export", "--until"): until = try UInt64(arguments.number(of: word, 1...Int64.max))
      default:
        guard !word.hasPrefix("-"), path == nil else { throw Misuse(unknown: word) }
        path = word
      }
    }
    guard let path else { throw Misuse("a journal's DIR is missing") }
    switch name {
    case "inspect": return Request(what: .inspect, path: path)
    case "verify": return Request(what: .verify, path: path)
    case "repair":
      guard let position else { throw Misuse("--truncate-at POSITION is missing") }
      return Request(what: .repair(at: position, isMeant: isMeant), path: path)
    default:
      guard isJSON else { throw Misuse("--json is the only form there is") }
      guard from <= until else { throw Misuse("--from is behind --until") }
      return Request(what: .export(from...until), path: path)
    }
  }
}
