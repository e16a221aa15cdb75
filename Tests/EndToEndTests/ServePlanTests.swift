import Config
import Domain
import Exchange
import Foundation
import Gateway
import Glibc
import Ledger
import Messages
import Testing

@testable import Runtime

/// A configuration and a data folder made ready to be served.
@Suite(.timeLimit(.minutes(10))) struct ServePlanTests {
  static func make(
    _ files: HouseFiles, _ folder: DataFolder, now seconds: Int64 = 1_795_000_000,
    _ change: (inout ServePlan.Input) -> Void = { _ in }
  ) throws -> ServePlan.Result {
    var input = ServePlan.Input(
      now: Timestamp(nanoseconds: seconds * Timestamp.nanosecondsPerSecond), seed: 7,
      ticks: .none)
    input.tradingDay = House.day
    input.passwordProfile = .lightForTests
    change(&input)
    return ServePlan.make(try files.loaded(), folder, input)
  }

  static func ready(_ result: ServePlan.Result) throws -> ServePlan {
    guard case .ready(let plan) = result else {
      throw Overdue(what: "a plan without faults: \(result)")
    }
    return plan
  }

  static func faults(_ result: ServePlan.Result) -> [String] {
    if case .refused(let faults) = result { return faults }
    return []
  }

  @Test func whatTheFilesSayIsWhatIsServed() throws {
    let scratch = try ScratchFolder()
    let plan = try Self.ready(Self.make(HouseFiles(), scratch.data) { $0.usesFreePorts = true })
    #expect(plan.tradingDay == House.day)
    #expect(plan.gateway.address == .loopback(port: 0))
    #expect(
      plan.gateway.links.map(\.fundAccount) == ["fund-a", "fund-b", "fund-c"].map { Name($0) })
    #expect(plan.gateway.links.map(\.counter) == ["north", "north", "south"].map { Name($0) })
    #expect(plan.gateway.links.map(\.user) == ["user-a", "user-b", "user-c"].map { Name($0) })
    #expect(plan.gateway.capacities.orders == 20_000)
    #expect(plan.gateway.limits.terminals == 16 && plan.gateway.limits.unauthenticated == 4)
    #expect(plan.counters.map(\.name) == [Name("north"), Name("south")])
    #expect(plan.counters[0].fundAccounts == [FundAccountID(0), FundAccountID(1)])
    #expect(plan.counters[1].fundAccounts == [FundAccountID(2)])
    #expect(plan.counters.allSatisfy { $0.settings.address == .loopback(port: 0) })
    // Both sides of a link know its password.
    #expect(plan.counters[1].settings.passwords == [plan.gateway.links[2].password])
    #expect(
      plan.gateway.journal.path
        == scratch.data.path + "/journal/simulated/20261118-110640.journal")
    guard case .genesis(let commands, _, let shard) = plan.gateway.journal.beginning else {
      Issue.record("a new journal begins with a genesis")
      return
    }
    #expect(shard == 0 && commands.count > 20)
    // A day's reference prices are the last of it, behind the switch to the day.
    guard case .dayReference = commands.last else {
      Issue.record("\(String(describing: commands.last))")
      return
    }
  }

  /// Simulated counters begin anew, so the journal does; real ones go on, and so does the newest
  /// journal.
  @Test func theNewestJournalIsGoneOnWithOnlyBesideRealCounters() throws {
    let scratch = try ScratchFolder()
    var real = HouseFiles()
    real.texts["counters.json5"]?.replace("simulated: true", with: "simulated: false")
    let secret = try scratch.write("secret", "password")
    real.texts["fund-accounts.json5"]?.replace("generate: true", with: "file: '\(secret)'")
    let first = try Self.ready(Self.make(real, scratch.data))
    guard case .genesis(let commands, _, _) = first.gateway.journal.beginning else {
      Issue.record("the first journal begins with a genesis")
      return
    }
    #expect(first.counters.isEmpty && first.genesis != nil)
    // Real counters bring their own prices.
    guard case .daySwitch = commands.last else {
      Issue.record("\(String(describing: commands.last))")
      return
    }
    let folder = scratch.data.path + "/journal/"
    for name in ["20261118-090000.journal", "20261119-090000.journal", "20261120-090000.copy"] {
      try scratch.write("", "data/journal/" + name)
    }
    let later = try Self.ready(Self.make(real, scratch.data))
    #expect(later.gateway.journal.path == folder + "20261119-090000.journal")
    guard case .existing = later.gateway.journal.beginning else {
      Issue.record("an existing journal is gone on with")
      return
    }
    #expect(later.genesis == nil)
    let simulated = try Self.ready(Self.make(HouseFiles(), scratch.data))
    #expect(simulated.gateway.journal.path == folder + "simulated/20261118-110640.journal")
    // A name that is taken is not used again.
    try scratch.write("", "data/journal/simulated/20261118-110640.journal")
    let second = try Self.ready(Self.make(HouseFiles(), scratch.data))
    #expect(second.gateway.journal.path == folder + "simulated/20261118-110641.journal")
  }

  @Test func everythingThatIsMissingIsSaidAtOnce() throws {
    let scratch = try ScratchFolder()
    var files = HouseFiles()
    files.texts["gateway.json5"]?.replace("port: 0", with: "host: 'no.such.host.invalid', port: 0")
    files.texts["fund-accounts.json5"]?.replace(
      "user: 'user-a', password: { generate: true }",
      with: "user: 'user-a', password: { env: 'SLUICE_TESTS_NO_SUCH_VARIABLE' }")
    files.texts["fund-accounts.json5"]?.replace(
      "user: 'user-b', password: { generate: true }",
      with: "user: 'user-b', password: { file: '\(scratch.path)/none' }")
    files.texts["operation-accounts.json5"]?.replace(
      "product: 'product-b', password: { generate: true }",
      with: "product: 'product-b', password: { file: '\(scratch.path)/neither' }")
    let faults = Self.faults(try Self.make(files, scratch.data))
    #expect(faults.count == 4)
    for words in [
      "terminals: there is no host 'no.such.host.invalid'",
      "fund account fund-a: the environment has no SLUICE_TESTS_NO_SUCH_VARIABLE",
      "fund account fund-b: \(scratch.path)/none: No such file or directory",
      "operation account bob: \(scratch.path)/neither: No such file or directory",
    ] {
      #expect(faults.contains(words), "\(words) in \(faults)")
    }
    #expect(scratch.data.newestJournal == nil)
  }

  @Test func aClockBeyondTheCalendarNeedsADay() throws {
    let scratch = try ScratchFolder()
    let faults = Self.faults(
      try Self.make(HouseFiles(), scratch.data, now: 2_000_000_000) { $0.tradingDay = nil })
    #expect(faults == ["the calendar does not reach today: extend it, or give a --day"])
    let plan = try Self.ready(
      Self.make(HouseFiles(), scratch.data, now: 1_795_050_000) { $0.tradingDay = nil })
    #expect(plan.tradingDay == TradingDay(yyyymmdd: 20_261_119))
  }

  /// The days that begin while it runs, each on the evening before it.
  @Test func theCalendarsDaysFollow() throws {
    let scratch = try ScratchFolder()
    let plan = try Self.ready(Self.make(HouseFiles(), scratch.data))
    let days = plan.gateway.days
    #expect(days.map(\.day.tradingDay.yyyymmdd).prefix(3) == [20_260_302, 20_260_303, 20_260_304])
    #expect(days.last?.day.tradingDay.yyyymmdd == 20_261_231)
    for (day, next) in zip(days, days.dropFirst()) { #expect(day.at < next.at) }
    #expect(plan.counters[0].settings.days.map(\.day) == days.map(\.day.tradingDay))
    #expect(plan.counters[0].settings.days.map(\.at) == days.map(\.at))
  }
}
