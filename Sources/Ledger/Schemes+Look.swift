import Domain
import Storage

// A look at a subject's clauses: which are gone through, which passed over, and what each that was
// read leaves behind.
extension Schemes {
  /// What clauses are held against besides figures, as a look finds it.
  public struct LookTerms: BitwiseCopyable {
    public var netValue: Int128
    public var equity: Int128
    public var allowedLoss: Int128
    /// Of the thresholds, in 1e-8 of one.
    public var share: Int64
    public var period: SchemePeriod

    public init(
      netValue: Int128, equity: Int128, allowedLoss: Int128, share: Int64, period: SchemePeriod
    ) {
      self.netValue = netValue
      self.equity = equity
      self.allowedLoss = allowedLoss
      self.share = share
      self.period = period
    }

    func base(_ place: Int) -> Int128 {
      place == 0 ? netValue : place == 1 ? equity : allowedLoss
    }
  }

  // MARK: Which clauses

  /// Bindings of a subject that are used, the first one's place 0.
  public func usedBindings(_ subject: SchemeSubject) -> TakenPlaces {
    let record = quiet.records.at(subject.raw)
    return record.pointee.isKnown
      ? TakenPlaces(bits: UInt64(record.pointee.bindings)) : findBindings(subject)
  }

  private func findBindings(_ subject: SchemeSubject) -> TakenPlaces {
    var used = TakenPlaces()
    for number in 1...SchemeLimits.bindingsPerProduct
    where binding(subject, number).pointee.isUsed {
      used.take(number - 1)
    }
    return used
  }

  /// Begins a look, or goes on with it in another step: finds out which clauses it goes through.
  ///
  /// - Returns: whether instruments that moved are still to be asked for theirs (`named`): else it
  ///   goes through all.
  public func openLook(_ subject: SchemeSubject, _ terms: LookTerms, isBeginning: Bool) -> Bool {
    let totals = quiet.totals.base
    let record = quiet.records.at(subject.raw)
    let isGoingOn = totals.pointee.inProgress == subject
    if isBeginning, !isGoingOn {
      // One that did not come to its end has taken in less than it was told.
      if !totals.pointee.inProgress.isNone { forgetQuiet(totals.pointee.inProgress) }
      totals.pointee.looks += 1
      fillLoud(ClauseBits.none)
    }
    totals.pointee.inProgress = subject
    guard isBeginning || isGoingOn, isQuiet(record, terms) else {
      fillLoud(ClauseBits.all)
      if isBeginning { know(subject, terms) }
      return false
    }
    let isOfShares = record.pointee.interest != totals.pointee.interest
    for slot in usedBindings(subject) {
      let traits = quiet.traits.at(Int(binding(subject, slot + 1).pointee.scheme) - 1)
      quiet.loud.at(slot).pointee.form(traits.pointee.always)
      if isOfShares { quiet.loud.at(slot).pointee.form(traits.pointee.shares) }
    }
    if isBeginning { record.pointee.interest = totals.pointee.interest }
    return true
  }

  /// A look has come to its end.
  public func closeLook() { quiet.totals.base.pointee.inProgress = .none }

  private func fillLoud(_ bits: ClauseBits) {
    for slot in 0..<quiet.loud.capacity { quiet.loud.at(slot).pointee = bits }
  }

  private func isQuiet(_ record: UnsafePointer<QuietRecord>, _ terms: LookTerms) -> Bool {
    guard record.pointee.isKnown, record.pointee.value >= 0, record.pointee.profit >= 0,
      record.pointee.share == terms.share, record.pointee.period == terms.period
    else { return false }
    for place in 0..<3 {
      let base = terms.base(place)
      if base < record.pointee.lows[place] || base > record.pointee.highs[place] { return false }
    }
    return true
  }

  /// From here on it is known what moves: nothing has since.
  private func know(_ subject: SchemeSubject, _ terms: LookTerms) {
    let record = quiet.records.at(subject.raw)
    record.pointee.bindings = UInt16(findBindings(subject).bits)
    record.pointee.isKnown = true
    record.pointee.value = .max
    record.pointee.profit = .max
    for place in 0..<3 {
      record.pointee.lows[place] = .min
      record.pointee.highs[place] = .max
    }
    record.pointee.share = terms.share
    record.pointee.period = terms.period
    record.pointee.interest = quiet.totals.base.pointee.interest
    record.pointee.namedCount = 0
    for number in 1...SchemeLimits.bindingsPerProduct {
      quiet.present.at(Self.place(subject, number)).pointee = .none
    }
  }

  /// How many instruments moved otherwise than by a price.
  public func namedCount(_ subject: SchemeSubject) -> Int {
    Int(quiet.records.at(subject.raw).pointee.namedCount)
  }
  public func named(_ subject: SchemeSubject, _ place: Int) -> UInt32 {
    quiet.records.at(subject.raw).pointee.named[place]
  }
  /// The look in progress goes through whatever they touch.
  public func clearNamed(_ subject: SchemeSubject) {
    quiet.records.at(subject.raw).pointee.namedCount = 0
  }

  /// The look in progress goes through a clause, all from 1; whether it does.
  public func setLoud(_ binding: Int, _ number: Int) {
    quiet.loud.at(binding - 1).pointee.set(number)
  }
  public func isLoud(_ binding: Int, _ number: Int) -> Bool {
    quiet.loud.at(binding - 1).pointee.has(number)
  }

  /// Whether the look in progress passes over a clause of a SINGLE kind that speaks of several
  /// instruments.
  public func isWide(_ binding: Int, _ number: Int, _ scheme: UInt32) -> Bool {
    !isLoud(binding, number) && quiet.traits.at(scheme - 1).pointee.wide.has(number)
  }

  // MARK: Passing over

  /// Passes over clauses of a binding, from a number on, as far as the units go: as many as looking
  /// at them would take, one each and one more for each instrument of a SINGLE kind.
  ///
  /// - Returns: how many. The next one has to be looked at, or the units do not go round it.
  public func passOver(
    _ subject: SchemeSubject, _ binding: Int, from first: Int, through last: Int,
    _ units: inout Int
  ) -> Int {
    let place = Self.place(subject, binding)
    let (loud, present) = (quiet.loud.at(binding - 1), quiet.present.at(place))
    let scheme = bindings.at(place).pointee.scheme
    let traits = quiet.traits.at(scheme - 1)
    var number = first
    while number <= last, units > 0 {
      let (word, bit) = ((number - 1) >> 6, UInt64((number - 1) & 63))
      let stops = loud.pointee.words[word] >> bit
      if stops & 1 == 1 { break }
      let wide = traits.pointee.wide.words[word] >> bit
      if wide & 1 == 1 {
        let cost = 1 + instrumentCount(of: clause(Self.clauseNumber(scheme, number)), subject)
        if cost > units { break }
        units -= cost
        number += 1
        continue
      }
      let run = min((stops | wide).trailingZeroBitCount, 64 - Int(bit), last - number + 1)
      let ofOne = present.pointee.words[word] >> bit
      let isWhole = run == 64
      let cost = run + (isWhole ? ofOne : ofOne & (1 << UInt64(run) - 1)).nonzeroBitCount
      if cost <= units {
        units -= cost
        number += run
        continue
      }
      let own = 1 + Int(ofOne & 1)
      if own > units { break }
      units -= own
      number += 1
    }
    quiet.totals.base.pointee.passed += UInt64(number - first)
    return number - first
  }

  /// Looks that began since the start, clauses that they passed over, and those that they read; of
  /// SINGLE kinds one for each instrument. No part of the state.
  public var lookTotals: (looks: UInt64, passed: UInt64, read: UInt64) {
    let totals = quiet.totals.base
    return (totals.pointee.looks, totals.pointee.passed, totals.pointee.read)
  }

  // MARK: What is left behind

  /// A clause of a SINGLE kind is seen whole from here on: whether its one instrument takes a unit.
  public func notePresent(
    _ subject: SchemeSubject, _ binding: Int, _ number: Int, _ clause: UnsafePointer<ClauseRecord>
  ) {
    guard clause.pointee.kind.isSingle, clause.pointee.scopeKind == .instrument else { return }
    quiet.present.at(Self.place(subject, binding)).pointee.set(
      number, instrumentNumber(subject, InstrumentID(clause.pointee.scopeID)) != 0)
  }

  /// A clause was read: by so much its figure may move, and what it is a percentage of, before it
  /// stands otherwise.
  ///
  /// - Parameters:
  ///   - figure: as its measure; `.max` = any.
  ///   - base: of what its basis is now; `.max` = it is a percentage of nothing.
  public func noteRoom(
    _ subject: SchemeSubject, _ clause: UnsafePointer<ClauseRecord>, figure: Int128, base: Int128,
    _ terms: LookTerms
  ) {
    let record = quiet.records.at(subject.raw)
    quiet.totals.base.pointee.read += 1
    switch clause.pointee.kind.measure {
    case .value, .exposureValue, .absoluteValue:
      // A commodity counts as often as sectors of a super-sector have it.
      let times = clause.pointee.scopeKind == .superSector ? Int128(max(sectorCount, 1)) : 1
      record.pointee.value = min(record.pointee.value, figure / times)
    case .dailyLoss:
      // All that the subject has is looked at always.
      if clause.pointee.scopeKind == .product { return }
      record.pointee.profit = min(record.pointee.profit, figure)
    // All else moves with an instrument by name, or is looked at always.
    default: break
    }
    guard base != .max else { return }
    let place: Int
    switch clause.pointee.basis {
    case .netValue: place = 0
    case .equity: place = 1
    case .allowedLoss: place = 2
    case .absolute, .unknown: return
    }
    let now = terms.base(place)
    record.pointee.lows[place] = max(record.pointee.lows[place], now - base)
    record.pointee.highs[place] = min(record.pointee.highs[place], now + base)
  }
}
