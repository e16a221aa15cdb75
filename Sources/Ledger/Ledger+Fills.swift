import Domain
import MarketData
import Storage

/// What booking a fill did.
public struct FillBooking: Equatable, Sendable {
  public var fee: Money
  public var closeProfit: Money
  /// Lots that a closing fill found no position for: it never flips one.
  public var excess: Lots
}

extension Ledger {
  /// Books a fill to one holder: lots, profit, fee, margin and every figure that a rule reads.
  ///
  /// A fee rounds up to 0.01 yuan for the whole fill, its close-today part included
  /// (decisions 5). Close profit is taken from the mark cost (prior settlement for yesterday's
  /// lots, fill price for today's), so that with position profit it is the day's profit.
  mutating func book(
    _ positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>, side: Side,
    offset: Offset, price: Price, lots count: Lots, day: UInt32
  ) -> FillBooking {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    let figures = mutableFigures(position.pointee.figures)
    let multiplier = instrument.pointee.multiplier
    let positionSide = PositionSide(side: side, offset: offset)
    let record = sidePointer(position, positionSide)
    let cost = costPointer(position, positionSide)
    let rates = rates.find(
      holder.pointee.rateSubject, position.pointee.instrument, instrument.pointee.commodity)
    var booking = FillBooking(fee: .zero, closeProfit: .zero, excess: 0)
    var moved = count
    if offset == .open {
      addToday(record, cost, price: price, lots: count, day: day)
      holder.pointee.rangeLots += count
      figures.pointee.openedToday += count
      let value = Money(units: abs(price.units * Int64(count) * multiplier))
      holder.pointee.openedValue += value
      addToProduct(position.pointee.holder, value: value)
      booking.fee =
        rates.flatMap {
          $0.pointee.fee(
            $0.pointee.feeOpen, basis: price.units * Int64(count), multiplier: multiplier,
            lots: Int64(count))
        } ?? .zero
    } else {
      let closed = take(
        record, cost, lots: count, offset: offset, separatesToday: instrument.pointee.separatesToday
      )
      booking.excess = count - closed.lots
      if booking.excess > 0 { position.pointee.overClosed += Int64(booking.excess) }
      moved = -closed.lots
      booking.closeProfit = closeProfit(
        UnsafePointer(position), positionSide, price, closed, multiplier)
      holder.pointee.closeProfit += booking.closeProfit
      holder.pointee.closedValue += Money(
        units: abs(price.units * Int64(closed.lots) * multiplier))
      booking.fee =
        rates.flatMap {
          $0.pointee.closingFee(
            price: price, multiplier: multiplier, today: closed.today,
            yesterday: closed.yesterday)
        } ?? .zero
    }
    holder.pointee.fees += booking.fee
    bookPremium(UnsafePointer(position), holder, side, price: price, lots: moved, multiplier)
    disturb(position.pointee.holder)
    if holder.pointee.isInSchemes {
      countScheme(
        fill: positionNumber, instrument, positionSide, lots: moved,
        traded: abs(price.units * Int64(abs(moved)) * multiplier),
        result: booking.closeProfit - booking.fee)
    }
    holder.pointee.heldLots += moved
    withFigures(figures, position.pointee.hedge) { flags in
      if positionSide == .long {
        flags.pointee.heldLong += moved
      } else {
        flags.pointee.heldShort += moved
      }
    }
    remargin(positionNumber, instrument)
    mark(positionNumber, at: instrument.pointee.mark, multiplier: multiplier)
    return booking
  }

  /// What lots brought above their mark cost; of an option that is nobody's profit.
  @inline(__always) private func closeProfit(
    _ position: UnsafePointer<PositionRecord>, _ side: PositionSide, _ price: Price,
    _ closed: ClosedLots, _ multiplier: Int64
  ) -> Money {
    if position.pointee.isOption { return .zero }
    let gain = price.units * Int64(closed.lots) - closed.markBasis
    return Money(units: side.sign * gain * multiplier)
  }

  /// Takes the margin of a position anew at the rates in force: after a fill, and when rates or
  /// the day change.
  public mutating func remargin(
    _ positionNumber: UInt32, _ instrument: UnsafePointer<InstrumentRecord>
  ) {
    let position = mutablePosition(positionNumber)
    let holder = holders.at(position.pointee.holder.raw)
    let rates = rates.find(
      holder.pointee.rateSubject, position.pointee.instrument, instrument.pointee.commodity)
    let long = remargin(position, .long, rates, instrument.pointee.multiplier)
    let short = remargin(position, .short, rates, instrument.pointee.multiplier)
    if holder.pointee.isInSchemes, long.units != 0 || short.units != 0 {
      countScheme(margin: positionNumber, instrument, long: long, short: short)
    }
    let figures = mutableFigures(position.pointee.figures)
    let isOneSided = isOneSided(position.pointee.holder, instrument.pointee.exchange)
    guard
      long.units != 0 || short.units != 0 || isOneSided != figures.pointee.isOneSided
    else { return }
    let before = figures.pointee.heldMargin
    figures.pointee.heldMarginLong += long
    figures.pointee.heldMarginShort += short
    figures.pointee.isOneSided = isOneSided
    disturb(position.pointee.holder)
    holder.pointee.margin += figures.pointee.heldMargin - before
    withFigures(figures, position.pointee.hedge) { flags in
      flags.pointee.margin += long + short
    }
  }

  /// One side's part; returns by how much its margin changed.
  private func remargin(
    _ position: UnsafeMutablePointer<PositionRecord>, _ side: PositionSide,
    _ rates: UnsafePointer<RateSet>?, _ multiplier: Int64
  ) -> Money {
    let record = sidePointer(position, side)
    // Without rates what is held stays held (decision 21 of docs/ARCHITECTURE.md).
    guard record.pointee.held > 0, let rates, rates.pointee.knowsMargin(side) else {
      let margin = record.pointee.held > 0 ? record.pointee.margin : .zero
      let change = margin - record.pointee.margin
      record.pointee.margin = margin
      return change
    }
    let margin =
      rates.pointee.margin(
        side, basis: costPointer(position, side).pointee.markBasis, multiplier: multiplier,
        lots: Int64(record.pointee.held)) ?? Money(units: Ranges.marginMaximum)
    let change = margin - record.pointee.margin
    record.pointee.margin = margin
    return change
  }

  /// Marks a position at a price: its profit, and the holder's, move by the difference. Without a
  /// price its profit is 0: at cost. Of an option it is the value that moves.
  public mutating func mark(_ positionNumber: UInt32, at price: Price, multiplier: Int64) {
    let position = mutablePosition(positionNumber)
    if position.pointee.isOption {
      return value(positionNumber, at: price, multiplier: multiplier)
    }
    var profit: Int64 = 0
    if !price.isNone {
      let long =
        price.units * Int64(position.pointee.long.held) - position.pointee.longCost.markBasis
      let short =
        price.units * Int64(position.pointee.short.held) - position.pointee.shortCost.markBasis
      profit = (long - short) * multiplier
    }
    position.pointee.markedAt = price
    let change = profit - position.pointee.profit.units
    guard change != 0 else { return }
    position.pointee.profit = Money(units: profit)
    let holder = holders.at(position.pointee.holder.raw)
    holder.pointee.positionProfit += Money(units: change)
    if holder.pointee.isInSchemes { countScheme(profit: positionNumber, change) }
  }

  /// Gives a position back the mark and the profit that it had before, and its holder the
  /// difference.
  public mutating func unmark(_ positionNumber: UInt32, to price: Price, profit: Money) {
    let position = mutablePosition(positionNumber)
    if position.pointee.isOption {
      position.pointee.markedAt = price
      return moveValue(position, to: profit)
    }
    let change = profit - position.pointee.profit
    position.pointee.markedAt = price
    position.pointee.profit = profit
    let holder = holders.at(position.pointee.holder.raw)
    holder.pointee.positionProfit += change
    if holder.pointee.isInSchemes { countScheme(profit: positionNumber, change.units) }
  }
}
