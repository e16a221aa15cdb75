import Domain

/// Everybody's lots, oldest first, and today's bookings: what the facts so far have made.
struct TwinPositions {
  var lots: [TwinHolder: [TwinPlace: [TwinLot]]] = [:]
  /// Every booking since the day began.
  var today: [TwinHolder: [TwinBooking]] = [:]
  var heldAtStart: [TwinHolder: Int64] = [:]

  /// Applies a fact; a booking comes back with what it did to the lots. `isExact` tells whether an
  /// exchange keeps today's and yesterday's lots apart (decisions 3).
  mutating func apply(_ fact: TwinFact, _ instruments: [TwinInstrument]) -> (
    booking: TwinBooking?, today: Lots, yesterday: Lots
  ) {
    switch fact {
    case .opening(let holder, let place, let lot):
      lots[holder, default: [:]][place, default: []].append(lot)
      heldAtStart[holder, default: 0] += Int64(lot.lots)
      return (nil, 0, 0)
    case .settled(let prices):
      settle(prices)
      return (nil, 0, 0)
    case .booking(var booking):
      var took: (today: Lots, yesterday: Lots) = (0, 0)
      if booking.offset.isClosing {
        took = close(&booking, instruments[booking.place.instrument.index])
      } else if let mark = booking.earlierMark {
        openEarlier(&booking, mark, instruments[booking.place.instrument.index])
      } else {
        lots[booking.holder, default: [:]][booking.place, default: []].append(
          TwinLot(
            price: booking.price, lots: booking.lots, day: booking.day, isToday: true,
            cost: booking.price))
      }
      today[booking.holder, default: []].append(booking)
      return (booking, took.today, took.yesterday)
    }
  }

  /// Lots of an earlier day come behind yesterday's; what they earned by its end is profit.
  private mutating func openEarlier(
    _ booking: inout TwinBooking, _ mark: Price, _ instrument: TwinInstrument
  ) {
    var held = lots[booking.holder]?[booking.place] ?? []
    let place = held.firstIndex { $0.isToday } ?? held.count
    held.insert(
      TwinLot(
        price: booking.price, lots: booking.lots, day: booking.day, isToday: false, cost: mark),
      at: place)
    lots[booking.holder, default: [:]][booking.place] = held
    guard instrument.option == nil else { return }
    booking.closeProfit =
      (mark.units - booking.price.units) * Int64(booking.lots) * instrument.multiplier
      * booking.place.side.sign
  }

  /// Takes lots of a close, oldest first: at SHFE and INE those of its offset, elsewhere of both
  /// days (decisions 3). What is not there is excess and flips nothing.
  private mutating func close(_ booking: inout TwinBooking, _ instrument: TwinInstrument) -> (
    Lots, Lots
  ) {
    var held = lots[booking.holder]?[booking.place] ?? []
    var left = booking.lots
    var took: [Bool: Lots] = [:]
    booking.closeProfit = 0
    for index in held.indices where left > 0 {
      let isReached =
        !instrument.separatesToday || held[index].isToday == (booking.offset == .closeToday)
      guard isReached else { continue }
      let part = min(left, held[index].lots)
      held[index].lots -= part
      left -= part
      took[held[index].isToday, default: 0] += part
      let gain =
        instrument.option == nil ? booking.price.units - held[index].cost.units : 0
      booking.closeProfit +=
        gain * Int64(part) * instrument.multiplier * booking.place.side.sign
    }
    booking.excess = left
    lots[booking.holder, default: [:]][booking.place] = held.filter { $0.lots > 0 }
    return (took[true] ?? 0, took[false] ?? 0)
  }

  /// Today's lots become yesterday's, marked from the settlement.
  private mutating func settle(_ prices: [Price]) {
    today = [:]
    for (holder, places) in lots {
      for (place, held) in places {
        lots[holder]?[place] = held.map { lot in
          var lot = lot
          lot.isToday = false
          lot.cost = prices[place.instrument.index]
          return lot
        }
      }
    }
    for (holder, places) in lots {
      heldAtStart[holder] = places.values.joined().reduce(0) { $0 + Int64($1.lots) }
    }
  }
}

extension Twin {
  @discardableResult func record(_ fact: TwinFact) -> TwinBooking? {
    let result = positions.apply(fact, instruments)
    guard var booking = result.booking, let rates = rates(booking.holder, booking.place.instrument)
    else {
      facts.append(fact)
      return result.booking
    }
    // decisions 5 and 7: the fee of one fill, at the rates of that moment, up to 0.01 yuan.
    let multiplier = instruments[booking.place.instrument.index].multiplier
    func part(_ rate: TwoPartRate, _ lots: Lots) -> Int128 {
      amount(rate, basis: booking.price.units * Int64(lots), multiplier, lots: Int64(lots))
    }
    let exact =
      booking.offset.isClosing
      ? part(rates.feeClose, result.yesterday) + part(rates.feeCloseToday, result.today)
      : part(rates.feeOpen, booking.lots)
    booking.fee = roundedUp(exact, to: Money.unitsPerFen)
    let last = positions.today[booking.holder]!.count - 1
    positions.today[booking.holder]![last] = booking
    facts.append(.booking(booking))
    return booking
  }

  /// Makes everybody's lots again, from the first fact on, and complains where they come out
  /// otherwise.
  public func checkReplay() {
    var again = TwinPositions()
    for fact in facts { _ = again.apply(fact, instruments) }
    for holder in Set(again.lots.keys).union(positions.lots.keys)
    where again.lots[holder]?.filter({ !$0.value.isEmpty })
      != positions.lots[holder]?.filter({ !$0.value.isEmpty })
    {
      complain("replayed lots of \(holder) differ")
    }
  }

  /// Every place where a holder has, had or works lots today, and what is there.
  public func sides(_ holder: TwinHolder) -> [TwinPlace: TwinSide] {
    var sides: [TwinPlace: TwinSide] = [:]
    for (place, lots) in positions.lots[holder] ?? [:] {
      var side = TwinSide()
      for lot in lots { add(lot, to: &side) }
      side.margin = margin(
        holder, place, basis: side.markBasis, lots: side.today + side.yesterday)
      sides[place] = side
    }
    for booking in positions.today[holder] ?? [] {
      if booking.offset.isClosing {
        sides[booking.place, default: TwinSide()].closedToday += Int64(booking.taken)
      } else if booking.earlierMark == nil {
        sides[booking.place, default: TwinSide()].openedToday += Int64(booking.lots)
      }
    }
    for work in working(holder) {
      if work.offset == .open {
        sides[work.place, default: TwinSide()].workingOpen += Int64(work.lots)
        sides[work.place, default: TwinSide()].frozenMargin += work.hold.margin
      } else {
        sides[work.place, default: TwinSide()].frozen += Int64(work.lots)
        let mustBeToday =
          work.offset == .closeToday && instruments[work.place.instrument.index].separatesToday
        if mustBeToday { sides[work.place, default: TwinSide()].frozenToday += Int64(work.lots) }
      }
    }
    return sides
  }

  private func add(_ lot: TwinLot, to side: inout TwinSide) {
    if lot.isToday { side.today += Int64(lot.lots) } else { side.yesterday += Int64(lot.lots) }
    side.markBasis += lot.cost.units * Int64(lot.lots)
    side.openBasis += lot.price.units * Int64(lot.lots)
    let isSame = side.lots.last.map {
      $0.price == lot.price.units && $0.day == lot.day && $0.isToday == lot.isToday
    }
    if isSame == true {
      side.lots[side.lots.count - 1].lots += Int64(lot.lots)
    } else {
      side.lots.append(
        TwinLotFigures(
          price: lot.price.units, lots: Int64(lot.lots), day: lot.day, isToday: lot.isToday))
    }
  }

  public func side(_ holder: TwinHolder, _ place: TwinPlace) -> TwinSide {
    sides(holder)[place] ?? TwinSide()
  }

  /// The sum of sides under a hedge flag, over the instruments that are meant.
  public func columns(
    _ sides: [TwinPlace: TwinSide], _ hedge: HedgeFlag, where isMeant: (InstrumentID) -> Bool
  ) -> TwinColumns {
    var columns = TwinColumns()
    for (place, side) in sides where place.hedge == hedge && isMeant(place.instrument) {
      let held = side.today + side.yesterday
      columns.margin += side.margin + side.frozenMargin
      columns.net += held * place.side.sign
      if place.side == .long {
        columns.heldLong += held
        columns.workingOpenLong += side.workingOpen
        columns.up += side.workingOpen
        columns.down += side.frozen
      } else {
        columns.heldShort += held
        columns.workingOpenShort += side.workingOpen
        columns.down += side.workingOpen
        columns.up += side.frozen
      }
    }
    return columns
  }

  public func columns(
    _ sides: [TwinPlace: TwinSide], _ commodity: CommodityID, _ hedge: HedgeFlag
  ) -> TwinColumns {
    columns(sides, hedge) { instruments[$0.index].commodity == commodity }
  }

  /// What the product's fund accounts have of an instrument and no operation account has: signed
  /// lots, and signed price * lots as they were traded.
  public func unmapped(_ product: ProductID, _ instrument: InstrumentID) -> (
    lots: Int64, basis: Int64
  ) {
    var sum: (lots: Int64, basis: Int64) = (0, 0)
    for trade in unmapped where trade.product == product && trade.instrument == instrument {
      sum.lots += trade.signedLots
      sum.basis += trade.signedLots * trade.price.units
    }
    return sum
  }

  /// Profit of today's unmapped lots at the mark, in 1e-4 yuan: what the fund accounts earn beyond
  /// the operation accounts.
  public func unmappedProfit(_ product: ProductID) -> Int64 {
    unmapped.reduce(-(carriedProfit[product] ?? 0)) { sum, trade in
      let instrument = instruments[trade.instrument.index]
      guard trade.product == product, instrument.option == nil else { return sum }
      let gain = (instrument.mark.units - trade.cost.units) * instrument.multiplier
      return sum + gain * trade.signedLots
    }
  }
}

extension Twin {
  /// Of options that fund accounts have and no operation account has: premium of today, and what
  /// they are worth at the mark, in 1e-4 yuan.
  public func unmappedOptions(_ product: ProductID) -> (premium: Int64, value: Int64) {
    var sum = (premium: carriedPremium[product] ?? 0, value: Int64(0))
    for trade in unmapped where trade.product == product {
      let instrument = instruments[trade.instrument.index]
      guard instrument.option != nil else { continue }
      let lots = trade.signedLots * instrument.multiplier
      if trade.isToday { sum.premium -= trade.price.units * lots }
      if !instrument.mark.isNone { sum.value += instrument.mark.units * lots }
    }
    return sum
  }

  /// Whose books count a holder in.
  public func product(_ holder: TwinHolder) -> ProductID {
    switch holder {
    case .account(let id): accounts[id.index].product
    case .fund(let id): funds[id.index].product
    }
  }

  /// Lots of a holder, by place, that there are any of.
  public func held(_ holder: TwinHolder) -> [(place: TwinPlace, lots: Lots)] {
    (positions.lots[holder] ?? [:])
      .map { ($0.key, $0.value.reduce(0) { $0 + $1.lots }) }
      .filter { $0.1 > 0 }
      .sorted { left, right in
        func key(_ place: TwinPlace) -> (UInt32, UInt8, UInt8) {
          (place.instrument.raw, place.side.rawValue, place.hedge.rawValue)
        }
        return key(left.0) < key(right.0)
      }
  }

  public func mark(_ instrument: InstrumentID) -> Price { instruments[instrument.index].mark }
}
