import Domain
import Engine
import Ledger
import MarketData
import Messages

/// The orders of the demo's accounts: most pass, and some break each rule in turn.
struct DemoScenario {
  private var state: UInt64
  private var nextID = 0
  private var breaking = 0

  init(seed: UInt64) { state = seed | 1 }

  private mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  private mutating func clientID() -> ClOrdID {
    nextID += 1
    return ClOrdID("demo-\(nextID)") ?? ClOrdID()
  }

  /// The next order of some account in some instrument that has a price.
  mutating func next(_ world: borrowing DemoWorld, _ active: [InstrumentID]) -> NewOrder {
    let account = OperationAccountID(UInt32(below(world.engine.ledger.accountCount)))
    let id = active[below(active.count)]
    let instrument = world.engine.market.instrument(id)
    let isBuy = below(2) == 0
    let away = Int64(below(5) - 2) * instrument.pointee.tick
    let last = instrument.pointee.last.isNone ? instrument.pointee.mark : instrument.pointee.last
    var order = NewOrder(
      session: SessionID(1), account: account, instrument: id, clOrdID: clientID(),
      side: isBuy ? .buy : .sell, offset: .open, hedge: .speculation, type: .limit,
      timeInForce: .day, price: Price(units: last.units + away),
      lots: max(instrument.pointee.minimumLimitLots, Lots(1 + below(3))))
    switch below(10) {
    case 0, 1, 2: close(&order, world, instrument)
    case 3: order.timeInForce = .immediateOrCancel
    case 4: breakRule(&order, instrument)
    default: break
    }
    return order
  }

  /// Closes something the account holds in the instrument, if it holds anything there.
  private mutating func close(
    _ order: inout NewOrder, _ world: borrowing DemoWorld,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let ledger = world.engine.ledger.holder(of: order.account)
    let number = world.engine.ledger.firstPosition(ledger, order.instrument)
    guard number != 0 else { return }
    let position = world.engine.ledger.position(number)
    let isLong = position.pointee.long.held > position.pointee.short.held
    order.side = isLong ? .sell : .buy
    order.hedge = position.pointee.hedge
    let side = isLong ? position.pointee.long : position.pointee.short
    order.offset = instrument.pointee.separatesToday && side.today > 0 ? .closeToday : .close
    order.lots = 1
  }

  private mutating func breakRule(
    _ order: inout NewOrder, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    breaking += 1
    switch breaking % 11 {
    case 0: order.instrument = .none
    case 1: order.side = .unknown
    case 2: order.offset = .unknown
    case 3: order.hedge = .unknown
    case 4: order.lots = 0
    case 5: order.lots = instrument.pointee.maximumLimitLots + 1
    case 6: order.price.units += 1
    case 7: order.price.units = instrument.pointee.upperLimit.units + instrument.pointee.tick
    case 8: order.hedge = .hedge
    case 9:
      order.offset = .close
      order.lots = instrument.pointee.maximumLimitLots
    default: order.lots = instrument.pointee.maximumLimitLots
    }
  }
}
