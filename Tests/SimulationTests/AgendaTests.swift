import Domain
import Testing

@testable import Simulator

@Suite struct AgendaTests {
  /// What comes at one moment comes in the order in which it was put in.
  @Test func eventsComeByTimeAndThenInTheirOrder() {
    var agenda = Agenda()
    var draws = SplitMix64(seed: 7, purpose: 1)
    for number in 0..<500 { agenda.add(.seat(number), at: Int64(draws.below(40))) }
    var last: (time: Int64, number: Int) = (-1, -1)
    var count = 0
    while let (time, event) = agenda.take() {
      guard case .seat(let number) = event else { continue }
      #expect(time > last.time || (time == last.time && number > last.number))
      last = (time, number)
      count += 1
    }
    #expect(count == 500)
  }
}
