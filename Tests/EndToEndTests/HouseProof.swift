import Domain
import Exchange
import Runtime
import Testing

@testable import sluice

extension House {
  /// Stops everything, and holds the books of the gateway, stepped again from its journal, against
  /// those of the counters and what the terminals heard, as `sluice demo` does.
  ///
  /// - Parameters:
  ///   - terminals: all that ever traded, one an account, with every report of theirs.
  ///   - journal: another one than the house's own.
  @discardableResult
  func prove(_ terminals: [ScriptedTerminal], journal: String? = nil) throws -> UInt64 {
    for terminal in terminals { terminal.socket.close() }
    stop()
    let exchanges = try counters.map { try $0.stop() }
    try #require(exchanges.count == plan.counters.count, "every counter has books")
    var tally = DemoTally()
    for terminal in terminals {
      for report in terminal.reports { tally.note(report) }
    }
    let books = try DemoBooks(journal: journal ?? journalPath, plan, exchanges)
    let faults = DemoProof.faults(books, tally, nil, configuration)
    #expect(faults == [])
    return books.stateHash
  }
}
