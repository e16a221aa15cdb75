import Domain
import Messages

/// Fees of products as they were set, and what the engine said they have come to.
struct TwinFees {
  var starts: [ProductID: SetProductFees] = [:]
  var fees: [ProductID: [FeeKind: SetProductFee]] = [:]
  var bands: [ProductID: [UInt16: SetFeeBand]] = [:]
  var told: [ProductID: Int64] = [:]
}

// AMS manual 9.1, in fractions: a fee is a numerator over a denominator, and rounds once.
extension Twin {
  func setFee(_ command: Command) {
    switch command {
    case .setProductFees(let set): fees.starts[set.product] = set.start == 0 ? nil : set
    case .setProductFee(let set): fees.fees[set.product, default: [:]][set.kind] = set
    case .setFeeBand(let set):
      fees.bands[set.product, default: [:]][set.number] = set.from == .min ? nil : set
    default: break
    }
  }

  /// What a product's fees come to today, in 1e-4 yuan.
  public func feesDue(_ product: ProductID) -> Int64 {
    guard !day.isNone, let set = fees.starts[product], let first = CalendarDate(yyyymmdd: set.start)
    else { return 0 }
    let elapsed = Int128(day.date.dayNumber1970 - first.dayNumber1970)
    guard elapsed >= 0 else { return 0 }
    let accrued = schemes.netValues[.product(product)]?.accruedFees.units ?? 0
    // Fees are not taken of what fees have taken.
    let prior = netValues(.product(product)).prior + Int128(accrued + (fees.told[product] ?? 0))
    let one: Int128 = 100_000_000
    return (fees.fees[product] ?? [:]).values.reduce(0) { sum, fee in
      let value = Int128(fee.value)
      switch fee.method {
      case .unknown: return sum
      case .amount: return sum + fee.value
      case .daily:
        let base = fee.basis == .initial ? Int128(set.initial.units) : prior
        return sum + fen(max(base, 0) * elapsed * value, over: Int128(set.days) * one)
      case .profitShare:
        return sum + fen(max(prior - Int128(set.initial.units), 0) * value, over: one)
      case .bands, .progressiveBands:
        let shares = Int128(schemes.netValues[.product(product)]?.shares ?? 0)
        guard shares > 0 else { return sum }
        return sum
          + fen(
            ofBands(
              product, prior * one, shares: shares, isProgressive: fee.method == .progressiveBands),
            over: one * one)
      }
    }
  }

  /// A share of the profit, as 1e-16 of 1e-4 yuan, of a net value in 1e-8 of that.
  private func ofBands(
    _ product: ProductID, _ netValue: Int128, shares: Int128, isProgressive: Bool
  ) -> Int128 {
    let rows = (fees.bands[product] ?? [:]).sorted {
      ($0.value.from, $0.key) < ($1.value.from, $1.key)
    }.map(\.value)
    guard let first = rows.first else { return 0 }
    // 1e-8 yuan a share x 1e-4 shares is 1e-12 yuan, as 1e-4 yuan x 1e-8 is.
    let reached = rows.filter { Int128($0.from) * shares <= netValue }
    guard let highest = reached.last else { return 0 }
    guard isProgressive else {
      return (netValue - Int128(first.from) * shares) * Int128(highest.share)
    }
    let ends = reached.dropFirst().map { Int128($0.from) * shares } + [netValue]
    return zip(reached, ends).reduce(0) { sum, row in
      sum + (row.1 - Int128(row.0.from) * shares) * Int128(row.0.share)
    }
  }

  /// Whole fen, half of one upward, in 1e-4 yuan.
  private func fen(_ numerator: Int128, over denominator: Int128) -> Int64 {
    let fen = denominator * 100
    return Int64(clamping: min((2 * numerator + fen) / (2 * fen), 1_000_000_000_000_000)) * 100
  }

  /// The engine said what fees have come to.
  func feesAccrued(_ notice: Notice) {
    let product = ProductID(notice.scopeID)
    let due = feesDue(product)
    if notice.observed != due {
      complain("fees of product \(product.raw) come to \(due), the engine says \(notice.observed)")
    }
    fees.told[product] = notice.observed
  }
}
