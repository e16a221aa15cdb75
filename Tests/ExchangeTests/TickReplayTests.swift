import Domain
import Testing

@testable import Exchange

@Suite struct TickReplayTests {
  static func tick(_ code: String, milliseconds: Int64, day: UInt32 = 20_261_123) -> ExchangeTick {
    let date = CalendarDate(yyyymmdd: day)!
    return ExchangeTick(
      instrument: InstrumentCode(code)!, exchange: .shfe, tradingDate: date,
      time: Timestamp(date: date, secondOfDay: 9 * 3600)
        .adding(nanoseconds: milliseconds * 1_000_000))
  }

  @Test(arguments: [
    (Int64(1), Int64?.none, [Int64(0), 500, 1_000, 1_000, 7_201_000]),
    (10, nil, [0, 50, 100, 100, 720_100]),
    (1, 60, [0, 500, 1_000, 1_000, 61_000]),
    (0, nil, [0, 0, 0, 0, 0]),
  ])
  func ticksAreDueBySpeed(_ speed: Int64, _ pauseMaximum: Int64?, _ due: [Int64]) {
    let start = Timestamp(nanoseconds: 1_000_000_000_000)
    var clock = ReplayClock(start: start, speed: speed, pauseMaximumSeconds: pauseMaximum)
    // The fourth steps back: the recorder's clock was put right. Then a break of two hours.
    let found = [0, 500, 1_000, 400, 7_200_400].map {
      clock.due(recorded: Self.tick("rb2705", milliseconds: $0).time).nanoseconds
        - start.nanoseconds
    }
    #expect(found == due.map { $0 * 1_000_000 })
  }

  @Test func sourcesPlayAsOneByTimeThenBySource() {
    let sources = [
      [Self.tick("a", milliseconds: 0), Self.tick("a", milliseconds: 10)],
      [Self.tick("b", milliseconds: 0), Self.tick("b", milliseconds: 5)],
      [],
    ]
    let start = Timestamp(nanoseconds: 0)
    var replay = TickReplay(sources: 3, clock: ReplayClock(start: start, speed: 1))
    var next = [0, 0, 0]
    var played: [String] = []
    var now = start
    while !replay.isFinished {
      while let source = replay.wants {
        #expect(replay.nextDue == nil)
        let ticks = sources[source]
        replay.offer(next[source] < ticks.count ? ticks[next[source]] : nil, from: source)
        next[source] += 1
      }
      guard let due = replay.nextDue else { break }
      #expect(replay.take(now: due.adding(nanoseconds: -1)) == nil)
      now = due
      if let tick = replay.take(now: now) {
        played.append("\(tick.instrument)@\(now.nanoseconds / 1_000_000)")
      }
    }
    #expect(played == ["a@0", "b@0", "b@5", "a@10"])
  }

  @Test func recordedDaysBecomeTheDaysFromAGivenOne() throws {
    let friday = try #require(CalendarDate(yyyymmdd: 20_261_120))
    var days = RecordedDays(first: friday)
    let moved = [20_181_009, 20_181_009, 20_181_010].map {
      days.moved(Self.tick("ru1901", milliseconds: 0, day: $0)).tradingDate.yyyymmdd
    }
    #expect(moved == [20_261_120, 20_261_120, 20_261_123])
  }
}
