import Domain
import Storage

/// A round of a reduction: how much too much there is, and how far its walk over the account's
/// positions has come.
struct ReductionRound: BitwiseCopyable {
  /// The figure that is over its limit, and what that is a part of, in 1e-4 yuan; the limit in
  /// 1e-8 of one.
  var value: Int64 = 0
  var base: Int64 = 0
  var limit: Int64 = 0
  /// Of the largest position so far: its margin or its value.
  var largestAmount: Int64 = -1
  /// Where the walk is: figures of a commodity, a position and its side; 0 = at none.
  var figures: UInt32 = 0
  var position: UInt32 = 0
  /// The largest position that something can be closed of; 0 = none.
  var largest: UInt32 = 0
  /// Lots of the side that are still to be sent; below 0 = not counted yet.
  var left: Lots = -1
  var side = PositionSide.unknown
  var largestSide = PositionSide.unknown
  /// Of exposure: the side that is closed of the commodity; `.unknown` = both.
  var heavier = PositionSide.unknown
  var isBegun = false
  /// Orders leave in this look: those of the round before are over, and too much is left.
  var isSending = false

  /// floor(lots * excess), where the excess is ratio - limit, at most one (note 16, decisions 32).
  func lots(of held: Lots) -> Lots {
    guard base > 0 else { return held }
    let whole = Int128(base) * Int128(Rate.unitsPerOne)
    let over = Int128(value) * Int128(Rate.unitsPerOne) - Int128(limit) * Int128(base)
    guard over < whole else { return held }
    return over > 0 ? Lots(Int128(held) * over / whole) : 0
  }

  func hash(into hasher: inout StateHasher) {
    guard isBegun else { return hasher.combine(UInt64(0)) }
    hasher.combine(value)
    hasher.combine(base)
    hasher.combine(limit)
    hasher.combine(largestAmount)
    hasher.combine(UInt64(figures) << 32 | UInt64(position))
    hasher.combine(UInt64(largest) << 32 | UInt64(UInt32(bitPattern: left)))
    hasher.combine(
      UInt64(side.rawValue) << 24 | UInt64(largestSide.rawValue) << 16
        | UInt64(heavier.rawValue) << 8 | 2 | (isSending ? 1 : 0))
  }
}
