import Domain
import Foundation
import Testing

@testable import Config

@Suite struct LoadPlanTests {
  @Test func theExampleIsReadWhole() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "bench/load.json5")
    let (plan, faults) = LoadPlan.read([UInt8](try Data(contentsOf: path)), label: "plan.json5")
    #expect(faults == [])
    let read = try #require(plan)
    #expect(read.terminalCount == 200)
    #expect(read.groups[0].accounts.first == "load-1" && read.groups[0].accounts.last == "load-200")
    #expect(read.groups[0].ordersPerSecond == 100 && read.seconds == 60)
    #expect(read.mix == LoadPlan.Mix(rest: 60, fill: 30, refuse: 10))
    #expect(read.declaration?.fee == DeclarationFee(amount: Money(yuan: 1)))
    #expect(read.declaration?.covers(InstrumentCode("IF2612")!) == true)
    #expect(read.declaration?.covers(InstrumentCode("I2612")!) == false)
  }

  @Test func anAccountByItselfNeedsNoNumber() throws {
    let text = "{groups: [{name: 'one', account: 'desk-1'}], instruments: ['rb2701']}"
    let plan = try #require(LoadPlan.read(Array(text.utf8), label: "x").0)
    #expect(plan.groups[0].accounts == ["desk-1"] && plan.groups[0].ordersPerSecond == 0)
    #expect(plan.seconds == 10 && plan.cutsPerSecond == 0)
  }

  @Test func everyFaultIsTold() {
    let text = """
      {
        groups: [
          {name: 'a', count: 0, rate: 5},
          {name: 'b', account: 'b', ordersPerSecond: 1, queriesPerSecond: 1},
        ],
        mix: {rest: 0, fill: 0, refuse: 0},
        seconds: 'ten',
      }
      """
    let (plan, faults) = LoadPlan.read(Array(text.utf8), label: "x")
    #expect(plan == nil)
    let paths = faults.map(\.keyPath)
    for path in [
      "groups[0].account", "groups[0].count", "groups[0].rate",
      "groups[1].queriesPerSecond", "mix", "instruments",
      "seconds",
    ] { #expect(paths.contains(path), "\(path) among \(paths)") }
  }

  @Test func tooManyTerminalsAreRefused() {
    let text = """
      {groups: [{name: 'a', account: 'a', terminalsPerAccount: 10000},
        {name: 'b', account: 'b', count: 10000, terminalsPerAccount: 2}], instruments: ['rb2701']}
      """
    let (plan, faults) = LoadPlan.read(Array(text.utf8), label: "x")
    #expect(plan == nil)
    #expect(faults.map(\.keyPath) == ["groups"])
  }
}
