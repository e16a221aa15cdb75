import Config
import Domain
import Foundation
import Gateway
import Messages
import Session
import Terminal
import Testing

@testable import Runtime

/// How a configuration becomes a gateway: the journal it begins or goes on with, and what a start
/// would refuse.
@Suite(.timeLimit(.minutes(10))) struct ServePlanTests {
  /// A Monday morning.
  static let now = Timestamp(
    date: CalendarDate(yyyymmdd: 20_261_123)!, secondOfDay: 10 * 3600)

  /// The files of config/, some of their texts replaced.
  static func loaded(_ changes: [(file: String, old: String, new: String)] = []) throws
    -> LoadedConfiguration
  {
    var files = EmbeddedDefaults.files
    for change in changes {
      let index = try #require(files.files.firstIndex { $0.name == change.file })
      let text = String(decoding: files.files[index].bytes, as: UTF8.self)
      #expect(text.contains(change.old), "\(change.file) has \(change.old)")
      files.files[index].bytes = Array(
        text.replacingOccurrences(of: change.old, with: change.new).utf8)
    }
    return ConfigurationLoader.load(files)
  }

  static func configuration(
    _ changes: (file: String, old: String, new: String)...
  ) throws -> Configuration {
    try #require(try loaded(changes).configuration)
  }

  /// A data folder, gone when the body ends.
  static func withFolder(_ body: (DataFolder) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "sluice-data-\(UUID().uuidString)").path
    let folder = try DataFolder(path: path)
    defer { folder.remove() }
    try body(folder)
    folder.remove()
    #expect(!FileManager.default.fileExists(atPath: path), "nothing is left behind")
  }

  static func plan(
    _ configuration: Configuration, _ folder: DataFolder, seed: UInt64? = nil
  ) throws -> ServePlan {
    var input = ServePlan.Input(now: now, seed: seed, ticks: .none)
    input.passwordProfile = .lightForTests
    input.usesFreePorts = true
    switch ServePlan.make(configuration, folder, input) {
    case .ready(let plan): return plan
    case .refused(let faults):
      Issue.record("refused: \(faults)")
      throw PlanRefused()
    }
  }

  struct PlanRefused: Error {}

  static func seed(of plan: ServePlan) throws -> UInt64 {
    let commands = try #require(plan.genesis).commands
    let seeds = commands.compactMap { command -> UInt64? in
      if case .engineSettings(let settings) = command { settings.seed } else { nil }
    }
    #expect(seeds.count == 1)
    return try #require(seeds.first)
  }

  // MARK: Seed

  @Test func aSeedThatNobodyStatesIsDrawnForEachJournal() throws {
    let configuration = try Self.configuration()
    try Self.withFolder { folder in
      let seeds = try (0..<4).map { _ in
        try Self.seed(of: try Self.plan(configuration, folder))
      }
      #expect(Set(seeds).count == seeds.count, "\(seeds)")
      #expect(seeds.allSatisfy { $0 <= UInt64(Int64.max) }, "such as platform.seed can state")
    }
  }

  @Test func aSeedThatIsStatedIsTaken() throws {
    let stated = try Self.configuration(("gateway.json5", "seed: null", "seed: 77"))
    let unstated = try Self.configuration()
    try Self.withFolder { folder in
      let ofFile = try Self.seed(of: Self.plan(stated, folder))
      #expect(ofFile == 77)
      let ofOption = try Self.seed(of: Self.plan(unstated, folder, seed: 5))
      #expect(ofOption == 5)
      let ofBoth = try Self.seed(of: Self.plan(stated, folder, seed: 5))
      #expect(ofBoth == 5)
    }
  }

  // MARK: Journals

  @Test func aRunWithSimulatedCountersIsNeverGoneOnWith() throws {
    let simulated = try Self.configuration()
    var lasting = simulated
    for index in lasting.counters.indices { lasting.counters[index].isSimulated = false }
    try Self.withFolder { folder in
      func touch(_ path: String) {
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
      }
      let first = try Self.plan(simulated, folder).gateway.journal
      #expect(first.path == "\(folder.path)/journal/simulated/20261123-020000.journal")
      touch(first.path)

      let second = try Self.plan(lasting, folder)
      #expect(second.gateway.journal.path == "\(folder.path)/journal/20261123-020000.journal")
      #expect(second.genesis != nil, "it begins a journal of its own")
      touch(second.gateway.journal.path)

      let third = try Self.plan(lasting, folder)
      #expect(third.gateway.journal.path == second.gateway.journal.path)
      #expect(third.genesis == nil, "it goes on")

      let fourth = try Self.plan(simulated, folder)
      #expect(fourth.gateway.journal.path.hasSuffix("/journal/simulated/20261123-020001.journal"))
    }
  }

  @Test func limitsAreThoseOfTheFile() throws {
    let configuration = try Self.configuration(
      ("gateway.json5", "reportsKept: 100000", "reportsKept: 1234"))
    try Self.withFolder { folder in
      let limits = try Self.plan(configuration, folder).gateway.limits
      #expect(limits.reports == 1_234)
    }
    let fault = try Self.loaded([("gateway.json5", "reportsKept: 100000", "reportsKept: 999")])
      .faults.first { !$0.isNotice }
    #expect(
      fault?.message == "not allowed: 999; allowed: 1000...10000000 reports")
  }

  // MARK: Rehearsal

  @Test func whatIsFineIsNotRefused() throws {
    let rehearsal = ServePlan.rehearse(try Self.configuration(), now: Self.now)
    #expect(rehearsal.faults == [])
    #expect(rehearsal.refused == nil)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var file: String
    var old: String
    var new: String
    var fault: String
    var testDescription: String { fault }

    init(_ file: String, _ old: String, _ new: String, _ fault: String) {
      self.file = file
      self.old = old
      self.new = new
      self.fault = fault
    }
  }

  static let refused: [Row] = [
    Row(
      "instruments.json5", "extra: []", "extra: ['SHFE.rb2601']",
      "embedded/instruments.json5:"),
    Row(
      "gateway.json5", "instruments: 2000", "instruments: 20",
      "embedded/gateway.json5: capacities.instruments: "),
    Row(
      "gateway.json5", "host: '127.0.0.1',\n    // 0 = any free port. [0...65535; default 7400]",
      "host: 'no.such.host.invalid',\n    // 0 = any free port. [0...65535; default 7400]",
      "terminals: there is no host 'no.such.host.invalid'"),
    Row(
      "counters.json5", "host: '127.0.0.1',\n      // [1...65535; required]",
      "host: '192.0.2.1',\n      // [1...65535; required]",
      "embedded/counters.json5:11:13: counters.host: without TLS others could read"),
    Row(
      "operation-accounts.json5", "password: { generate: true }",
      "password: { file: '/nowhere/hash' }", "operation account "),
  ]

  @Test(arguments: refused)
  func whatServeWouldRefuseIsTold(_ row: Row) throws {
    let configuration = try Self.configuration((row.file, row.old, row.new))
    let rehearsal = ServePlan.rehearse(configuration, now: Self.now)
    #expect(rehearsal.faults.contains { $0.hasPrefix(row.fault) }, "\(rehearsal.faults)")
  }

  @Test func everythingIsToldAtOnce() throws {
    let configuration = try Self.configuration(
      (
        "operation-accounts.json5", "password: { generate: true }", "password: { file: '/no/hash' }"
      ),
      ("gateway.json5", "instruments: 2000", "instruments: 20"))
    let faults = ServePlan.rehearse(configuration, now: Self.now).faults
    #expect(faults.contains { $0.contains("/no/hash") }, "\(faults)")
    #expect(faults.contains { $0.contains("capacities.instruments") }, "\(faults)")
    #expect(!faults.contains { $0.contains("has no password hash") }, "\(faults)")
  }

  @Test func aDayBeyondTheCalendarIsTold() throws {
    let later = Timestamp(date: CalendarDate(yyyymmdd: 20_600_105)!, secondOfDay: 0)
    let rehearsal = ServePlan.rehearse(try Self.configuration(), now: later)
    #expect(rehearsal.faults.contains { $0.contains("the calendar does not reach today") })
  }

  @Test func aCommandTheEngineRefusesIsTold() throws {
    let configuration = try Self.configuration(("gateway.json5", "figures: 10000", "figures: 1"))
    let rehearsal = ServePlan.rehearse(configuration, now: Self.now)
    #expect(rehearsal.faults == [])
    #expect(rehearsal.refused != nil)
  }
}
