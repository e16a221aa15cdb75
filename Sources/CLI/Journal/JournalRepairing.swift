import Journal
import Runtime

/// `sluice journal repair --truncate-at`: the last way out, told as such.
enum JournalRepairing {
  static func run(
    _ path: String, at position: UInt64, isMeant: Bool
  ) throws(JournalError) -> Int32 {
    let repair = try JournalRepair(JournalFolder(path: path), at: position)
    Console.say("keeps        commands up to \(repair.end.sequence)")
    Console.say("cuts         \(repair.byteCount) bytes from position \(position) on")
    if repair.segments > 0 { Console.say("             and \(repair.segments) whole segments") }
    if repair.snapshots > 0 { Console.say("             and \(repair.snapshots) later snapshots") }
    Console.say("copy         \(repair.copyPath)")
    Console.complain(
      """
      warning: what is cut is forgotten. Orders among it that were answered are unknown to the \
      gateway afterwards; counters have them, and terminals may know more than it does
      """)
    guard isMeant else {
      Console.say("nothing was done: say it again with --yes")
      return 1
    }
    do throws(JournalError) {
      try repair.carryOut()
    } catch .storage(let error) {
      let byteCount = repair.end.header.segment.byteCount
      return CLI.failed(
        "\(path): \(error.wordsNeeding(byteCount, for: "the copy of what is cut"))")
    }
    Console.say("done; sluice journal verify says how it ends now")
    return 0
  }
}
