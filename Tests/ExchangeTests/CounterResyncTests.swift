import Domain
import Session
import Testing
import Wire

@testable import Exchange

@Suite struct CounterResyncTests {
  static func desk(_ fault: Fault? = nil) -> Desk {
    var desk = Desk(faults: FaultPlan(fault.map { [FaultRule($0, .next(1))] } ?? []))
    desk.login(0, "alice")
    desk.login(1, "bob")
    return desk
  }

  @Test func missedReportsComeAgainInOrderBeforeNewerOnes() {
    var desk = Self.desk()
    desk.send(0, desk.order(.buy, 4, 3500))
    desk.service.linkClosed(LinkName(index: 0, generation: 0))
    desk.send(1, desk.order(.sell, 2, 3500))
    #expect(desk.login(2, "alice", last: 1) == ["login epoch=3 last=2"])
    // It has missed one: nothing live is sent before it asks.
    desk.send(1, desk.order(.sell, 2, 3500))
    #expect(desk.output.take(2) == [])
    #expect(
      desk.send(2, CounterProtocol.ReportsRequest(requestNumber: 9, fromSequence: 2)) == [
        "again #2 1 rb2705 buy 2@3500", "again #3 1 rb2705 buy 2@3500", "reports-end 9 last=3",
      ])
    #expect(desk.send(2, desk.order(.buy, 2, 3400)) == ["#4 4 accepted 0+2"])
  }

  @Test func whoMissedNothingHearsAtOnce() {
    var desk = Self.desk()
    desk.send(0, desk.order(.buy, 4, 3500))
    desk.service.linkClosed(LinkName(index: 0, generation: 0))
    #expect(desk.login(2, "alice", last: 1) == ["login epoch=3 last=1"])
    desk.send(1, desk.order(.sell, 4, 3500))
    #expect(desk.output.take(2) == ["#2 1 rb2705 buy 4@3500"])
  }

  @Test func aLinkCutAfterAnOrderKeepsItsReportsBack() {
    var desk = Self.desk(.dropLinkAfter)
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == [])
    #expect(desk.output.cutLinks == [0])
    #expect(desk.login(2, "alice") == ["login epoch=3 last=1"])
    let request = CounterProtocol.OrdersRequest(
      requestNumber: 1,
      orders: [.init(childOrderID: desk.child(1)), .init(childOrderID: desk.child(2))])
    #expect(
      desk.send(2, request) == [
        "status 1 accepted 0+4", "status 2 neverArrived 0+0", "orders-end 1 2",
      ])
    #expect(
      desk.send(2, CounterProtocol.ReportsRequest(requestNumber: 2, fromSequence: 1)) == [
        "again #1 1 accepted 0+4", "reports-end 2 last=1",
      ])
  }

  @Test func aLinkCutBeforeAnOrderLosesIt() {
    var desk = Self.desk(.dropLinkBefore)
    desk.send(0, desk.order(.buy, 4, 3500))
    #expect(desk.output.cutLinks == [0])
    #expect(desk.login(2, "alice") == ["login epoch=3 last=0"])
    let request = CounterProtocol.OrdersRequest(
      requestNumber: 1, orders: [.init(childOrderID: desk.child(1))])
    #expect(
      desk.send(2, request) == ["status 1 neverArrived 0+0", "orders-end 1 1"])
  }

  @Test func allOrdersOfTheDayAreToldWithoutAList() {
    var desk = Self.desk()
    desk.send(0, desk.order(.buy, 4, 3500))
    desk.send(0, desk.order(.buy, 1, 3500))
    desk.send(0, CounterProtocol.CancelOrder(childOrderID: desk.child(1)))
    #expect(
      desk.send(0, CounterProtocol.OrdersRequest(requestNumber: 3)) == [
        "status 1 cancelled 0+0", "status 2 rejected 0+0", "orders-end 3 2",
      ])
  }

  @Test func delayedReportsComeWhenTheirTimeHasCome() {
    var desk = Self.desk(.delayReports(milliseconds: 1_500))
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == [])
    #expect(desk.send(0, desk.order(.buy, 6, 3500)) == [])
    #expect(desk.service.nextDeadline == desk.now.adding(nanoseconds: 1_500_000_000))
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == [])
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["#1 1 accepted 0+4", "#2 2 accepted 0+6"])
  }

  @Test func duplicatedReportsKeepTheirNumber() {
    var desk = Self.desk(.duplicateReports)
    #expect(
      desk.send(0, desk.order(.buy, 4, 3500)) == ["#1 1 accepted 0+4", "#1 1 accepted 0+4"])
  }

  @Test func aLateOrderIsAnsweredLate() {
    var desk = Self.desk(.answerLate(milliseconds: 700))
    #expect(desk.send(0, desk.order(.buy, 4, 3500)) == [])
    desk.advance(seconds: 1)
    #expect(desk.output.take(0) == ["#1 1 accepted 0+4"])
  }

  @Test func whatAFullLinkDoesNotTakeWaitsForIt() {
    var desk = Self.desk()
    desk.output.capacity = 200
    var words: [String] = []
    for _ in 0..<10 {
      var bytes = [UInt8](repeating: 0, count: 76)
      let order = desk.order(.buy, 4, 3400)
      bytes.withUnsafeMutableBytes { _ = try? order.encode(into: $0) }
      _ = bytes.withUnsafeBytes {
        desk.service.bytesReceived(
          LinkName(index: 0, generation: 0), $0, now: desk.now, &desk.output)
      }
    }
    for _ in 0..<10 {
      let taken = desk.output.take(0)
      #expect(taken.count <= 2)
      words += taken
      desk.service.outputDrained(LinkName(index: 0, generation: 0), now: desk.now, &desk.output)
    }
    #expect(words == (1...10).map { "#\($0) \($0) accepted 0+4" })
  }

  @Test func aLongAnswerIsCutToWhatFitsAndGoesOn() {
    var desk = Self.desk()
    for _ in 0..<20 { desk.send(0, desk.order(.buy, 4, 3400)) }
    desk.output.capacity = 300
    var words = desk.send(0, CounterProtocol.ReportsRequest(requestNumber: 1, fromSequence: 1))
    words += desk.send(0, CounterProtocol.OrdersRequest(requestNumber: 2))
    // A report that comes meanwhile stands behind the replay.
    words += desk.send(0, desk.order(.buy, 2, 3400))
    for _ in 0..<40 {
      desk.service.outputDrained(LinkName(index: 0, generation: 0), now: desk.now, &desk.output)
      words += desk.output.take(0)
    }
    var expected = (1...21).map { "again #\($0) \($0) accepted 0+\($0 == 21 ? 2 : 4)" }
    expected.append("reports-end 1 last=21")
    expected += (1...20).map { "status \($0) accepted 0+4" }
    expected.append("orders-end 2 20")
    #expect(words == expected)
  }
}
