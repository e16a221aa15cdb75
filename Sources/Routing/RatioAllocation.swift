import Domain

/// Ratio mode: for each fund account i with equity e_i of total E, holding h_i lots:
/// need_i = e_i / E * (L + h_i) - h_i, as an exact fraction (routing.md 2, decisions 29, AMS manual
/// note 12).
public enum RatioAllocation {
  /// Gives `lots` to the candidates in `unit`s (the delivery-month multiple, else 1); returns what
  /// found no place. Candidates come in ascending id order; `cost` is what so many lots take of a
  /// candidate's funds, nil when that is out of range.
  public static func allocate(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, unit: Lots,
    draw: inout Draw, cost: (UnsafeMutablePointer<Candidate>, Lots) -> Int64?
  ) -> Lots {
    var total: UInt64 = 0
    for index in 0..<count {
      // Thirty-two of the largest balances fit 64 bits.
      candidates[index].equity = min(max(candidates[index].equity, 0), Ranges.cashMaximum)
      total += UInt64(candidates[index].equity)
    }
    var left = lots
    if total > 0 {
      left -= round(candidates, count: count, lots: left, unit: unit, total: total)
      left = byFraction(candidates, count: count, left: left, unit: unit, draw: &draw)
      // Later rounds: floors only, until one gives nothing.
      while left >= unit {
        let given = round(candidates, count: count, lots: left, unit: unit, total: total)
        if given == 0 { break }
        left -= given
      }
    }
    return byFunds(
      candidates, count: count, left: left, unit: unit, total: total, draw: &draw, cost: cost)
  }

  /// One round: the floor of each need to those that can take more. Returns the lots given; the
  /// fractional parts stay in `remainder`, and `wantsMore` says whose need was above 0.
  private static func round(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, unit: Lots,
    total: UInt64
  ) -> Lots {
    var given: Lots = 0
    for index in 0..<count {
      let candidate = candidates + index
      let need = need(candidate, lots: lots, total: total)
      candidate.pointee.wantsMore = need.isPositive
      candidate.pointee.remainder = 0
      guard need.isPositive, candidate.pointee.room >= unit else { continue }
      let (units, rest) = need.divided(by: total, unit: unit)
      candidate.pointee.remainder = rest
      let taken = min(units, Int64(candidate.pointee.room / unit), Int64((lots - given) / unit))
      candidate.pointee.given += Lots(taken) * unit
      given += Lots(taken) * unit
    }
    return given
  }

  /// Round one's second part: one unit each by descending fractional part; a whole-number need
  /// gets none. Equal fractions by draw.
  private static func byFraction(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, left: Lots, unit: Lots,
    draw: inout Draw
  ) -> Lots {
    var left = left
    while left >= unit {
      var best: UInt128 = 0
      var tied = 0
      for index in 0..<count where candidates[index].room >= unit {
        let fraction = candidates[index].remainder
        guard fraction > 0 else { continue }
        if fraction > best {
          best = fraction
          tied = 1
        } else if fraction == best {
          tied += 1
        }
      }
      guard tied > 0 else { return left }
      var pick = draw.next(among: tied)
      for index in 0..<count
      where candidates[index].room >= unit && candidates[index].remainder == best {
        if pick == 0 {
          candidates[index].given += unit
          candidates[index].remainder = 0
          break
        }
        pick -= 1
      }
      left -= unit
    }
    return left
  }

  /// What no round placed: one unit at a time to the most available funds after what was just
  /// given, then by draw. Accounts whose need, judged with the lots still left, is not above 0 come
  /// only when no other can.
  private static func byFunds(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, left: Lots, unit: Lots,
    total: UInt64, draw: inout Draw, cost: (UnsafeMutablePointer<Candidate>, Lots) -> Int64?
  ) -> Lots {
    var left = left
    guard left >= unit else { return left }
    func spend(_ candidate: UnsafeMutablePointer<Candidate>) {
      let spent = cost(candidate, candidate.pointee.given)
      candidate.pointee.fundsLeft = spent.map { candidate.pointee.funds - $0 } ?? .min
    }
    for index in 0..<count where candidates[index].room >= unit { spend(candidates + index) }
    while left >= unit {
      var needs = false
      var most: Int64 = .min
      var tied = 0
      for index in 0..<count where candidates[index].room >= unit {
        let isNeedy = total > 0 && need(candidates + index, lots: left, total: total).isPositive
        candidates[index].wantsMore = isNeedy
        let funds = candidates[index].fundsLeft
        if tied == 0 || isNeedy && !needs || isNeedy == needs && funds > most {
          needs = isNeedy
          most = funds
          tied = 1
        } else if isNeedy == needs, funds == most {
          tied += 1
        }
      }
      guard tied > 0 else { return left }
      var pick = draw.next(among: tied)
      for index in 0..<count
      where candidates[index].room >= unit && candidates[index].wantsMore == needs
        && candidates[index].fundsLeft == most
      {
        if pick == 0 {
          candidates[index].given += unit
          spend(candidates + index)
          break
        }
        pick -= 1
      }
      left -= unit
    }
    return left
  }

  /// need_i as a numerator over E: e_i * (L + h_i) - h_i * E.
  private static func need(
    _ candidate: UnsafeMutablePointer<Candidate>, lots: Lots, total: UInt64
  ) -> Need {
    let share = Int128(candidate.pointee.equity) * Int128(Int64(lots) + candidate.pointee.held)
    return Need(numerator: share - Int128(candidate.pointee.held) * Int128(total))
  }

  private struct Need {
    var numerator: Int128

    var isPositive: Bool { numerator > 0 }

    /// Whole units of `unit` lots, and the rest over (total * unit).
    func divided(by total: UInt64, unit: Lots) -> (units: Int64, rest: UInt128) {
      let value = UInt128(numerator)
      let (divisor, overflow) = total.multipliedReportingOverflow(by: UInt64(unit))
      if overflow {
        let (quotient, rest) = value.quotientAndRemainder(
          dividingBy: UInt128(total) * UInt128(UInt64(unit)))
        return (Int64(quotient), rest)
      }
      let high = UInt64(truncatingIfNeeded: value >> 64)
      let (quotient, rest) = divisor.dividingFullWidth(
        (high, UInt64(truncatingIfNeeded: value)))
      return (Int64(quotient), UInt128(rest))
    }
  }

  /// Closing in ratio mode goes where the positions are, in proportion to them: the floor of
  /// lots * closable / all closable, then one unit each by descending fraction, then where there
  /// is room.
  public static func allocateClosing(
    _ candidates: UnsafeMutablePointer<Candidate>, count: Int, lots: Lots, unit: Lots,
    draw: inout Draw
  ) -> Lots {
    var total: Int64 = 0
    for index in 0..<count where candidates[index].room > 0 {
      total += Int64(candidates[index].closableInAll)
    }
    guard total > 0 else { return lots }
    var left = lots
    let step = total * Int64(unit)
    for index in 0..<count where candidates[index].room >= unit {
      let share = Int64(lots) * Int64(candidates[index].closableInAll)
      let taken = min(
        share / step, Int64(candidates[index].room / unit), Int64(left / unit))
      candidates[index].remainder = UInt128(share % step)
      candidates[index].given += Lots(taken) * unit
      left -= Lots(taken) * unit
    }
    left = byFraction(candidates, count: count, left: left, unit: unit, draw: &draw)
    for index in 0..<count where left >= unit {
      let taken = min(left, candidates[index].room) / unit * unit
      guard taken > 0 else { continue }
      candidates[index].given += taken
      left -= taken
    }
    return left
  }
}
