import Domain

/// An account's lots of one instrument, side and hedge flag, oldest first.
struct CounterPosition: Equatable, Sendable {
  /// Lots that were opened at one price.
  struct Parcel: Equatable, Sendable {
    var openPrice: Price
    /// What profit counts from: the open price, after the first settlement the last one's.
    var markPrice: Price
    var lots: Lots
    var isToday: Bool
  }

  /// Which lots a closing order may take.
  enum Reach: Equatable, Sendable {
    /// The oldest first, wherever they are.
    case any
    case today
    case yesterday
  }

  let instrument: InstrumentID
  let side: PositionSide
  let hedge: HedgeFlag
  private(set) var parcels: [Parcel] = []
  private(set) var todayLots: Lots = 0
  private(set) var yesterdayLots: Lots = 0
  /// Lots that working closing orders hold. Of `any` reach they are counted apart: an exchange
  /// uses either `any` or the other two.
  private(set) var frozenAny: Lots = 0
  private(set) var frozenToday: Lots = 0
  private(set) var frozenYesterday: Lots = 0
  /// Sums of price * lots over the parcels.
  private(set) var openBasis: Int64 = 0
  private(set) var markBasis: Int64 = 0
  /// Kept by the account, so that its sum needs no second look.
  var margin = Money.zero

  init(instrument: InstrumentID, side: PositionSide, hedge: HedgeFlag) {
    self.instrument = instrument
    self.side = side
    self.hedge = hedge
  }

  var lots: Lots { todayLots + yesterdayLots }
  var frozenLots: Lots { frozenAny + frozenToday + frozenYesterday }

  /// Lots of a reach that no working order is closing.
  func available(_ reach: Reach) -> Lots {
    switch reach {
    case .any: lots - frozenAny
    case .today: todayLots - frozenToday
    case .yesterday: yesterdayLots - frozenYesterday
    }
  }

  /// Profit since open or the last settlement, before the multiplier.
  func profitBasis(at mark: Price) -> Int64 {
    (mark.units * Int64(lots) - markBasis) * side.sign
  }

  mutating func freeze(_ lots: Lots, _ reach: Reach) {
    switch reach {
    case .any: frozenAny += lots
    case .today: frozenToday += lots
    case .yesterday: frozenYesterday += lots
    }
    precondition(available(reach) >= 0, "no more lots are frozen than are held")
  }

  mutating func release(_ lots: Lots, _ reach: Reach) {
    switch reach {
    case .any: frozenAny -= lots
    case .today: frozenToday -= lots
    case .yesterday: frozenYesterday -= lots
    }
    precondition(
      frozenAny >= 0 && frozenToday >= 0 && frozenYesterday >= 0,
      "each frozen lot is released once")
  }

  mutating func open(_ lots: Lots, at price: Price) {
    if let last = parcels.indices.last, parcels[last].isToday, parcels[last].openPrice == price {
      parcels[last].lots += lots
    } else {
      parcels.append(Parcel(openPrice: price, markPrice: price, lots: lots, isToday: true))
    }
    todayLots += lots
    openBasis += price.units * Int64(lots)
    markBasis += price.units * Int64(lots)
  }

  /// Lots held since before today, at the day's start.
  mutating func carry(_ lots: Lots, openPrice: Price, markPrice: Price) {
    precondition(todayLots == 0, "yesterday's lots are there before today's")
    parcels.append(
      Parcel(openPrice: openPrice, markPrice: markPrice, lots: lots, isToday: false))
    yesterdayLots += lots
    openBasis += openPrice.units * Int64(lots)
    markBasis += markPrice.units * Int64(lots)
  }

  /// What a closing took away.
  struct Closed: Equatable {
    var todayLots: Lots = 0
    var yesterdayLots: Lots = 0
    /// Sum of mark price * lots.
    var markBasis: Int64 = 0
  }

  /// Takes lots, the oldest of the reach first; they were frozen for this and are released.
  mutating func close(_ lots: Lots, _ reach: Reach) -> Closed {
    var closed = Closed()
    var left = lots
    var index = reach == .today ? parcels.firstIndex(where: \.isToday) ?? parcels.count : 0
    while left > 0 {
      precondition(index < parcels.count, "no more lots are closed than are held")
      let parcel = parcels[index]
      precondition(reach != .yesterday || !parcel.isToday, "yesterday's lots are closed")
      let taken = min(left, parcel.lots)
      left -= taken
      if parcel.isToday { closed.todayLots += taken } else { closed.yesterdayLots += taken }
      closed.markBasis += parcel.markPrice.units * Int64(taken)
      openBasis -= parcel.openPrice.units * Int64(taken)
      parcels[index].lots -= taken
      if parcels[index].lots == 0 { index += 1 }
    }
    parcels.removeAll { $0.lots == 0 }
    markBasis -= closed.markBasis
    todayLots -= closed.todayLots
    yesterdayLots -= closed.yesterdayLots
    release(lots, reach)
    return closed
  }

  /// The day's end: every lot becomes yesterday's, profit counts from the settlement price.
  mutating func settle(at settlement: Price) {
    precondition(frozenLots == 0, "orders expire before positions are settled")
    for index in parcels.indices {
      parcels[index].markPrice = settlement
      parcels[index].isToday = false
    }
    yesterdayLots += todayLots
    todayLots = 0
    markBasis = settlement.units * Int64(yesterdayLots)
  }
}
