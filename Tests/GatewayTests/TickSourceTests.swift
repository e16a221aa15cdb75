import Domain
import Engine
import Messages
import Session
import Testing
import Wire

@testable import Gateway

/// Two counters tell the same market; a terminal is told each tick once.
@Suite struct TickSourceTests {
  static let north = LinkID(index: 0)
  static let south = LinkID(index: 1)

  /// What a row brings.
  enum Event: Sendable {
    /// A tick of rb2701 from a link, with its last price in yuan.
    case tick(LinkID, Int64)
    case pass(milliseconds: Int64)
    case down(LinkID)
    case up(LinkID)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var events: [Event]
    /// Last prices the terminal is told.
    var told: [Int64]
    var leftOut: UInt64

    init(_ name: String, _ events: [Event], told: [Int64], leftOut: UInt64) {
      testDescription = name
      self.events = events
      self.told = told
      self.leftOut = leftOut
    }
  }

  static let rows: [Row] = [
    Row(
      "both give ticks: the first counter's are taken",
      [.tick(north, 3_500), .tick(south, 3_501), .tick(north, 3_502), .tick(south, 3_503)],
      told: [3_500, 3_502], leftOut: 2),
    Row(
      "the second is heard until the first gives a tick",
      [.tick(south, 3_500), .tick(south, 3_501), .tick(north, 3_502), .tick(south, 3_503)],
      told: [3_500, 3_501, 3_502], leftOut: 1),
    Row(
      "the first goes down: the second takes over at once",
      [.tick(north, 3_500), .tick(south, 3_501), .down(north), .tick(south, 3_502)],
      told: [3_500, 3_502], leftOut: 1),
    Row(
      "the first comes back: it takes over with its first tick",
      [
        .tick(north, 3_500), .down(north), .tick(south, 3_501), .up(north), .tick(south, 3_502),
        .tick(north, 3_503), .tick(south, 3_504),
      ], told: [3_500, 3_501, 3_502, 3_503], leftOut: 1),
    Row(
      "the first is silent for less than the limit: the second waits",
      [.tick(north, 3_500), .pass(milliseconds: 4_999), .tick(south, 3_501)],
      told: [3_500], leftOut: 1),
    Row(
      "the first is silent for the limit: the second takes over",
      [
        .tick(north, 3_500), .pass(milliseconds: 5_000), .tick(south, 3_501), .tick(south, 3_502),
        .tick(north, 3_503), .tick(south, 3_504),
      ], told: [3_500, 3_501, 3_502, 3_503], leftOut: 1),
    Row(
      "silence of both hands nothing over",
      [.tick(north, 3_500), .pass(milliseconds: 9_000), .tick(north, 3_501), .tick(south, 3_502)],
      told: [3_500, 3_501], leftOut: 1),
  ]

  @Test(arguments: rows)
  func anInstrumentsTicksAreOneCountersAtATime(_ row: Row) throws {
    var desk = try GatewayDesk(houseCounters: ["north", "south"])
    let alice = try desk.logOn()
    desk.send(
      OrderEntry.SubscribeTicks(instruments: [
        OrderEntry.SubscribeTicks.InstrumentsEntry(
          instrument: InstrumentCode("rb2701")!, exchange: .shfe)
      ]), from: alice)
    desk.turn()
    _ = desk.received(alice)
    let before = desk.gateway.counts
    let sequence = desk.gateway.sequencer.engine.sequence
    var time = SmallHouse.start
    var told: [Int64] = []
    var otherCommands: UInt64 = 0
    for event in row.events {
      time = time.adding(seconds: 1)
      let commands = desk.gateway.sequencer.engine.sequence
      switch event {
      case .tick(let link, let yuan):
        desk.send(Self.tick("rb2701", yuan, at: time), from: link)
        desk.turn()
        told += desk.received(alice).compactMap {
          if case .tick(let tick) = $0 { tick.last.units / Price.unitsPerYuan } else { nil }
        }
        continue
      case .pass(let milliseconds): desk.pass(milliseconds * 1_000_000)
      case .down(let link):
        desk.gateway.linkClosed(link)
        desk.turn()
      case .up:
        // The pause before the next try is over; both counters answer.
        desk.pass(2 * GatewayDesk.second)
        desk.settle()
      }
      otherCommands += desk.gateway.sequencer.engine.sequence - commands
    }
    let counts = desk.gateway.counts
    #expect(told == row.told)
    #expect(counts.ticksLeftOut - before.ticksLeftOut == row.leftOut)
    #expect(counts.ticksSequenced - before.ticksSequenced == UInt64(row.told.count))
    // What is left out is not in the journal: every command but these is a tick that was told.
    let commands = desk.gateway.sequencer.engine.sequence - sequence - otherCommands
    #expect(commands == UInt64(row.told.count))
  }

  @Test func eachInstrumentHasItsOwnSource() throws {
    var desk = try GatewayDesk(houseCounters: ["north", "south"])
    let time = SmallHouse.start
    desk.send(Self.tick("rb2701", 3_500, at: time), from: Self.north)
    desk.send(Self.tick("rb2705", 3_500, at: time), from: Self.south)
    desk.send(Self.tick("rb2705", 3_501, at: time.adding(seconds: 1)), from: Self.south)
    desk.turn()
    #expect(desk.gateway.counts.ticksLeftOut == 0)
  }

  static func tick(_ code: String, _ yuan: Int64, at time: Timestamp) -> CounterProtocol.Tick {
    let price = SmallHouse.price(yuan)
    return CounterProtocol.Tick(
      instrument: InstrumentCode(code)!, exchange: .shfe, tradingDay: SmallHouse.day, time: time,
      last: price, bid: price, bidLots: 5, ask: price, askLots: 5, volume: 1)
  }
}
