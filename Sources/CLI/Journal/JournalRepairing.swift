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
    try repair.carryOut()
    Console.say("done; sluice journal verify says how it ends now")
    return 0
  }
}
