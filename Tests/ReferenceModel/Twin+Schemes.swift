import Domain
import Messages

/// Whose schemes: a product, or an operation account that is as a product of its own.
public enum TwinSubject: Hashable, Sendable {
  case product(ProductID)
  case account(OperationAccountID)

  init(_ product: ProductID, _ account: OperationAccountID) {
    self = account.isNone ? .product(product) : .account(account)
  }

  init?(_ kind: ScopeKind, _ id: UInt32) {
    switch kind {
    case .product: self = .product(ProductID(id))
    case .operationAccount: self = .account(OperationAccountID(id))
    default: return nil
    }
  }
}

extension BindScheme {
  public var subject: TwinSubject { TwinSubject(product, account) }

  /// Of the unit net value of now.
  public var isRange: Bool { basis == .current && (from != .min || to != .min) }
}

/// Schemes as they were set, for the twin.
struct TwinSchemes {
  var sectors: [Set<CommodityID>] = []
  var superSectors: [Set<Int>] = []
  var clauses: [[UInt16: SetSchemeClause]] = []
  var bindings: [TwinSubject: [UInt16: BindScheme]] = [:]
  var netValues: [TwinSubject: SetNetValue] = [:]
  var lines: [TwinSubject: [BandBasis: SetNetValueLines]] = [:]
  var periods: [TwinSubject: [SchemePeriod: SetSchemePeriod]] = [:]
  var holidays: [UInt16: SetSchemeHoliday] = [:]
  /// Stated totals of the prior day, as they rolled forward.
  var totals: [TwinSubject: Int64] = [:]
  /// Subjects that were ever bound: from then on their day figures count.
  var counted: Set<TwinSubject> = []
  /// Today's bookings that came before the subject was first bound.
  var skipped: [TwinSubject: [TwinHolder: Int]] = [:]
  /// Today's declarations that came before.
  var skippedDeclarations: [TwinSubject: Int] = [:]
  /// Levels that the engine has said are passed, less those that it has said no longer are.
  var told: [TwinSubject: Int] = [:]
  /// Bindings to ranges that the engine found in force when it looked, and since when.
  var held: [TwinSubject: [UInt16: Timestamp]] = [:]
  /// Second levels, and liquidation lines, that were ever passed, by their rule.
  var second: [TwinSubject: Set<RuleID>] = [:]
}

/// What a product has in an instrument, from every holder and every lot anew.
public struct TwinSchemeFigures: Equatable, Sendable {
  /// Long, short; working to open long, short; working to close long, short.
  public var lots = [Int128](repeating: 0, count: 6)
  public var values = [Int128](repeating: 0, count: 6)
  public var margins = [Int128](repeating: 0, count: 6)
  /// Of long and of short positions.
  public var traded = [Int128](repeating: 0, count: 2)
  public var profit: Int128 = 0

  public init() {}

  mutating func add(_ other: TwinSchemeFigures) {
    for place in 0..<6 {
      lots[place] += other.lots[place]
      values[place] += other.values[place]
      margins[place] += other.margins[place]
    }
    traded[0] += other.traded[0]
    traded[1] += other.traded[1]
    profit += other.profit
  }
}

// rules.md 5, word by word: every figure anew, every comparison in exact fractions.
extension Twin {
  func setScheme(_ command: Command) {
    switch command {
    case .defineSector: schemes.sectors.append([])
    case .defineSuperSector: schemes.superSectors.append([])
    case .defineScheme: schemes.clauses.append([:])
    case .setSectorCommodity(let set):
      if set.isIn {
        schemes.sectors[Int(set.sector)].insert(set.commodity)
      } else {
        schemes.sectors[Int(set.sector)].remove(set.commodity)
      }
    case .setSuperSectorMember(let set):
      if set.isIn {
        schemes.superSectors[Int(set.superSector)].insert(Int(set.sector))
      } else {
        schemes.superSectors[Int(set.superSector)].remove(Int(set.sector))
      }
    case .setSchemeClause(let set):
      schemes.clauses[Int(set.scheme)][set.number] = set.kind == .unknown ? nil : set
    case .bindScheme(let bind): self.bind(bind)
    case .setNetValue(let set):
      let subject = TwinSubject(set.product, set.account)
      schemes.netValues[subject] = set.mode == .unknown ? nil : set
      schemes.totals[subject] = set.total.units
      schemes.held[subject] = nil
    case .setSchemePeriod(let set):
      schemes.periods[TwinSubject(set.product, set.account), default: [:]][set.period] = set
    case .setSchemeHoliday(let set): schemes.holidays[set.number] = set.from.isNone ? nil : set
    case .setNetValueLines(let set):
      let subject = TwinSubject(set.product, set.account)
      schemes.lines[subject, default: [:]][set.basis] = set
      count(subject)
    default: break
    }
  }

  private func count(_ subject: TwinSubject) {
    guard schemes.counted.insert(subject).inserted else { return }
    schemes.skippedDeclarations[subject] = declarations.count
    for holder in cash.keys where isPart(holder, of: subject) {
      schemes.skipped[subject, default: [:]][holder] = positions.today[holder]?.count ?? 0
    }
  }

  private func isPart(_ holder: TwinHolder, of subject: TwinSubject) -> Bool {
    switch subject {
    case .product(let product): self.product(holder) == product
    case .account(let account): holder == .account(account)
    }
  }

  private func bind(_ bind: BindScheme) {
    let subject = bind.subject
    schemes.bindings[subject, default: [:]][bind.number] = bind.scheme == .max ? nil : bind
    schemes.held[subject]?[bind.number] = nil
    count(subject)
  }

  /// Whether a unit net value is at a line or below; false without a line, and without shares.
  public func isReached(_ subject: TwinSubject, _ basis: BandBasis, _ line: NetValueLine) -> Bool {
    guard let set = schemes.lines[subject]?[basis], let value = schemes.netValues[subject] else {
      return false
    }
    let threshold =
      line == .topUp ? set.topUp : line == .warn ? set.warn : set.liquidation
    guard threshold != .min, period(subject) != nil else { return false }
    let values = netValues(subject)
    return (basis == .priorDay ? values.prior : values.now) * 100_000_000
      <= Int128(threshold) * Int128(value.shares)
  }

  /// The end of a day: a stated total takes what the day brought (AMS manual 2.3).
  func rollSchemes() {
    for (subject, set) in schemes.netValues where set.mode == .statedTotal {
      schemes.totals[subject, default: 0] += Int64(gain(subject))
    }
    schemes.skipped = [:]
    schemes.skippedDeclarations = [:]
  }

  /// What no longer is was before.
  func clauseNotice(_ notice: Notice) {
    guard let subject = TwinSubject(notice.scopeKind, notice.scopeID), isCounted(subject) else {
      return complain("a clause of \(notice.scopeKind) \(notice.scopeID), which has none")
    }
    if notice.kind == .clauseReached { secondLevel(notice) }
    let isThere = schemeBindings(subject).contains { binding in
      Int(binding.scheme) + 1 == Int(notice.scheme)
        && clauses(binding).contains {
          $0.number == notice.clause && $0.kind.rule == notice.rule
        }
    }
    if notice.kind == .clauseReached, !isThere {
      complain("\(notice.rule) is no clause \(notice.clause) of scheme \(notice.scheme)")
    }
    schemes.told[subject, default: 0] += notice.kind == .clauseReached ? 1 : -1
    if schemes.told[subject]! < 0 {
      complain("\(notice.rule) of \(subject) is released without being reached")
    }
  }

  /// A level was passed: of second ones it is known that they may liquidate.
  func secondLevel(_ notice: Notice) {
    guard notice.level == .liquidate, let subject = TwinSubject(notice.scopeKind, notice.scopeID)
    else { return }
    schemes.second[subject, default: []].insert(notice.rule)
  }

  /// Whose schemes an order of an account meets: its own, then its product's.
  func subjects(_ account: OperationAccountID) -> [TwinSubject] {
    let product = accounts[account.index].product
    return [.account(account)] + (product.isNone ? [] : [.product(product)])
  }

  /// Whether a second level may bar all opening: when the engine looks is its own to know, so that
  /// such a refusal is not held against the figures of this moment.
  func mayBar(_ terms: TwinTerms, _ rule: RuleID) -> Bool {
    guard terms.offset == .open else { return false }
    return subjects(terms.account).flatMap { schemeBindings($0) }.flatMap { clauses($0) }.contains {
      $0.kind.rule == rule && $0.levelTwo != .min
    }
  }

  /// What is said of a subject: 1 = only second levels bar; whether, and how far, they liquidate.
  func schemeSetting(
    _ subject: TwinSubject, _ product: ProductSetting, _ account: AccountSetting
  ) -> Int64? {
    switch subject {
    case .product(let id): productSettings[id.index][product.rawValue]
    case .account(let id): setting(id, account)
    }
  }

  func barsFromTwo(_ subject: TwinSubject) -> Bool {
    schemeSetting(subject, .barsFromLevelTwo, .schemeBarsFromLevelTwo) == 1
  }

  // MARK: Money

  /// Of a product its fund accounts', of an account its own.
  func moneys(of subject: TwinSubject) -> [TwinMoney] {
    switch subject {
    case .account(let account): [money(.account(account))]
    case .product(let product):
      funds.indices.filter { funds[$0].product == product }
        .map { money(.fund(FundAccountID(UInt32($0)))) }
    }
  }

  private func gain(_ subject: TwinSubject) -> Int128 {
    moneys(of: subject).reduce(0) { sum, money in
      sum + Int128(money.netCash + money.positionProfit + money.closeProfit - money.fees)
    }
  }

  /// Net value of now and of the prior day: three modes, liabilities and fees off all six.
  public func netValues(_ subject: TwinSubject) -> (now: Int128, prior: Int128) {
    let money = moneys(of: subject)
    let equity = money.reduce(Int128(0)) { $0 + Int128($1.equity) }
    let opening = money.reduce(Int128(0)) { $0 + Int128($1.openingEquity) }
    var accrued: Int128 = 0
    if case .product(let product) = subject { accrued = Int128(fees.told[product] ?? 0) }
    guard let set = schemes.netValues[subject] else { return (equity - accrued, opening - accrued) }
    let off = Int128(set.liabilities.units + set.accruedFees.units) + accrued
    let total = Int128(schemes.totals[subject] ?? 0)
    switch set.mode {
    case .statedTotal: return (total + gain(subject) - off, total - off)
    case .externalTotal: return (total + equity - off, total + opening - off)
    case .equity, .unknown: return (equity - off, opening - off)
    }
  }

  /// Whether a binding holds: its range has its unit net value, and its period is now. One of now
  /// that is in force leaves its range by a step, and after its least time alone (design.md).
  public func isInForce(_ bind: BindScheme) -> Bool {
    guard period(bind.subject)?.period == bind.period else { return false }
    if bind.from == .min, bind.to == .min { return true }
    if bind.basis == .current {
      let kept = (schemes.held[bind.subject] ?? [:]).filter {
        isKept($0.key, bind.subject, $0.value)
      }
      if !kept.isEmpty { return kept[bind.number] != nil }
    }
    return isWithin(bind, step: 0)
  }

  /// Whether the binding of a number that holds since then holds still, wherever its value is.
  private func isKept(_ number: UInt16, _ subject: TwinSubject, _ since: Timestamp) -> Bool {
    let step = max(platformSettings[.bandStep] ?? 0, 0)
    let dwell = max(platformSettings[.bandDwellSeconds] ?? 0, 0)
    guard hasBands, let bind = schemes.bindings[subject]?[number], bind.isRange,
      period(subject)?.period == bind.period
    else { return false }
    return isWithin(bind, step: step) || now < since.adding(seconds: dwell)
  }

  private func isWithin(_ bind: BindScheme, step: Int64) -> Bool {
    guard let set = schemes.netValues[bind.subject] else { return false }
    let values = netValues(bind.subject)
    let value = (bind.basis == .priorDay ? values.prior : values.now) * 100_000_000
    let shares = Int128(set.shares)
    return (bind.from == .min || value >= Int128(bind.from - step) * shares)
      && (bind.to == .min || value < Int128(bind.to + step) * shares)
  }

  /// Whether a unit net value leaves its band by a step, or after a while, alone.
  public var hasBands: Bool {
    max(platformSettings[.bandStep] ?? 0, platformSettings[.bandDwellSeconds] ?? 0) > 0
  }

  /// Whether the engine held a binding when it looked last.
  public func isHeld(_ bind: BindScheme) -> Bool {
    schemes.held[bind.subject]?[bind.number] != nil
  }

  /// The engine has looked: these bindings hold since then. When it looks is its own to know; that
  /// what it found is right was seen before.
  public func looked(_ subject: TwinSubject, _ held: [UInt16: Timestamp]) {
    schemes.held[subject] = held
  }

  public func schemeBindings(_ subject: TwinSubject) -> [BindScheme] {
    (schemes.bindings[subject] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
  }
  public func clauses(_ bind: BindScheme) -> [SetSchemeClause] {
    schemes.clauses[Int(bind.scheme)].sorted { $0.key < $1.key }.map(\.value)
  }
  public func isCounted(_ subject: TwinSubject) -> Bool { schemes.counted.contains(subject) }

  // MARK: Figures

  /// By instrument.
  public func schemeFigures(_ subject: TwinSubject) -> [TwinSchemeFigures] {
    var figures = instruments.map { _ in TwinSchemeFigures() }
    switch subject {
    case .account(let account):
      addLots(.account(account), subject, to: &figures)
      addMoney(.account(account), subject, to: &figures)
    case .product(let product):
      for index in accounts.indices where accounts[index].product == product {
        addLots(.account(OperationAccountID(UInt32(index))), subject, to: &figures)
      }
      for index in instruments.indices {
        let lots = unmapped(product, InstrumentID(UInt32(index))).lots
        figures[index].lots[lots < 0 ? 1 : 0] += Int128(abs(lots))
      }
      for index in funds.indices where funds[index].product == product {
        addMoney(.fund(FundAccountID(UInt32(index))), subject, to: &figures)
      }
    }
    for index in figures.indices { derive(&figures[index], InstrumentID(UInt32(index))) }
    return figures
  }

  private func booked(_ holder: TwinHolder, _ subject: TwinSubject) -> ArraySlice<TwinBooking> {
    (positions.today[holder] ?? []).dropFirst(schemes.skipped[subject]?[holder] ?? 0)
  }

  private func addLots(
    _ holder: TwinHolder, _ subject: TwinSubject, to figures: inout [TwinSchemeFigures]
  ) {
    for (place, side) in sides(holder) {
      let short = place.side == .short ? 1 : 0
      figures[place.instrument.index].lots[short] += Int128(side.today + side.yesterday)
      figures[place.instrument.index].lots[2 + short] += Int128(side.workingOpen)
      figures[place.instrument.index].lots[4 + short] += Int128(side.frozen)
    }
    for booking in booked(holder, subject) where booking.earlierMark == nil {
      let instrument = instruments[booking.place.instrument.index]
      figures[booking.place.instrument.index].traded[booking.place.side == .short ? 1 : 0] +=
        Int128(booking.price.units.magnitude) * Int128(booking.taken)
        * Int128(instrument.multiplier)
    }
  }

  private func addMoney(
    _ holder: TwinHolder, _ subject: TwinSubject, to figures: inout [TwinSchemeFigures]
  ) {
    for (place, side) in sides(holder) {
      let short = place.side == .short ? 1 : 0
      figures[place.instrument.index].margins[short] += Int128(side.margin)
      figures[place.instrument.index].margins[2 + short] += Int128(side.frozenMargin)
      let mark = instruments[place.instrument.index].mark
      guard !mark.isNone, instruments[place.instrument.index].option == nil else { continue }
      let held = side.today + side.yesterday
      figures[place.instrument.index].profit +=
        Int128(mark.units * held - side.markBasis) * Int128(place.side.sign)
        * Int128(instruments[place.instrument.index].multiplier)
    }
    for booking in booked(holder, subject) {
      figures[booking.place.instrument.index].profit += Int128(booking.closeProfit - booking.fee)
    }
    let skipped = schemes.skippedDeclarations[subject] ?? 0
    for declaration in declarations.dropFirst(skipped) where declaration.holder == holder {
      figures[declaration.instrument.index].profit -= Int128(declaration.fee)
    }
    for work in working(holder) {
      figures[work.place.instrument.index].profit -= Int128(work.hold.fee)
    }
  }

  /// Values at the mark, and margin that closing would set free.
  func derive(_ figures: inout TwinSchemeFigures, _ id: InstrumentID) {
    let instrument = instruments[id.index]
    let lot =
      instrument.mark.isNone
      ? 0 : Int128(instrument.mark.units.magnitude) * Int128(instrument.multiplier)
    for place in 0..<6 { figures.values[place] = figures.lots[place] * lot }
    for short in 0..<2 {
      let (held, closing) = (figures.lots[short], figures.lots[4 + short])
      let margin = figures.margins[short]
      figures.margins[4 + short] =
        held <= 0 || closing <= 0
        ? 0 : closing >= held ? margin : (margin * closing + held - 1) / held
    }
  }
}
