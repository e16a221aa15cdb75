import Domain
import Exchange
import Foundation
import Testing
import Wire

/// A day on which everything breaks now and then, drawn from a seed: links drop before and after
/// orders, reports come twice, late and in parts, terminals are cut and come back. In the end all
/// books agree, and every terminal has heard everything once.
@Suite(.timeLimit(.minutes(10))) struct RoughDayTests {
  static let names = ["alice", "bob", "carol"]
  static let funds = ["fund-a", "fund-b", "fund-c"]
  static let faults = [
    FaultRule(.dropLinkAfter, .every(53)), FaultRule(.dropLinkBefore, .every(71)),
    FaultRule(.duplicateReports, .every(7)), FaultRule(.fillInParts(lots: 1), .every(5)),
    FaultRule(.delayReports(milliseconds: 3), .every(11)),
    FaultRule(.answerLate(milliseconds: 3), .every(13)), FaultRule(.refuse, .every(17)),
  ]

  /// The first of them; `SLUICE_ROUGH_SEEDS=1-100` takes others.
  static let seeds: ClosedRange<UInt64> = {
    let words = ProcessInfo.processInfo.environment["SLUICE_ROUGH_SEEDS"]?.split(separator: "-")
    let numbers = (words ?? []).compactMap { UInt64($0) }
    guard let first = numbers.first, let last = numbers.last, first <= last else { return 1...2 }
    return first...last
  }()

  @Test(arguments: seeds)
  func inTheEndAllBooksAgree(seed: UInt64) throws {
    let house = try House()
    for counter in house.counters { counter.misbehave(by: Self.faults) }
    var draws = SplitMix64(seed: seed)
    var terminals = try Self.names.map { try house.terminal($0) }
    for step in 0..<240 {
      if step % 40 == 0 {
        // What works on the side that is left would be crossed by its own account.
        for terminal in terminals { try cancelAll(terminal) }
      }
      let place = draws.below(terminals.count)
      try act(step, terminals[place], &draws)
      if step % 60 == 59 {
        // Cut with whatever it has not read yet.
        let old = terminals[place]
        old.socket.cut()
        terminals[place] = try house.terminal(old.account, lastReport: old.sequences.last ?? 0)
      }
      if step % 20 == 19 { try awaitReady(house) }
    }
    for counter in house.counters { counter.misbehave(by: []) }
    try awaitReady(house)
    for terminal in terminals { terminal.socket.close() }

    let whole = try Self.names.map { try house.terminal($0) }
    for (terminal, last) in zip(whole, terminals) {
      try terminal.wait(for: "what was heard before") { whole in
        last.sequences.allSatisfy { whole.sequences.contains($0) }
      }
      try end(terminal)
      #expect(terminal.sequences == Array(1...UInt64(terminal.sequences.count)))
    }
    #expect(whole.reduce(0) { $0 + $1.reports.count { $0.execType == .trade } } > 5)
    try house.prove(whole)
  }

  private func act(_ step: Int, _ terminal: ScriptedTerminal, _ draws: inout SplitMix64) throws {
    if step % 9 == 8 {
      try terminal.cancel("o-\(step - 1 - draws.below(8))-\(terminal.account)")
    } else {
      // alice and bob are on different sides, and change them now and then.
      let buys = (terminal.account == "bob") == (step / 40 % 2 == 0)
      let away = Int64(draws.below(4))
      try terminal.place(
        "o-\(step)-\(terminal.account)", buys ? .buy : .sell, lots: Lots(1 + draws.below(4)),
        at: buys ? 3_100 + away : 3_100 - away, offset: draws.below(3) == 0 ? .closeToday : .open)
    }
    // Some answer each time, so that the run is as long as the links' pauses.
    let heard = terminal.reports.count
    try terminal.wait(for: "a word") { $0.reports.count > heard }
  }

  /// Every link is as often ready as it was lost, and once more.
  private func awaitReady(_ house: House) throws {
    for fund in Self.funds {
      let lost = house.log.found("linkEnded fundAccount=\(fund)", "wasUp=true").count
      try house.log.wait(for: "linkReady fundAccount=\(fund)", times: lost + 1)
    }
  }

  private func end(_ terminal: ScriptedTerminal) throws {
    // The end of what was sent before; what comes later is not meant.
    try terminal.place("end", lots: 501)
    try terminal.report(.rejected, of: "end")
    // A cancel that overtakes its order on the way to the counter is refused there.
    try terminal.wait(for: "the counters' word on every order") { terminal in
      Self.newest(terminal).values.allSatisfy {
        $0.state.isFinal || ($0.state != .accepted && $0.unknownLots == 0)
      }
    }
    try cancelAll(terminal)
    try terminal.wait(for: "the end of every order") { terminal in
      Self.newest(terminal).values.allSatisfy { $0.state.isFinal }
    }
  }

  private func cancelAll(_ terminal: ScriptedTerminal) throws {
    try terminal.send(
      OrderEntry.MassCancel(requestID: ClOrdID("all")!, account: Name(terminal.account)!))
  }

  private static func newest(
    _ terminal: ScriptedTerminal
  ) -> [OrderID: OrderEntry.ExecutionReport] {
    Dictionary(terminal.reports.map { ($0.orderID, $0) }) { $1 }
  }
}
