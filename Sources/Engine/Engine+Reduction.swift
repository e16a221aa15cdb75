import Domain
import Ledger
import MarketData
import Messages
import RiskRules
import Routing
import Storage

// Proportional reduction (AMS manual note 16, decisions 32): rounds of a liquidation. A round
// closes that part of every position by which the account's overnight line is exceeded, waits for
// the fills, and judges again. When it comes to nothing and too much is left, the largest position
// gives a lot, again and again.
extension Engine {
  /// The positions' part of a look; false when it has to go on in another step.
  mutating func lookAtRound(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    if !liquidationLook.round.isBegun { beginRound(&units, &effects) }
    guard walkRound(&units, &effects) else { return false }
    finishRound(&effects)
    return true
  }

  private mutating func beginRound(_ units: inout Int, _ effects: inout EffectBuffer) {
    let account = liquidationLook.account
    let holder = ledger.holder(of: account)
    liquidationLook.round.isBegun = true
    liquidationLook.round.figures = ledger.holder(holder).pointee.firstFigures
    // A round is over before the next one is judged.
    guard ledger.liquidationPhase(account) == .closing, liquidationLook.forced == 0 else { return }
    bringUpToDate(holder)
    let window = ledger.window(account)
    let reading = OvernightReading.watching(
      account, window.pointee.close, within: ledger.platformLines.reducingSeconds, ledger, market,
      now: now)
    units -= reading.positions
    guard reading.isWithinReach else {
      liquidationLook.waits = ledger.liquidation(account).pointee.rule
      return
    }
    guard reading.isOver(window) else {
      _ = stop(account, .backToLine, &effects)
      return
    }
    liquidationLook.round.isSending = true
    liquidationLook.round.value = reading.after
    liquidationLook.round.base = reading.base
    liquidationLook.round.limit = window.pointee.limit
  }

  /// Commodity after commodity of those whose session is about to end.
  private mutating func walkRound(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    let account = liquidationLook.account
    let close = ledger.window(account).pointee.close
    while liquidationLook.round.figures != 0 {
      let figures = ledger.figures(liquidationLook.round.figures)
      if liquidationLook.round.position == 0 {
        guard units > 0 else { return false }
        units -= 1
        if isAboutToClose(figures.pointee.commodity, close) { enter(figures, &units) }
      }
      while liquidationLook.round.position != 0 {
        guard units > 0, effects.hasRoom(for: 512) else { return false }
        units -= 1
        guard reducePosition(&units, &effects) else { return false }
        let position = ledger.position(liquidationLook.round.position)
        liquidationLook.round.position = position.pointee.nextOfCommodity
        liquidationLook.round.side = .long
      }
      liquidationLook.round.figures = figures.pointee.nextOfHolder
    }
    return true
  }

  /// Begins with a commodity's positions, unless nothing of it is to be closed.
  private mutating func enter(
    _ figures: UnsafePointer<CommodityFigures>, _ units: inout Int
  ) {
    liquidationLook.lotsLeft += Lots(figures.pointee.heldLots)
    guard liquidationLook.round.isSending else { return }
    liquidationLook.round.side = .long
    liquidationLook.round.heavier = .unknown
    liquidationLook.round.left = -1
    guard isByExposure else {
      liquidationLook.round.position = figures.pointee.firstPosition
      return
    }
    // Only the heavier side makes the exposure smaller.
    var net: Int64 = 0
    var number = figures.pointee.firstPosition
    while number != 0 {
      let position = ledger.position(number)
      net += position.pointee.net * market.instrument(position.pointee.instrument).lotValue
      units -= 1
      number = position.pointee.nextOfCommodity
    }
    guard net != 0 else { return }
    liquidationLook.round.heavier = net > 0 ? .long : .short
    liquidationLook.round.position = figures.pointee.firstPosition
  }

  private var isByExposure: Bool {
    ledger.liquidation(liquidationLook.account).pointee.rule == .overnightExposure
  }

  /// Both sides of the position that the walk is at.
  private mutating func reducePosition(
    _ units: inout Int, _ effects: inout EffectBuffer
  ) -> Bool {
    while true {
      let side = liquidationLook.round.side
      let heavier = liquidationLook.round.heavier
      let position = ledger.position(liquidationLook.round.position)
      if heavier == .unknown || heavier == side, counts(position, side) {
        guard reduceSide(&units, &effects) else { return false }
      }
      liquidationLook.round.left = -1
      guard side == .long else { return true }
      liquidationLook.round.side = .short
    }
  }

  /// Whether closing lots of a side makes the figure smaller: not those of an option that was
  /// bought, which takes no margin, nor what has no value, nor what will not trade again. Of a base
  /// that is none everything is closed.
  private func counts(_ position: UnsafePointer<PositionRecord>, _ side: PositionSide) -> Bool {
    position.pointee.side(side).held > 0
      && (amount(position, side) > 0 || liquidationLook.round.base <= 0)
      && !market.hasExpired(market.instrument(position.pointee.instrument))
  }

  /// What a side brings into the figure, in 1e-4 yuan.
  private func amount(
    _ position: UnsafePointer<PositionRecord>, _ side: PositionSide
  ) -> Int64 {
    let record = position.pointee.side(side)
    guard isByExposure else { return record.margin.units }
    return Int64(record.held) * market.instrument(position.pointee.instrument).lotValue
  }

  /// Sends what the round closes of a side, in slices of the size limits.
  private mutating func reduceSide(_ units: inout Int, _ effects: inout EffectBuffer) -> Bool {
    let number = liquidationLook.round.position
    let side = liquidationLook.round.side
    let instrument = market.instrument(ledger.position(number).pointee.instrument)
    let (unit, least, most) = slices(of: instrument)
    if liquidationLook.round.left < 0 {
      let record = ledger.position(number).pointee.side(side)
      let wanted = liquidationLook.round.lots(of: record.held) - record.frozen
      liquidationLook.round.left = max(wanted, 0) / unit * unit
      noteLargest(number, side, least)
    }
    while liquidationLook.round.left >= least {
      guard units > 0, effects.hasRoom(for: 512) else { return false }
      guard let (offset, closable) = offset(of: number, side, least) else { break }
      let lots = min(liquidationLook.round.left, closable, most) / unit * unit
      guard lots >= least else { break }
      guard sendForced(number, side, offset, lots, &effects) else { break }
      liquidationLook.round.left -= scratch.base.pointee.lots
      units -= 1 + plan.childCount
    }
    return true
  }

  /// The offset that closes the oldest lots there are, and how many it can; nil when fewer than a
  /// smallest order.
  private func offset(
    of number: UInt32, _ side: PositionSide, _ least: Lots
  ) -> (offset: Offset, closable: Lots)? {
    let position = ledger.position(number)
    let record = position.pointee.side(side)
    let separates = market.instrument(position.pointee.instrument).pointee.separatesToday
    let first = separates ? Offset.closeYesterday : .close
    let closable = record.closable(first, separatesToday: separates)
    if closable >= least { return (first, closable) }
    guard separates else { return nil }
    let today = record.closable(.closeToday, separatesToday: true)
    return today >= least ? (.closeToday, today) : nil
  }

  /// Keeps in mind the position with the most margin or value; of equal ones that with the lowest
  /// instrument (decisions 32).
  private mutating func noteLargest(_ number: UInt32, _ side: PositionSide, _ least: Lots) {
    guard offset(of: number, side, least) != nil else { return }
    let position = ledger.position(number)
    let amount = amount(position, side)
    let round = liquidationLook.round
    if round.largest != 0 {
      let known = ledger.position(round.largest).pointee.instrument
      guard
        amount > round.largestAmount
          || amount == round.largestAmount && position.pointee.instrument.raw < known.raw
      else { return }
    }
    liquidationLook.round.largest = number
    liquidationLook.round.largestSide = side
    liquidationLook.round.largestAmount = amount
  }

  /// A round that came to nothing: a lot of the largest position, unless that is where it stops.
  private mutating func finishRound(_ effects: inout EffectBuffer) {
    let round = liquidationLook.round
    guard round.isSending, liquidationLook.sent == 0, liquidationLook.waits == .none,
      round.largest != 0, platform.reductionFinish == .oneLot
    else { return }
    let instrument = market.instrument(ledger.position(round.largest).pointee.instrument)
    let least = slices(of: instrument).least
    guard let (offset, _) = offset(of: round.largest, round.largestSide, least) else { return }
    _ = sendForced(round.largest, round.largestSide, offset, least, &effects)
  }
}
