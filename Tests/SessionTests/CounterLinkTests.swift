import Domain
import Session
import Testing
import Wire

private typealias Bench = CounterLinkBench

@Suite struct CounterLinkTests {
  // MARK: Login

  @Test func aLinkConnectsAtOnceAndLogsInWithItsLastSequence() {
    let bench = Bench(lastSequence: 17, epoch: 3)
    #expect(bench.link.deadline == 0)
    #expect(bench.timeReaches(0) == .connect)
    #expect(bench.timeReaches(0) == .nothing)
    bench.connect()
    let login = only(CounterProtocol.Login.self, in: bench.sent)
    #expect(
      login
        == CounterProtocol.Login(
          fundAccount: Name("F1")!, schemaVersion: 1, heartbeatIntervalSeconds: 10,
          lastCounterSequence: 17, password: FixedText("secret")!))
    #expect(!bench.link.isUp)
  }

  @Test func anAcceptedLoginAsksForWhatWasMissed() {
    let bench = Bench.loggingIn(lastSequence: 17, epoch: 3)
    #expect(bench.receive([Bench.accepted(epoch: 4, last: 20)]) == [.linkUp(epoch: 4, last: 20)])
    #expect(
      only(CounterProtocol.ReportsRequest.self, in: bench.sent)
        == CounterProtocol.ReportsRequest(requestNumber: 1, fromSequence: 18))
    #expect(bench.link.isUp)
    #expect(!bench.link.isReady)
  }

  @Test func aWholeResyncEndsReady() {
    let bench = Bench.loggingIn(lastSequence: 17, epoch: 3)
    _ = bench.receive([Bench.accepted(epoch: 4, last: 20)])
    #expect(bench.askFate(7) == nil)
    #expect(bench.askFate(8) == nil)
    _ = bench.takeSent()
    #expect(bench.askFate(0) == nil)
    let request = only(CounterProtocol.OrdersRequest.self, in: bench.takeSent())
    #expect(request?.orders.map(\.childOrderID.raw) == [7, 8])
    let seen = bench.receive([
      Bench.order(18), Bench.trade(19), CounterProtocol.CancelRejected(counterSequence: 20),
      Bench.reportsEnd(1, last: 20), Bench.fate(7, .neverArrived), Bench.fate(8, .accepted),
      Bench.ordersEnd(request?.requestNumber ?? 0),
    ])
    #expect(
      seen == [
        .order(18, .accepted), .trade(19), .cancelRejected(20), .neverArrived(7), .resynced(4),
      ])
    #expect(bench.link.isReady)
    #expect(bench.link.lastSequence == 20)
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [2, 0, 1], [1, 0, 2]])
  func resyncedWaitsForReportsAndFatesInWhateverOrderTheyEnd(order: [Int]) {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0)])
    _ = bench.askFate(7)
    var seen: [LinkSeen] = []
    var isListed = false
    for (place, step) in order.enumerated() {
      #expect(place < 3 && !seen.contains(.resynced(1)))
      switch step {
      case 0:
        if let event = bench.askFate(0) { seen.append(event) }
        isListed = true
      case 1: seen += bench.receive([Bench.ordersEnd(isListed ? 2 : 9)])
      default: seen += bench.receive([Bench.reportsEnd(1, last: 0)])
      }
    }
    // An end that nobody asked for counts for nothing.
    #expect(seen == (order == [1, 0, 2] ? [] : [.resynced(1)]))
  }

  @Test func withoutDoubtfulChildrenTheEndOfTheListIsEnough() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0), Bench.reportsEnd(1, last: 0)])
    #expect(!bench.link.isReady)
    bench.sent = []
    #expect(bench.askFate(0) == .resynced(1))
    #expect(bench.sent.isEmpty)
  }

  @Test func manyFatesAreAskedInBatchesAndAllBatchesHaveToEnd() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0), Bench.reportsEnd(1, last: 0)])
    bench.sent = []
    for child in 1...300 { #expect(bench.askFate(UInt64(child)) == nil) }
    #expect(bench.askFate(0) == nil)
    var asked: [[UInt64]] = []
    forEachFrame(of: bench.sent) { frame in
      asked.append(
        try CounterProtocol.OrdersRequest(frame).orders.map(\.childOrderID.raw))
    }
    #expect(asked == [Array(1...120), Array(121...240), Array(241...300)])
    #expect(bench.receive([Bench.ordersEnd(2), Bench.ordersEnd(2), Bench.ordersEnd(3)]) == [])
    #expect(bench.receive([Bench.ordersEnd(4)]) == [.resynced(1)])
  }

  @Test func aFateNamedWhenReadyIsAskedAndAnsweredToo() {
    let bench = Bench.ready()
    #expect(bench.askFate(9) == nil)
    #expect(bench.askFate(0) == nil)
    let request = only(CounterProtocol.OrdersRequest.self, in: bench.sent)
    #expect(bench.link.isReady)
    #expect(
      bench.receive([
        Bench.fate(9, .neverArrived), Bench.ordersEnd(request?.requestNumber ?? 0),
      ]) == [.neverArrived(9)])
    #expect(bench.link.deadline <= seconds(10))
  }

  @Test func withoutRoomAFateIsNotTaken() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 0)])
    bench.room = CounterLinkState.answerRoom - 1
    #expect(bench.askFate(9) == .waitForRoom)
    bench.room = CounterLinkState.answerRoom
    #expect(bench.askFate(9) == nil)
  }

  // MARK: Sequence

  @Test func aDuplicateIsDropped() {
    let bench = Bench.ready(lastSequence: 5)
    #expect(
      bench.receive([Bench.order(5), Bench.order(6), Bench.order(6), Bench.trade(7)])
        == [.order(6, .accepted), .trade(7)])
  }

  @Test func aGapIsAskedForOnceAndFilledInOrder() {
    let bench = Bench.ready(lastSequence: 5)
    #expect(
      bench.receive([Bench.order(6), Bench.order(8), Bench.order(9)])
        == [.order(6, .accepted), .missed(expected: 7, found: 8)])
    let request = only(CounterProtocol.ReportsRequest.self, in: bench.sent)
    #expect(request?.fromSequence == 7)
    #expect(bench.link.isReady)
    #expect(
      bench.receive([
        Bench.order(7), Bench.order(8), Bench.order(9),
        Bench.reportsEnd(request?.requestNumber ?? 0, last: 9), Bench.order(10),
      ]) == [7, 8, 9, 10].map { .order($0, .accepted) })
  }

  @Test func aGapDuringTheResyncMakesTheFirstAskingWorthless() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 3)])
    _ = bench.askFate(0)
    #expect(
      bench.receive([Bench.order(1), Bench.order(3), Bench.reportsEnd(1, last: 3)])
        == [.order(1, .accepted), .missed(expected: 2, found: 3)])
    #expect(
      bench.receive([Bench.order(2), Bench.order(3), Bench.reportsEnd(2, last: 3)])
        == [.order(2, .accepted), .order(3, .accepted), .resynced(1)])
  }

  @Test func aGapThatIsNotFilledEndsTheLink() {
    let bench = Bench.ready(lastSequence: 5)
    _ = bench.receive([Bench.order(8)])
    let request = only(CounterProtocol.ReportsRequest.self, in: bench.sent)
    let template = CounterProtocol.ReportsEnd.templateID
    #expect(
      bench.receive([Bench.reportsEnd(request?.requestNumber ?? 0, last: 8)])
        == [.ended(.unexpectedMessage(template: template), wasUp: true)])
  }

  @Test func aCounterThatPromisedMoreThanItSendsEndsTheLink() {
    let bench = Bench.loggingIn()
    let template = CounterProtocol.ReportsEnd.templateID
    #expect(
      bench.receive([
        Bench.accepted(epoch: 1, last: 2), Bench.order(1), Bench.reportsEnd(1, last: 1),
      ]) == [
        .linkUp(epoch: 1, last: 2), .order(1, .accepted),
        .ended(.unexpectedMessage(template: template), wasUp: true),
      ])
  }

  @Test func aReportWithoutASequenceEndsTheLink() {
    let bench = Bench.ready()
    #expect(
      bench.receive([Bench.order(0)])
        == [
          .ended(
            .unexpectedMessage(template: CounterProtocol.OrderReport.templateID), wasUp: true)
        ])
  }

  // MARK: Epochs

  @Test(arguments: [0, 3, 4] as [UInt64])
  func anEpochThatIsNotNewEndsTheLink(epoch: UInt64) {
    let bench = Bench.loggingIn(epoch: 4)
    #expect(
      bench.receive([Bench.accepted(epoch: epoch, last: 0)])
        == [.ended(.epochWentBack(ours: 4, theirs: epoch), wasUp: false)])
  }

  @Test func aCounterThatLostItsReportsIsNotTrusted() {
    let bench = Bench.loggingIn(lastSequence: 17)
    #expect(
      bench.receive([Bench.accepted(epoch: 1, last: 16)])
        == [.ended(.sequenceWentBack(ours: 17, theirs: 16), wasUp: false)])
  }

  @Test func aDropInTheMiddleOfAResyncStartsItAgainWithWhatHasCome() {
    let bench = Bench.loggingIn()
    _ = bench.receive([Bench.accepted(epoch: 1, last: 3), Bench.order(1), Bench.order(2)])
    _ = bench.askFate(7)
    #expect(bench.disconnected() == .ended(.connectionLost, wasUp: true))
    #expect(bench.askFate(8) == nil)
    #expect(bench.timeReaches(bench.link.deadline) == .connect)
    bench.sent = []
    bench.unread = []
    bench.connect()
    #expect(only(CounterProtocol.Login.self, in: bench.takeSent())?.lastCounterSequence == 2)
    #expect(bench.receive([Bench.accepted(epoch: 2, last: 3)]) == [.linkUp(epoch: 2, last: 3)])
    let request = only(CounterProtocol.ReportsRequest.self, in: bench.takeSent())
    #expect(request?.fromSequence == 3)
    // The end of the old connection's asking is nobody's.
    #expect(bench.receive([Bench.reportsEnd(1, last: 3)]) == [])
    _ = bench.askFate(7)
    _ = bench.askFate(0)
    let fates = only(CounterProtocol.OrdersRequest.self, in: bench.takeSent())
    #expect(fates?.orders.map(\.childOrderID.raw) == [7])
    #expect(
      bench.receive([
        Bench.order(3), Bench.reportsEnd(request?.requestNumber ?? 0, last: 3),
        Bench.fate(7, .neverArrived), Bench.ordersEnd(fates?.requestNumber ?? 0),
      ]) == [.order(3, .accepted), .neverArrived(7), .resynced(2)])
  }

  // MARK: Orders

  @Test func ordersAndCancelsAreWrittenOnlyWhenReady() {
    let resting = CounterLinkBench()
    let loggingIn = Bench.loggingIn()
    let catchingUp = Bench.loggingIn()
    _ = catchingUp.receive([Bench.accepted(epoch: 1, last: 0)])
    let ready = Bench.ready()
    let ended = Bench.ready()
    _ = ended.receive([CounterProtocol.Logout(reason: .shuttingDown)])
    for (bench, result) in [
      (resting, CounterSend.notReady), (loggingIn, .notReady), (catchingUp, .notReady),
      (ready, .written), (ended, .notReady),
    ] {
      bench.sent = []
      bench.write { link, now, outgoing in
        let order = CounterProtocol.InsertOrder(childOrderID: OrderID(raw: 1))
        #expect(link.send(order: order, at: now, into: &outgoing) == result)
        let cancel = CounterProtocol.CancelOrder(childOrderID: OrderID(raw: 1))
        #expect(link.send(cancel: cancel, at: now, into: &outgoing) == result)
      }
      #expect(templates(of: bench.sent) == (result == .written ? [10, 11] : []))
    }
  }

  @Test func anOrderThatFindsNoRoomIsNotHalfWritten() {
    let bench = Bench.ready()
    bench.room = 20
    bench.write { link, now, outgoing in
      let order = CounterProtocol.InsertOrder(childOrderID: OrderID(raw: 1))
      #expect(link.send(order: order, at: now, into: &outgoing) == .noRoom)
    }
    #expect(bench.sent.isEmpty)
    bench.write { link, now, outgoing in
      #expect(link.end(because: .slowReader, at: now, into: &outgoing)?.wasUp == true)
      #expect(link.end(because: .slowReader, at: now, into: &outgoing) == nil)
    }
  }

  // MARK: Bytes

  static let conversation: [any WireMessage] = [
    Bench.accepted(epoch: 1, last: 2), Bench.order(1), CounterProtocol.Heartbeat(),
    Bench.trade(2), Bench.reportsEnd(1, last: 2), Bench.order(2), Bench.order(4),
    CounterProtocol.FundsReport(equity: Money(yuan: 5)), Bench.order(3), Bench.order(4),
    CounterProtocol.InstrumentStatus(phase: .continuous),
    CounterProtocol.Tick(last: Price(units: 7)),
    Bench.reportsEnd(2, last: 4), CounterProtocol.Logout(reason: .shuttingDown),
  ]

  @Test(arguments: 0..<200)
  func howTheBytesAreCutChangesNothing(seed: Int) {
    let bytes = Self.conversation.flatMap { frameBytes($0) }
    let whole = Bench.loggingIn()
    let cut = Bench.loggingIn()
    let expected = whole.receive(bytes)
    #expect(
      expected == [
        .linkUp(epoch: 1, last: 2), .order(1, .accepted), .trade(2),
        .missed(expected: 3, found: 4), .funds(Money(yuan: 5)), .order(3, .accepted),
        .order(4, .accepted), .status(.continuous), .tick(Price(units: 7)),
        .ended(.counterEnded, wasUp: true),
      ])
    var seen: [LinkSeen] = []
    for piece in chunks(of: bytes, seed: UInt64(seed)) { seen += cut.receive(piece) }
    #expect(seen == expected)
    #expect(cut.sent == whole.sent)
  }

  @Test(arguments: 0..<300)
  func aChangedByteIsAnEventOrAnEndButNeverATrap(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var bytes = Self.conversation.flatMap { frameBytes($0) }
    for _ in 0..<3 {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
    }
    let bench = Bench.loggingIn()
    for piece in chunks(of: bytes, seed: UInt64(seed)) { _ = bench.receive(piece) }
    #expect(bench.link.lastSequence <= 4 || bench.link.isUp)
  }

  @Test(
    arguments: [
      (frameBytes(CounterProtocol.Login()), unexpected(1)),
      (frameBytes(CounterProtocol.InsertOrder()), unexpected(10)),
      (frameBytes(CounterProtocol.LoginAccepted(epoch: 9)), unexpected(2)),
      (frameBytes(CounterProtocol.PositionsEnd()), unexpected(44)),
      (bareFrame(schema: 1, template: 20), .badBytes(.unknownSchema(1))),
      (bareFrame(schema: 2, template: 5, version: 0), .badBytes(.unknownVersion(0))),
      ([0xFF, 0xFF, 0xFF, 0xFF], .badBytes(.frameTooLong(length: .max, limit: 16_384))),
    ] as [([UInt8], CounterLinkEnd.Cause)])
  func whatHasNoPlaceEndsTheLink(bytes: [UInt8], cause: CounterLinkEnd.Cause) {
    let bench = Bench.ready()
    #expect(bench.receive(bytes) == [.ended(cause, wasUp: true)])
    #expect(templates(of: bench.sent) == [CounterProtocol.Logout.templateID])
    #expect(bench.receive([Bench.order(1)]) == [])
    #expect(bench.disconnected() == nil)
  }

  static func unexpected(_ template: UInt16) -> CounterLinkEnd.Cause {
    .unexpectedMessage(template: template)
  }

  @Test func aMessageThatANewerCounterHasIsPassedOver() {
    let bench = Bench.ready()
    #expect(
      bench.receive(bareFrame(schema: 2, template: 999) + frameBytes(Bench.order(1)))
        == [.order(1, .accepted)])
  }
}
