import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Messages
import RiskRules
import Wire

// Orders that were not sent, and those that were once more: what the engine would do with them now.
// It works in the engine's scratch; the books stay as they are. A row's cursor is its place.
extension QueryDesk {
  /// An id that no order has, for no terminal may send it.
  private static let unusedID: ClOrdID = {
    var id = ClOrdID()
    id.bytes[0] = 0x7F
    return id
  }()

  /// Puts the rows of an answer into the page; the message that ends it.
  mutating func explain(
    to page: inout Page, _ engine: inout Engine
  ) -> OrderEntry.ExplainEnd {
    var end = OrderEntry.ExplainEnd()
    switch page.question.kind {
    case .tryOrder:
      var place: UInt64 = 0
      addWhatWouldBe(page.question.order, &place, to: &page, &end, &engine)
    case .why: addWhy(to: &page, &end, &engine)
    case .room: addRoom(to: &page, &engine)
    case .query, .instruments, .subscription, .updatesAgain, .farewell, .watch, .watchMore,
      .watchAgain, .unwatch:
      preconditionFailure("what is explained is an order")
    }
    end.requestNumber = page.question.requestNumber
    end.result = page.result
    end.count = page.count
    end.after = page.cursor
    end.reportSequence =
      engine.ledger.account(page.question.account).pointee.reportSequence
    end.tradingDay = engine.market.tradingDay
    end.time = moment(page, engine)
    return end
  }

  /// The moment that an order would be decided at.
  private func moment(_ page: borrowing Page, _ engine: borrowing Engine) -> Timestamp {
    max(page.question.askedAt, engine.now)
  }

  /// Adds a row that lies behind the cursor; false when the page is full.
  private func add(
    _ row: some WireMessage, _ place: inout UInt64, to page: inout Page
  ) -> Bool {
    place += 1
    return place <= page.question.after || page.add(row, cursor: place)
  }

  // MARK: An order that is not sent

  private mutating func addWhatWouldBe(
    _ order: NewOrder, _ place: inout UInt64, to page: inout Page,
    _ end: inout OrderEntry.ExplainEnd, _ engine: inout Engine
  ) {
    let time = moment(page, engine)
    let door = page.question.refusal(of: order.offset)
    var order = order
    if order.clOrdID.isEmpty { order.clOrdID = QueryDesk.unusedID }
    explanationsLeft -= 1
    var explanation = engine.explain(order, at: time)
    explanation.refuse(by: door)
    for row in ExplanationRows.findings(explanation, names) {
      var row = row
      row.requestNumber = page.question.requestNumber
      row.cursor = place + 1
      guard add(row, &place, to: &page) else { return }
    }
    if let route = explanation.route {
      for row in ExplanationRows.route(route, names) {
        var row = row
        row.requestNumber = page.question.requestNumber
        row.cursor = place + 1
        guard add(row, &place, to: &page) else { return }
      }
    }
    end.lots = order.lots
    conclude(explanation, &end)
    order.clOrdID = QueryDesk.unusedID
    var search = LotSearch(order, at: time, engine)
    search.run(door: door, &engine)
    explanationsLeft -= search.asked
    end.passLots = search.passLots
    end.mostLots = search.mostLots
    end.stepLots = search.step
    end.binding = names.figures(of: search.binding)
  }

  private func conclude(_ explanation: Explanation, _ end: inout OrderEntry.ExplainEnd) {
    end.placedLots = 0
    switch explanation.verdict {
    case .taken(let lots):
      end.verdict = .taken
      end.placedLots = lots
      end.refusal = names.figures(of: explanation.route?.refusal ?? .none)
    case .refused(let refusal):
      end.verdict = .refused
      end.refusal = names.figures(of: refusal)
    case .answeredAgain(let id):
      end.verdict = .answeredAgain
      end.orderID = id
    }
  }

  // MARK: An order that was sent

  private mutating func addWhy(
    to page: inout Page, _ end: inout OrderEntry.ExplainEnd, _ engine: inout Engine
  ) {
    let question = page.question
    let number =
      question.target.isNone
      ? engine.orderNumber(question.account, question.targetClOrdID)
      : engine.ledger.orderNumber(
        question.target, day: engine.market.tradingDay, shard: engine.shard)
    // Of another account's no more is told than of one that never was.
    guard number != 0, engine.ledger.order(number).pointee.account == question.account else {
      page.result = .orderUnknown
      return
    }
    let order = engine.ledger.order(number)
    end.orderID = order.pointee.id
    let instrument = order.pointee.instrument
    var row = row(
      of: order, names.instruments.name(instrument.raw), names.exchange(instrument),
      question.requestNumber)
    row.tradingDay = engine.market.tradingDay
    var place: UInt64 = 0
    guard add(row, &place, to: &page) else { return }
    for child in sent(order, engine) {
      var child = child
      child.requestNumber = question.requestNumber
      child.cursor = place + 1
      guard add(child, &place, to: &page) else { return }
    }
    let again = NewOrder(
      session: order.pointee.session, account: question.account, instrument: instrument,
      clOrdID: ClOrdID(), side: order.pointee.side, offset: order.pointee.offset,
      hedge: order.pointee.hedge, type: order.pointee.type,
      timeInForce: order.pointee.timeInForce, price: order.pointee.price,
      lots: order.pointee.lots, minimumLots: order.pointee.minimumLots)
    addWhatWouldBe(again, &place, to: &page, &end, &engine)
  }

  /// What each fund account was sent of an order, in the order they first were.
  private func sent(
    _ order: UnsafePointer<OrderRecord>, _ engine: borrowing Engine
  ) -> [OrderEntry.RouteRow] {
    var accounts: [FundAccountID] = []
    var rows: [OrderEntry.RouteRow] = []
    var number = order.pointee.firstChild
    while number != 0 {
      let child = engine.ledger.child(number)
      let account = child.pointee.fundAccount
      let place = accounts.firstIndex(of: account) ?? rows.count
      if place == rows.count {
        accounts.append(account)
        var row = OrderEntry.RouteRow(
          part: .then, fundAccount: names.fundAccounts.name(account.raw), room: 0)
        row.clear()
        rows.append(row)
      }
      rows[place].add(child.pointee.offset, child.pointee.lots)
      rows[place].filledLots += child.pointee.filled
      if !child.pointee.state.isFinal { rows[place].workingLots += child.pointee.leaves }
      number = child.pointee.nextSibling
    }
    return rows
  }

  // MARK: Room

  private mutating func addRoom(to page: inout Page, _ engine: inout Engine) {
    let question = page.question
    guard engine.market.exists(question.order.instrument) else { return }
    let instrument = engine.market.instrument(question.order.instrument)
    let exchange = instrument.pointee.exchange
    var order = question.order
    order.clOrdID = QueryDesk.unusedID
    order.type = .limit
    order.timeInForce = .day
    if order.price.isNone { order.price = usualPrice(instrument) }
    let offsets: [Offset] =
      exchange.separatesToday ? [.open, .close, .closeToday] : [.open, .close]
    var place: UInt64 = 0
    for side in [Side.buy, .sell] {
      for offset in offsets {
        guard place >= question.after else {
          place += 1
          continue
        }
        order.side = side
        order.offset = offset
        order.lots = 0
        var search = LotSearch(order, at: moment(page, engine), engine)
        search.run(door: question.refusal(of: offset), &engine)
        explanationsLeft -= search.asked
        let row = OrderEntry.RoomRow(
          requestNumber: question.requestNumber, cursor: place + 1, exchange: exchange,
          instrument: names.instruments.name(order.instrument.raw), side: side, offset: offset,
          hedge: order.hedge, price: order.price, lots: search.mostLots, stepLots: search.step,
          binding: names.figures(of: search.binding))
        guard add(row, &place, to: &page) else { return }
      }
    }
  }

  /// The last price, or the prior settlement, as a limit that the exchange takes.
  private func usualPrice(_ instrument: UnsafePointer<InstrumentRecord>) -> Price {
    let mark = instrument.pointee.mark
    var price = mark.isNone ? instrument.pointee.preSettlement : mark
    guard !price.isNone else { return .none }
    let tick = instrument.pointee.tick
    if tick > 0 { price = Price(units: price.units / tick * tick) }
    if !instrument.pointee.upperLimit.isNone { price = min(price, instrument.pointee.upperLimit) }
    if !instrument.pointee.lowerLimit.isNone { price = max(price, instrument.pointee.lowerLimit) }
    return price
  }
}

extension Question {
  /// What the gateway itself would refuse an order by; none = it would not.
  func refusal(of offset: Offset) -> RuleID {
    offset == .open ? openingRefusedBy : closingRefusedBy
  }
}
