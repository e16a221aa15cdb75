import Domain
import Messages

/// A clause's figure, and what a share is of.
public struct TwinClauseValue: Equatable, Sendable {
  public var value: Int128
  public var base: Int128?
}

// What clauses say of an order, and of a product as it stands.
extension Twin {
  /// Instruments in a clause's scope.
  public func isIn(_ clause: SetSchemeClause, _ id: InstrumentID) -> Bool {
    let instrument = instruments[id.index]
    switch clause.scopeKind {
    case .instrument: return clause.scopeID == id.raw
    case .commodity: return clause.scopeID == instrument.commodity.raw
    case .exchange: return clause.scopeID == UInt32(instrument.exchange.rawValue)
    case .sector: return schemes.sectors[Int(clause.scopeID)].contains(instrument.commodity)
    case .superSector:
      return schemes.superSectors[Int(clause.scopeID)].contains {
        schemes.sectors[$0].contains(instrument.commodity)
      }
    case .product: return true
    case .unknown: return false
    }
  }

  /// rules.md 5, "Direction": what is held, and at worst what works too.
  private func side(_ six: [Int128], _ clause: SetSchemeClause, isWorst: Bool) -> Int128 {
    let long = six[0] + (isWorst ? six[2] : 0)
    let short = six[1] + (isWorst ? six[3] : 0)
    return clause.direction == .long ? long : clause.direction == .short ? short : long + short
  }

  private func exposure(_ six: [Int128], _ direction: ClauseDirection, isWorst: Bool) -> Int128 {
    let net = six[0] - six[1]
    var possible = [net]
    if isWorst {
      for up in [0, six[2] + six[5]] {
        for down in [0, six[3] + six[4]] { possible.append(net + up - down) }
      }
    }
    return possible.map { value -> Int128 in
      switch direction {
      case .long: max(value, 0)
      case .short: max(-value, 0)
      default: value < 0 ? -value : value
      }
    }.max() ?? 0
  }

  private func sum(
    _ figures: [TwinSchemeFigures], where isMeant: (InstrumentID) -> Bool
  ) -> TwinSchemeFigures {
    var sum = TwinSchemeFigures()
    for index in figures.indices where isMeant(InstrumentID(UInt32(index))) {
      sum.add(figures[index])
    }
    return sum
  }

  private func absolute(
    _ clause: SetSchemeClause, _ figures: [TwinSchemeFigures], isWorst: Bool,
    _ columns: (TwinSchemeFigures) -> [Int128]
  ) -> Int128 {
    let groups: [(InstrumentID) -> Bool]
    if clause.scopeKind == .superSector {
      groups = schemes.superSectors[Int(clause.scopeID)].map { sector in
        { self.schemes.sectors[sector].contains(self.instruments[$0.index].commodity) }
      }
    } else {
      groups = exchanges.indices.map { commodity in
        {
          self.instruments[$0.index].commodity.index == commodity && self.isIn(clause, $0)
        }
      }
    }
    return groups.reduce(0) {
      $0 + exposure(columns(sum(figures, where: $1)), .both, isWorst: isWorst)
    }
  }

  private func interest(_ clause: SetSchemeClause, _ single: InstrumentID) -> Int128 {
    if clause.kind.isSingle { return Int128(instruments[single.index].openInterest) }
    return instruments.indices.reduce(0) { sum, index in
      isIn(clause, InstrumentID(UInt32(index)))
        ? sum + Int128(instruments[index].openInterest) : sum
    }
  }

  /// A clause's figure by these figures.
  ///
  /// - Parameters:
  ///   - single: the instrument that a SINGLE clause judges.
  ///   - fee: of an order that comes.
  ///   - high: the highest net value.
  public func value(
    _ clause: SetSchemeClause, _ subject: TwinSubject, _ figures: [TwinSchemeFigures],
    single: InstrumentID, isWorst: Bool, fee: Int64 = 0, high: Int128 = 0
  ) -> TwinClauseValue {
    let meant =
      clause.kind.isSingle
      ? figures[single.index] : sum(figures) { isIn(clause, $0) }
    func plain(_ value: Int128) -> TwinClauseValue { TwinClauseValue(value: value, base: nil) }
    switch clause.kind.measure {
    case .none: return plain(0)
    case .openInterestShare:
      return TwinClauseValue(
        value: side(meant.lots, clause, isWorst: isWorst), base: interest(clause, single))
    case .lots: return plain(side(meant.lots, clause, isWorst: isWorst))
    case .margin: return plain(side(meant.margins, clause, isWorst: isWorst))
    case .value: return plain(side(meant.values, clause, isWorst: isWorst))
    case .exposureLots: return plain(exposure(meant.lots, clause.direction, isWorst: isWorst))
    case .exposureMargin: return plain(exposure(meant.margins, clause.direction, isWorst: isWorst))
    case .exposureValue: return plain(exposure(meant.values, clause.direction, isWorst: isWorst))
    case .tradedValue:
      let (long, short) = (meant.traded[0], meant.traded[1])
      return plain(
        clause.direction == .long ? long : clause.direction == .short ? short : long + short)
    case .absoluteValue: return plain(absolute(clause, figures, isWorst: isWorst) { $0.values })
    case .absoluteMargin: return plain(absolute(clause, figures, isWorst: isWorst) { $0.margins })
    case .dailyLoss:
      guard clause.scopeKind == .product else { return plain(Int128(fee) - meant.profit) }
      return plain(
        moneys(of: subject).reduce(Int128(fee)) { sum, money in
          sum - Int128(money.positionProfit + money.closeProfit - money.fees - money.frozenFees)
        })
    case .drawdown:
      return TwinClauseValue(value: high - netValues(subject).now, base: high)
    }
  }

  /// More than a level allows: caps are broken by more (rules.md 0).
  public func isOver(
    _ found: TwinClauseValue, _ level: Int64, _ clause: SetSchemeClause, _ subject: TwinSubject
  ) -> Bool {
    guard level != .min else { return false }
    // Nothing is exact to less than a unit of a threshold.
    let share = Int128(period(subject)?.share ?? 100_000_000)
    let level = Int128(level) * share / 100_000_000
    var base = found.base
    switch clause.basis {
    case .absolute, .unknown: break
    case .netValue: base = netValues(subject).now
    case .equity, .allowedLoss:
      base = moneys(of: subject).reduce(0) { sum, money in
        sum + Int128(clause.basis == .equity ? money.equity : money.allowedLossEver)
      }
    }
    guard let base else { return found.value > level }
    if found.value <= 0 { return false }
    return base <= 0 || found.value * 100_000_000 > level * base
  }

  // MARK: An order

  /// Which rules of clauses an order breaks. Drawdown's high is the engine's to know, and so is
  /// when it looks at what no order touches.
  func brokenClauses(
    _ terms: TwinTerms, _ hold: TwinHold, _ price: Price, of subject: TwinSubject
  ) -> [RuleID] {
    let bindings = schemeBindings(subject).filter { isInForce($0) }
    guard !bindings.isEmpty else { return [] }
    let before = schemeFigures(subject)
    let after = with(terms, hold, price, before)
    let fee = terms.offset == .open ? hold.fee : 0
    let barsFromTwo = barsFromTwo(subject)
    var broken: [RuleID] = []
    for clause in bindings.flatMap({ clauses($0) })
    where isIn(clause, terms.instrument) && clause.kind != .totalDrawdown {
      var (before, after) = (before, after)
      if clause.kind.isOvernight {
        guard let closing = closing(subject, terms.instrument) else { continue }
        before = only(closing, before)
        after = only(closing, after)
      }
      let was = value(
        clause, subject, before, single: terms.instrument, isWorst: true)
      let found = value(
        clause, subject, after, single: terms.instrument, isWorst: true, fee: fee)
      let one = barsFromTwo ? .min : clause.levelOne
      let grows = found.value > was.value
      let isExposure = clause.kind.measure.isExposure
      if terms.offset.isClosing {
        guard isExposure, grows,
          isOver(found, one == .min ? clause.levelTwo : one, clause, subject)
        else { continue }
        broken.append(.exposureOnClose)
      } else if isOver(found, one, clause, subject) && (grows || !isExposure)
        || isOver(found, clause.levelTwo, clause, subject)
      {
        broken.append(clause.kind.rule)
      }
    }
    return broken
  }

  /// The figures as if the order worked.
  private func with(
    _ terms: TwinTerms, _ hold: TwinHold, _ price: Price, _ figures: [TwinSchemeFigures]
  ) -> [TwinSchemeFigures] {
    var figures = figures
    var own = figures[terms.instrument.index]
    let instrument = instruments[terms.instrument.index]
    let short = terms.place.side == .short ? 1 : 0
    let lots = Int128(terms.lots)
    own.lots[(terms.offset == .open ? 2 : 4) + short] += lots
    if terms.offset == .open { own.margins[2 + short] += Int128(hold.margin) }
    derive(&own, terms.instrument)
    if instrument.mark.isNone, !price.isNone {
      own.values[(terms.offset == .open ? 2 : 4) + short] +=
        lots * Int128(price.units.magnitude) * Int128(instrument.multiplier)
    }
    if !price.isNone {
      own.traded[short] +=
        lots * Int128(price.units.magnitude) * Int128(instrument.multiplier)
    }
    figures[terms.instrument.index] = own
    return figures
  }

  /// Whether a subject or an account lets exposure-on-close pass.
  func ignoresExposure(_ account: OperationAccountID, _ subject: TwinSubject) -> Bool {
    if setting(account, .ignoresExposureOnClose) == 1 { return true }
    guard case .product(let product) = subject else { return false }
    return productSettings[product.index][ProductSetting.ignoresExposureOnClose.rawValue] == 1
  }
}
