import Domain
import Engine
import Messages
import Session
import Wire

// What a logged-on terminal asks about orders. Everything it names is resolved here; what it names
// and nobody knows goes on as `.none` and is refused by rule, so that the refusal is on record.
extension Gateway {
  /// Why nothing can be asked of the engine now; none when it can.
  private var unavailability: Refusal {
    if isJournalBroken { return Refusal(.journalUnavailable, scope: .platform) }
    return .none
  }

  /// Why no new order of an offset gets as far as the engine now, and that for a log; none when
  /// it does.
  @inline(__always)
  func refusalNow(of offset: Offset) -> (refusal: Refusal, words: StaticString) {
    let refusal = unavailability
    if !refusal.isNone { return (refusal, "not now") }
    if phase != .running { return (Refusal(.shuttingDown, scope: .platform), "not now") }
    #if !MUTATION_RESERVE_OPENED
      guard !isJournalLow || offset != .open else {
        return (
          Refusal(.journalUnavailable, scope: .platform), "the journal has room to close only"
        )
      }
    #endif
    return (.none, "")
  }

  mutating func newOrder(
    _ order: OrderEntry.NewOrderDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.newOrders += 1
    defer { terminal.pointee.state.answered() }
    let template = OrderEntry.NewOrder.templateID
    let (refusal, words) = refusalNow(of: order.offset)
    guard refusal.isNone else {
      return reject(slot, terminal, template: template, order.clOrdID, refusal, words)
    }
    guard order.account == terminal.pointee.accountName else {
      return reject(
        slot, terminal, template: template, order.clOrdID,
        Refusal(.badCommand, scope: .session), "the account is not the session's")
    }
    // One that is known already is answered, however late it comes again.
    if let stale = staleness(order),
      !sequencer.engine.knows(terminal.pointee.account, order.clOrdID)
    {
      return reject(
        slot, terminal, template: template, order.clOrdID, stale, "older than its bound")
    }
    // An exchange nobody knows is not "by code alone": the code may be another's there.
    let instrument =
      order.exchangeIsKnown ? names.instrument(order.instrument, order.exchange) : nil
    submit(
      .newOrder(
        NewOrder(
          session: terminal.pointee.session, account: terminal.pointee.account,
          instrument: instrument ?? .none,
          clOrdID: order.clOrdID, side: order.side, offset: order.offset, hedge: order.hedge,
          type: order.type, timeInForce: order.timeInForce, price: order.price,
          lots: order.lots, minimumLots: order.minimumLots)))
  }

  /// An order that took longer on its way than its sender allows; nil when it did not.
  private func staleness(_ order: OrderEntry.NewOrderDecoder) -> Refusal? {
    let bound = Int64(order.maximumAgeMilliseconds)
    guard bound > 0, !order.sendingTime.isNone else { return nil }
    let (age, overflow) = sequencer.now.nanoseconds.subtractingReportingOverflow(
      order.sendingTime.nanoseconds)
    let milliseconds = overflow ? Int64.max : age / 1_000_000
    guard milliseconds > bound else { return nil }
    return Refusal(
      .staleOrder, observed: milliseconds, limit: bound, unit: .milliseconds, scope: .order)
  }

  /// Cancels are taken as long as there is a journal (rules.md 0).
  mutating func cancelOrder(
    _ cancel: OrderEntry.CancelOrderDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.cancels += 1
    defer { terminal.pointee.state.answered() }
    let template = OrderEntry.CancelOrder.templateID
    let refusal = unavailability
    guard refusal.isNone else {
      return reject(slot, terminal, template: template, cancel.requestID, refusal, "not now")
    }
    guard cancel.account == terminal.pointee.accountName else {
      return reject(
        slot, terminal, template: template, cancel.requestID,
        Refusal(.badCommand, scope: .session), "the account is not the session's")
    }
    submit(
      .cancelOrder(
        CancelOrder(
          session: terminal.pointee.session, account: terminal.pointee.account,
          requestID: cancel.requestID, target: cancel.targetOrderID,
          targetClOrdID: cancel.targetClOrdID)))
  }

  mutating func massCancel(
    _ cancel: OrderEntry.MassCancelDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    counts.massCancels += 1
    defer { terminal.pointee.state.answered() }
    let template = OrderEntry.MassCancel.templateID
    let refusal = unavailability
    guard refusal.isNone else {
      return reject(slot, terminal, template: template, cancel.requestID, refusal, "not now")
    }
    guard cancel.account == terminal.pointee.accountName else {
      return reject(
        slot, terminal, template: template, cancel.requestID,
        Refusal(.badCommand, scope: .session), "the account is not the session's")
    }
    // A side nobody knows would read as "both", an exchange as "any".
    guard cancel.sideIsKnown, cancel.exchangeIsKnown else {
      return reject(
        slot, terminal, template: template, cancel.requestID,
        Refusal(cancel.sideIsKnown ? .unknownInstrument : .badSide, scope: .order),
        cancel.sideIsKnown ? "the exchange is not known" : "the side is not known")
    }
    var instrument = InstrumentID.none
    if !cancel.instrument.isEmpty {
      // "None" would mean every one of them.
      guard let known = names.instrument(cancel.instrument, cancel.exchange) else {
        return reject(
          slot, terminal, template: template, cancel.requestID,
          Refusal(.unknownInstrument, scope: .instrument), "the instrument is not listed",
          name: cancel.instrument)
      }
      instrument = known
    }
    submit(
      .massCancel(
        MassCancel(
          session: terminal.pointee.session, account: terminal.pointee.account,
          requestID: cancel.requestID, instrument: instrument, side: cancel.side)))
  }
}
