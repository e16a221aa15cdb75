import Domain
import Engine
import Ledger
import Messages
import Session
import Wire

// What terminals ask of the follower about orders: what would become of one, what became of one and
// why, how many lots there is room for. Names are resolved here, as those of orders are.
extension Gateway {
  mutating func tryReceived(
    _ request: OrderEntry.TryOrderDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    var question = question(.tryOrder, request.requestNumber, slot, terminal)
    question.notBefore = request.notBefore
    question.after = request.after
    question.maximumRows = request.maximumRows
    // An exchange nobody knows is not "by code alone": the code may be another's there.
    let instrument =
      request.exchangeIsKnown ? names.instrument(request.instrument, request.exchange) : nil
    question.order = NewOrder(
      session: terminal.pointee.session, account: terminal.pointee.account,
      instrument: instrument ?? .none, clOrdID: request.clOrdID, side: request.side,
      offset: request.offset, hedge: request.hedge, type: request.type,
      timeInForce: request.timeInForce, price: request.price, lots: request.lots,
      minimumLots: request.minimumLots)
    ask(
      question, ofAccount: request.account, OrderEntry.TryOrder.templateID, slot, terminal)
  }

  mutating func whyReceived(
    _ request: OrderEntry.WhyOrderDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    var question = question(.why, request.requestNumber, slot, terminal)
    question.notBefore = request.notBefore
    question.after = request.after
    question.maximumRows = request.maximumRows
    question.target = request.targetOrderID
    question.targetClOrdID = request.targetClOrdID
    ask(
      question, ofAccount: request.account, OrderEntry.WhyOrder.templateID, slot, terminal)
  }

  mutating func roomReceived(
    _ request: OrderEntry.RoomRequestDecoder, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    var question = question(.room, request.requestNumber, slot, terminal)
    question.notBefore = request.notBefore
    question.after = request.after
    question.maximumRows = request.maximumRows
    let instrument =
      request.exchangeIsKnown ? names.instrument(request.instrument, request.exchange) : nil
    guard let instrument else {
      var figures = figures(of: Refusal(.unknownInstrument, scope: .instrument))
      figures.scopeName = request.instrument
      return send(
        OrderEntry.ExplainEnd(
          requestNumber: question.requestNumber, result: .refused, refusal: figures),
        to: slot, terminal)
    }
    question.order.instrument = instrument
    // A hedge flag nobody knows is no speculation: the rules refuse it.
    question.order.hedge =
      request.hedge == .unknown && request.hedgeIsKnown ? .speculation : request.hedge
    question.order.price = request.price
    ask(
      question, ofAccount: request.account, OrderEntry.RoomRequest.templateID, slot, terminal)
  }

  private mutating func question(
    _ kind: Question.Kind, _ requestNumber: UInt32, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) -> Question {
    counts.queries += 1
    var question = Question(
      kind, ticket: terminals.id(slot).ticket, account: terminal.pointee.account)
    question.requestNumber = requestNumber
    question.askedAt = sequencer.now
    question.askedBehind = sequencer.engine.sequence
    question.openingRefusedBy = refusalNow(of: .open).refusal.rule
    question.closingRefusedBy = refusalNow(of: .close).refusal.rule
    return question
  }

  private mutating func ask(
    _ question: Question, ofAccount account: Name, _ template: UInt16, _ slot: UInt32,
    _ terminal: UnsafeMutablePointer<Terminal>
  ) {
    // The answer is of messages that such a terminal said it does not know.
    guard terminal.pointee.state.schemaVersion >= OrderEntry.ExplainEnd.sinceVersion else {
      return reject(
        slot, terminal, template: template, ClOrdID(), Refusal(.badCommand, scope: .session),
        "newer than the schema version of this logon")
    }
    let newest = sequencer.engine.ledger.account(question.account).pointee.reportSequence
    guard account == terminal.pointee.accountName, question.notBefore <= newest,
      question.maximumRows <= Gateway.rowsPerPage
    else { return end(question, .refused, slot, terminal) }
    ask(question, slot, terminal)
  }
}
