import Domain
import Messages
import Testing

@testable import Config

/// Fees of products in products.json5: what they may say, and the commands that they make.
@Suite struct ProductFeeConfigTests {
  private static func fees(_ text: String) -> String {
    "{ products: [{ name: 'p', mode: 'priority', fees: { since: '2026-01-05', \(text) } }] }"
  }

  static let faults: [(String, String)] = [
    ("{ products: [{ name: 'p', mode: 'priority', fees: {} }] }", "the key is missing"),
    (fees("management: {}"), "a yearly rate or an amount: one of the two"),
    (
      fees("custody: { percentPerYear: 1, amount: 1 }"),
      "a yearly rate or an amount: one of the two"
    ),
    (
      fees("management: { percentPerYear: 1, of: 'initial' }"),
      "a fee is reckoned from it: say what it was"
    ),
    (fees("adviser: { percentOfProfit: 1 }"), "a fee is reckoned from it: say what it was"),
    (fees("adviser: {}"), "a yearly rate or an amount: one of the two"),
    (
      fees("adviser: { amount: 1, bands: [{ from: 1, percent: 5 }] }"),
      "a yearly rate, an amount, a share of the profit or bands: one of the four"
    ),
    (
      fees("adviser: { bands: [{ from: 1.1, percent: 5 }, { from: 1.1, percent: 7 }] }"),
      "each begins above the one before"
    ),
    (fees("adviser: { bands: [{ from: 1, percent: 5 }] }"), "need its shares"),
    (fees("days: 0"), "not allowed: 0"),
    (fees("management: { percentPerYear: 101 }"), "not allowed: 101"),
    (fees("management: { bands: [] }"), "no such key"),
  ]

  @Test(arguments: faults.indices)
  func whatMakesNoSenseIsAFault(_ index: Int) {
    let (text, part) = Self.faults[index]
    let words = TinyConfiguration("products.json5", text).loaded.faults.map(\.description)
    #expect(words.contains { $0.contains(part) }, "\(text): \(words)")
  }

  @Test func theExamplesFeesAreCommands() throws {
    let configuration = try Example.configuration()
    let product = try #require(configuration.products.firstIndex { $0.fees != nil })
    let input = Genesis.Input(
      tradingDay: Example.day(20_261_123), seed: 1,
      passwordHashes: Dictionary(
        uniqueKeysWithValues: configuration.operationAccounts.map { ($0.name, "hash") }),
      controllerHashes: Dictionary(
        uniqueKeysWithValues: configuration.controllers.map { ($0.name, "hash") }))
    guard case .compiled(let genesis) = Genesis.compile(configuration, input) else {
      Issue.record("the example can't be compiled")
      return
    }
    let id = ProductID(UInt32(product))
    for command: Command in [
      .setProductFees(
        SetProductFees(
          product: id, start: 20_260_105, days: 365, initial: Money(yuan: 10_000_000))),
      .setProductFee(
        SetProductFee(
          product: id, kind: .management, method: .daily, basis: .initial, value: 200_000)),
      .setProductFee(
        SetProductFee(
          product: id, kind: .custody, method: .daily, basis: .priorDay, value: 20_000)),
      .setProductFee(
        SetProductFee(
          product: id, kind: .adviser, method: .progressiveBands, basis: .unknown, value: .min)),
      .setFeeBand(SetFeeBand(product: id, number: 3, from: 120_000_000, share: 9_000_000)),
    ] {
      #expect(genesis.commands.contains(command), "\(command)")
    }
  }
}
