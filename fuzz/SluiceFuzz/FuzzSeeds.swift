import Domain
import Foundation
import Journal
import Messages
import Wire

/// A first corpus: one whole input of each kind, so that the fuzzer begins behind the framing.
enum FuzzSeeds {
  private static let id = ClOrdID("seed-1")!
  private static let account = Name("fuzz")!
  private static let code = InstrumentCode("rb2701")!

  static func write(to folder: String) {
    var inputs = terminals + gateways + counters + links
    for payload in commands.map(payload) {
      inputs.append(input(.journalCommand, payload))
      inputs.append(input(.journalOutcome, payload))
    }
    inputs += journals
    inputs.append(input(.configuration, Array("{a: [1, 'x', null], /* */ b: {c: -1.5e3}}".utf8)))
    for line in ["buy open rb2701 3 @ 3120", "cancel all rb", "orders working", "watch rb2701"] {
      inputs.append(input(.commandLine, Array(line.utf8)))
    }
    for (number, bytes) in inputs.enumerated() {
      let file = URL(filePath: folder).appending(path: "seed-\(number)")
      do {
        try Data(bytes).write(to: file)
      } catch {
        fatalError("\(file.path()): \(error)")
      }
    }
  }

  /// Behind a logon, each message that a terminal sends.
  private static var terminals: [[UInt8]] {
    let order = OrderEntry.NewOrder(
      clOrdID: id, account: account, instrument: code, exchange: .shfe, side: .buy, offset: .open,
      hedge: .speculation, type: .limit, timeInForce: .day, price: Price(units: 31_000_000),
      lots: 1, minimumLots: 0)
    let entry = OrderEntry.SubscribeTicks.InstrumentsEntry(instrument: code, exchange: .shfe)
    let logon = frame(OrderEntry.Logon(account: account, schemaVersion: OrderEntry.version))
    return [
      frame(order), frame(OrderEntry.CancelOrder(requestID: id, account: account)),
      frame(OrderEntry.MassCancel(requestID: id, account: account)),
      frame(OrderEntry.SubscribeTicks(instruments: [entry])),
      frame(OrderEntry.UnsubscribeTicks(instruments: [])),
      frame(OrderEntry.InstrumentsRequest(requestNumber: 1)),
      frame(OrderEntry.Query(requestNumber: 1, account: account, kind: .orders)),
      frame(OrderEntry.SubscribeAccount(requestNumber: 1, account: account)),
      frame(OrderEntry.TryOrder(requestNumber: 1, account: account, instrument: code, lots: 1)),
      frame(OrderEntry.WhyOrder(requestNumber: 1, account: account, targetClOrdID: id)),
      frame(OrderEntry.RoomRequest(requestNumber: 1, account: account, instrument: code)),
      frame(OrderEntry.Heartbeat()), frame(OrderEntry.Logout(reason: .requested)),
    ].map { input(.terminalSession, logon + $0) }
  }

  /// Behind its acceptance, each message that a gateway sends.
  private static var gateways: [[UInt8]] {
    let accepted = frame(
      OrderEntry.LogonAccepted(sessionEpoch: 1, schemaVersion: 1, nextReportSequence: 1))
    let resumed = frame(OrderEntry.ResumeComplete(lastReportSequence: 0))
    return [
      frame(OrderEntry.ExecutionReport(reportSequence: 1, clOrdID: id, execType: .new)),
      frame(OrderEntry.BusinessReject()), frame(OrderEntry.Tick(instrument: code)),
      frame(OrderEntry.PositionUpdate()), frame(OrderEntry.AccountUpdate()),
      frame(OrderEntry.InstrumentDefinition()), frame(OrderEntry.OrderRow()),
      frame(OrderEntry.TradeRow()), frame(OrderEntry.LimitRow()), frame(OrderEntry.QueryEnd()),
      frame(OrderEntry.FindingRow()), frame(OrderEntry.RouteRow()), frame(OrderEntry.RoomRow()),
      frame(OrderEntry.ExplainEnd()),
    ].map { input(.terminalClient, accepted + resumed + $0) }
  }

  private static var counters: [[UInt8]] {
    let login = frame(CounterProtocol.LoginAccepted(epoch: 1))
    return [
      frame(CounterProtocol.OrderReport()), frame(CounterProtocol.TradeReport()),
      frame(CounterProtocol.CancelRejected()), frame(CounterProtocol.ReportsEnd()),
      frame(CounterProtocol.FundsReport()), frame(CounterProtocol.InstrumentStatus()),
      frame(CounterProtocol.Tick()), frame(CounterProtocol.OrderStatus()),
    ].map { input(.counterLink, login + $0) }
  }

  private static var links: [[UInt8]] {
    let login = frame(CounterProtocol.Login(fundAccount: account))
    return [
      frame(CounterProtocol.InsertOrder()), frame(CounterProtocol.CancelOrder()),
      frame(CounterProtocol.ReportsRequest()), frame(CounterProtocol.OrdersRequest()),
    ].map { input(.counterServer, login + $0) }
  }

  /// A journal of three commands and their outcomes, its checksums right and to be made right.
  private static var journals: [[UInt8]] {
    let header = JournalHeader(
      shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 1, createdTime: 0,
      genesisHash: InlineArray(repeating: 0),
      segment: .first(JournalFormat.segmentBytes.lowerBound))
    let file = MemoryJournalFile()
    do {
      var writer = try JournalWriter(creating: header, in: MemoryJournalStorage(file))
      for sequence in UInt64(1)...3 {
        for type in [JournalRecordType.command, .outcome] {
          _ = try writer.reserve(8)
          writer.commit(8, type: type, sequence: sequence, time: Int64(sequence))
        }
      }
      try writer.close()
    } catch {
      fatalError("a journal in memory: \(error)")
    }
    let end = UInt8(file.bytes.count - 128)
    return [UInt8(128), 129, 200, end].map {
      [FuzzTarget.journalReader.rawValue, $0] + file.bytes
    }
  }

  private static var commands: [Command] {
    [
      .timeReached, .continueWork, .confirmClock,
      .cancelOrder(
        CancelOrder(
          session: SessionID(1), account: OperationAccountID(0), requestID: id, target: .none,
          targetClOrdID: id)),
    ]
  }

  private static func input(_ target: FuzzTarget, _ bytes: [UInt8]) -> [UInt8] {
    [target.rawValue, 7] + bytes
  }

  private static func frame(_ message: some WireMessage) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: message.frameLength) { room, count in
      count = (try? message.encode(into: UnsafeMutableRawBufferPointer(room))) ?? 0
    }
  }

  private static func payload(_ command: Command) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 64 * 1024) { room, count in
      count =
        (try? JournalCodec.encode(command, into: UnsafeMutableRawBufferPointer(room))) ?? 0
    }
  }
}
