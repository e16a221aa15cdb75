import Domain
import Ledger

/// One holder's books kept the slow way: a list of lots, a list of working orders, and every
/// figure summed anew from them (rules.md 3a and 6).
struct NaiveHolder {
  struct Place: Hashable {
    var instrument: InstrumentID
    var hedge: HedgeFlag
  }

  struct Lot {
    var place: Place
    var side: PositionSide
    var lots: Lots
    var open: Int64
    var mark: Int64
    var isToday: Bool
  }

  struct Working {
    var place: Place
    var side: Side
    var offset: Offset
    var left: Lots
    var price: Int64

    var positionSide: PositionSide { PositionSide(side: side, offset: offset) }
  }

  /// What is asked of an instrument.
  struct Terms {
    var multiplier: Int64
    var separatesToday: Bool
  }

  var terms: [InstrumentID: Terms]
  var last: [InstrumentID: Int64]
  var lots: [Lot] = []
  var working: [UInt32: Working] = [:]
  var opening: Int64
  var closeProfit: Int64 = 0
  var fees: Int64 = 0
  var openedValue: Int64 = 0
  var closedValue: Int64 = 0
  var openedLots: Lots = 0
  var startLots: Lots = 0

  // MARK: Rates (`LedgerDesk.rates`)

  static func ceiling(_ value: Int64, _ step: Int64) -> Int64 { (value + step - 1) / step }

  /// 10 % long, 12 % short; to 0.0001 yuan.
  func margin(_ side: PositionSide, value: Int64) -> Int64 {
    Self.ceiling(value * (side == .long ? 10 : 12), 100)
  }

  /// 0.01 % and half a fen a lot; closing today's lots 0.02 %. To a fen.
  func fee(old: (value: Int64, lots: Lots), today: Int64) -> Int64 {
    Self.ceiling(old.value + Int64(old.lots) * 50 * 10_000 + today * 2, 10_000 * 100) * 100
  }

  private func value(_ instrument: InstrumentID, _ price: Int64, _ lots: Lots) -> Int64 {
    price * Int64(lots) * terms[instrument]!.multiplier
  }

  // MARK: What happens

  /// Takes `count` lots off in the order that the offset says, else the oldest first.
  mutating func fill(_ number: UInt32, _ count: Lots, at price: Int64) {
    let order = working[number]!
    let place = order.place
    let all = value(place.instrument, price, count)
    if order.offset == .open {
      lots.append(
        Lot(
          place: place, side: order.positionSide, lots: count, open: price, mark: price,
          isToday: true))
      fees += fee(old: (all, count), today: 0)
      openedValue += all
      openedLots += count
    } else {
      close(order, count, at: price)
      closedValue += all
    }
    end(number, count)
  }

  private mutating func close(_ order: Working, _ count: Lots, at price: Int64) {
    let terms = terms[order.place.instrument]!
    var left = count
    var old: Lots = 0
    for index in lots.indices
    where left > 0 && lots[index].place == order.place && lots[index].side == order.positionSide {
      if terms.separatesToday, lots[index].isToday != (order.offset == .closeToday) { continue }
      let taken = min(left, lots[index].lots)
      lots[index].lots -= taken
      left -= taken
      if !lots[index].isToday { old += taken }
      closeProfit +=
        order.positionSide.sign * (price - lots[index].mark) * Int64(taken) * terms.multiplier
    }
    lots.removeAll { $0.lots == 0 }
    let instrument = order.place.instrument
    fees += fee(
      old: (value(instrument, price, old), old), today: value(instrument, price, count - old))
  }

  mutating func end(_ number: UInt32, _ count: Lots) {
    working[number]!.left -= count
    if working[number]!.left == 0 { working[number] = nil }
  }

  /// Settlement prices in; equity becomes opening equity.
  mutating func settle(_ prices: [InstrumentID: Int64]) {
    last = prices
    opening = equity
    closeProfit = 0
    fees = 0
    openedValue = 0
    closedValue = 0
    openedLots = 0
    startLots = held { _ in true }
    for index in lots.indices {
      lots[index].isToday = false
      lots[index].mark = prices[lots[index].place.instrument]!
    }
  }

  // MARK: Figures

  func held(_ counts: (Lot) -> Bool) -> Lots {
    lots.reduce(0) { counts($1) ? $0 + $1.lots : $0 }
  }
  func working(_ counts: (Working) -> Bool) -> Lots {
    working.values.reduce(0) { counts($1) ? $0 + $1.left : $0 }
  }

  var positionProfit: Int64 {
    lots.reduce(0) {
      $0 + $1.side.sign * value($1.place.instrument, last[$1.place.instrument]! - $1.mark, $1.lots)
    }
  }
  var equity: Int64 { opening + positionProfit + closeProfit - fees }

  /// Held margin of a place's side.
  func margin(_ place: Place, _ side: PositionSide) -> Int64 {
    let cost = lots.reduce(Int64(0)) {
      $1.place == place && $1.side == side ? $0 + value(place.instrument, $1.mark, $1.lots) : $0
    }
    return margin(side, value: cost)
  }

  func frozenMargin(_ order: Working) -> Int64 {
    guard order.offset == .open else { return 0 }
    return margin(
      order.positionSide, value: value(order.place.instrument, order.price, order.left))
  }

  /// The dearer of the fees that are possible (decisions 4).
  func frozenFee(_ order: Working) -> Int64 {
    let all = value(order.place.instrument, order.price, order.left)
    let close = fee(old: (all, order.left), today: 0)
    if order.offset == .open { return close }
    let today = fee(old: (0, 0), today: all)
    guard terms[order.place.instrument]!.separatesToday else { return max(close, today) }
    return order.offset == .closeToday ? today : close
  }

  /// What the ledger must say of the holder.
  func expect(_ places: [Place]) -> Figures {
    Figures(
      margin: places.reduce(0) { $0 + margin($1, .long) + margin($1, .short) },
      frozenMargin: working.values.reduce(0) { $0 + frozenMargin($1) },
      frozenFees: working.values.reduce(0) { $0 + frozenFee($1) },
      positionProfit: positionProfit, closeProfit: closeProfit, fees: fees, equity: equity,
      openedValue: openedValue, closedValue: closedValue,
      workingOpenValue: working.values.reduce(0) {
        $1.offset == .open ? $0 + value($1.place.instrument, $1.price, $1.left) : $0
      },
      heldLots: held { _ in true }, workingOpenLots: working { $0.offset == .open },
      rangeLots: startLots + openedLots + working { $0.offset == .open },
      workingOrders: Int32(working.count))
  }

  struct Figures: Equatable {
    var margin: Int64
    var frozenMargin: Int64
    var frozenFees: Int64
    var positionProfit: Int64
    var closeProfit: Int64
    var fees: Int64
    var equity: Int64
    var openedValue: Int64
    var closedValue: Int64
    var workingOpenValue: Int64
    var heldLots: Lots
    var workingOpenLots: Lots
    var rangeLots: Lots
    var workingOrders: Int32
  }

  /// Lots of a side that an order with this offset could close.
  func closable(_ place: Place, _ side: PositionSide, _ offset: Offset) -> Lots {
    let separates = terms[place.instrument]!.separatesToday
    let isToday = offset == .closeToday
    let here = held {
      $0.place == place && $0.side == side && (!separates || $0.isToday == isToday)
    }
    return here
      - working {
        $0.place == place && $0.offset.isClosing && $0.positionSide == side
          && (!separates || ($0.offset == .closeToday) == isToday)
      }
  }
}

extension NaiveHolder.Figures {
  init(_ record: HolderRecord) {
    self.init(
      margin: record.margin.units, frozenMargin: record.frozenMargin.units,
      frozenFees: record.frozenFees.units, positionProfit: record.positionProfit.units,
      closeProfit: record.closeProfit.units, fees: record.fees.units, equity: record.equity.units,
      openedValue: record.openedValue.units, closedValue: record.closedValue.units,
      workingOpenValue: record.workingOpenValue.units, heldLots: record.heldLots,
      workingOpenLots: record.workingOpenLots, rangeLots: record.rangeLots,
      workingOrders: record.workingOrders)
  }
}
