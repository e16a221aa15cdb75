import Domain
import Engine
import Ledger
import MarketData
import Messages
import Session
import Wire

// What a terminal missed is sent again, a part at a time as its output has room; then, when not
// all of it is kept any more, a snapshot of what the account owns.
extension Gateway {
  /// Reports and instruments looked at for one terminal in one turn.
  private static let stepsPerTurn = 128
  /// Room that is left for what is new meanwhile.
  private static let roomToLeave = 4_096

  mutating func beginResume(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, last: UInt64
  ) {
    let account = terminal.pointee.account
    let seen = terminal.pointee.logon.lastReportSequence
    let first = seen == 0 ? history.first(of: tradingDay, account) : min(seen, last) + 1
    terminal.pointee.resumeAt = first
    terminal.pointee.resumeEnd = last
    terminal.pointee.resumeGap = 0
    pump(slot, terminal)
  }

  mutating func pumpResumes() {
    var place = resuming.count - 1
    while place >= 0 {
      let slot = resuming[place]
      if let terminal = terminals.inSlot(slot) { pump(slot, terminal) }
      place -= 1
    }
  }

  private mutating func pump(_ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>) {
    var steps = Gateway.stepsPerTurn
    if terminal.pointee.resumeAt != 0 { sendMissed(slot, terminal, &steps) }
    if terminal.pointee.resumeAt == 0, terminal.pointee.snapshotAt != 0 {
      sendSnapshot(slot, terminal, &steps)
    }
    if terminal.pointee.resumeAt == 0, terminal.pointee.snapshotAt == 0 {
      resuming.remove(slot)
    } else {
      resuming.insert(slot)
    }
  }

  private func hasRoom(_ slot: UInt32) -> Bool {
    terminalOutput.free(slot)
      >= Gateway.roomToLeave + OrderEntry.ExecutionReport.maximumFrameLength
  }

  private mutating func sendMissed(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, _ steps: inout Int
  ) {
    let account = terminal.pointee.account
    let last = max(history.last(account), terminal.pointee.resumeEnd)
    while terminal.pointee.resumeAt <= last {
      guard steps > 0, hasRoom(slot) else { return }
      steps -= 1
      let sequence = terminal.pointee.resumeAt
      guard
        let report = history.report(account, sequence, hint: &terminal.pointee.resumeHint)
      else {
        terminal.pointee.resumeAt = max(history.oldest(account), sequence + 1)
        terminal.pointee.resumeGap = terminal.pointee.resumeAt
        continue
      }
      let isOld = sequence <= terminal.pointee.resumeEnd
      counts.reportsResent += isOld ? 1 : 0
      send(message(of: report.pointee, flags: isOld ? .replayed : []), to: slot, terminal)
      guard terminal.pointee.isLive else { return }
      terminal.pointee.resumeAt = sequence + 1
    }
    guard hasRoom(slot) else { return }
    let gap = terminal.pointee.resumeGap
    if gap == 0 {
      send(
        OrderEntry.ResumeComplete(lastReportSequence: last, tradingDay: tradingDay), to: slot,
        terminal)
    } else {
      send(
        OrderEntry.ResumeTruncated(
          firstAvailableSequence: gap, lastReportSequence: last, tradingDay: tradingDay),
        to: slot, terminal)
      terminal.pointee.snapshotAt = 1
    }
    terminal.pointee.resumeAt = 0
  }

  // MARK: Snapshot

  private mutating func sendSnapshot(
    _ slot: UInt32, _ terminal: UnsafeMutablePointer<Terminal>, _ steps: inout Int
  ) {
    let holder = sequencer.engine.ledger.holder(of: terminal.pointee.account)
    let count = sequencer.engine.market.instrumentCount
    while terminal.pointee.snapshotAt <= UInt32(count) {
      guard steps > 0, hasRoom(slot) else { return }
      steps -= 1
      let instrument = InstrumentID(terminal.pointee.snapshotAt - 1)
      terminal.pointee.snapshotAt += 1
      var number = sequencer.engine.ledger.firstPosition(holder, instrument)
      while number != 0 {
        for side in [PositionSide.long, .short] {
          if let position = positionUpdate(number, side, terminal.pointee.accountName) {
            send(position, to: slot, terminal)
          }
        }
        number = sequencer.engine.ledger.position(number).pointee.sibling
      }
      guard terminal.pointee.isLive else { return }
    }
    guard hasRoom(slot) else { return }
    send(
      accountUpdate(holder, terminal.pointee.accountName), to: slot, terminal)
    terminal.pointee.snapshotAt = 0
  }

  private func positionUpdate(
    _ number: UInt32, _ side: PositionSide, _ account: Name
  ) -> OrderEntry.PositionUpdate? {
    let position = sequencer.engine.ledger.position(number)
    let lots = position.pointee.side(side)
    let cost = position.pointee.cost(side)
    guard lots.held != 0 || lots.workingOpen != 0 || lots.frozen != 0 else { return nil }
    let instrument = sequencer.engine.market.instrument(position.pointee.instrument)
    let multiplier = instrument.pointee.multiplier
    let value =
      Int64(lots.held)
      * (instrument.pointee.mark.isNone
        ? 0 : instrument.pointee.mark.units) * multiplier
    return OrderEntry.PositionUpdate(
      account: account, instrument: names.instruments.name(position.pointee.instrument.raw),
      exchange: instrument.pointee.exchange, side: side, hedge: position.pointee.hedge,
      todayLots: lots.today, yesterdayLots: lots.yesterday,
      frozenTodayLots: lots.frozenToday, frozenYesterdayLots: lots.frozen - lots.frozenToday,
      workingOpenLots: lots.workingOpen, openCost: Money(units: cost.openBasis * multiplier),
      positionCost: Money(units: cost.markBasis * multiplier), margin: lots.margin,
      positionProfit: Money(units: side.sign * (value - cost.markBasis * multiplier)),
      tradingDay: tradingDay, time: sequencer.now)
  }

  private func accountUpdate(_ holder: HolderID, _ account: Name) -> OrderEntry.AccountUpdate {
    let money = sequencer.engine.ledger.holder(holder)
    return OrderEntry.AccountUpdate(
      account: account, tradingDay: tradingDay, time: sequencer.now,
      openingEquity: money.pointee.openingEquity, netCash: money.pointee.netCash,
      balance: money.pointee.equity - money.pointee.positionProfit,
      equity: money.pointee.equity, available: money.pointee.available,
      margin: money.pointee.margin, frozenMargin: money.pointee.frozenMargin,
      frozenFee: money.pointee.frozenFees, closeProfit: money.pointee.closeProfit,
      positionProfit: money.pointee.positionProfit, fees: money.pointee.fees)
  }
}
