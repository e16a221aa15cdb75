import Domain
import Messages

/// Schemes as they were set, for the twin.
struct TwinSchemes {
  var sectors: [Set<CommodityID>] = []
  var superSectors: [Set<Int>] = []
  var clauses: [[UInt16: SetSchemeClause]] = []
  var bindings: [ProductID: [UInt16: BindScheme]] = [:]
  var netValues: [ProductID: SetNetValue] = [:]
  var lines: [ProductID: [BandBasis: SetNetValueLines]] = [:]
  var periods: [ProductID: [SchemePeriod: SetSchemePeriod]] = [:]
  var holidays: [UInt16: SetSchemeHoliday] = [:]
  /// Stated totals of the prior day, as they rolled forward.
  var totals: [ProductID: Int64] = [:]
  /// Products that were ever bound: from then on their day figures count.
  var counted: Set<ProductID> = []
  /// Today's bookings that came before the product was first bound.
  var skipped: [TwinHolder: Int] = [:]
  /// Today's declarations that came before.
  var skippedDeclarations: [ProductID: Int] = [:]
  /// Levels that the engine has said are passed, less those that it has said no longer are.
  var told: [ProductID: Int] = [:]
  /// Second levels, and liquidation lines, that were ever passed, by their rule.
  var second: [ProductID: Set<RuleID>] = [:]
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
      schemes.netValues[set.product] = set.mode == .unknown ? nil : set
      schemes.totals[set.product] = set.total.units
    case .setSchemePeriod(let set): schemes.periods[set.product, default: [:]][set.period] = set
    case .setSchemeHoliday(let set): schemes.holidays[set.number] = set.from.isNone ? nil : set
    case .setNetValueLines(let set):
      schemes.lines[set.product, default: [:]][set.basis] = set
      count(set.product)
    default: break
    }
  }

  private func count(_ product: ProductID) {
    guard schemes.counted.insert(product).inserted else { return }
    schemes.skippedDeclarations[product] = declarations.count
    for holder in cash.keys where self.product(holder) == product {
      schemes.skipped[holder] = positions.today[holder]?.count ?? 0
    }
  }

  private func bind(_ bind: BindScheme) {
    schemes.bindings[bind.product, default: [:]][bind.number] = bind.scheme == .max ? nil : bind
    count(bind.product)
  }

  /// Whether a unit net value is at a line or below; false without a line, and without shares.
  public func isReached(_ product: ProductID, _ basis: BandBasis, _ line: NetValueLine) -> Bool {
    guard let set = schemes.lines[product]?[basis], let value = schemes.netValues[product] else {
      return false
    }
    let threshold =
      line == .topUp ? set.topUp : line == .warn ? set.warn : set.liquidation
    guard threshold != .min, period(product) != nil else { return false }
    let values = netValues(product)
    return (basis == .priorDay ? values.prior : values.now) * 100_000_000
      <= Int128(threshold) * Int128(value.shares)
  }

  /// The end of a day: a stated total takes what the day brought (AMS manual 2.3).
  func rollSchemes() {
    for (product, set) in schemes.netValues where set.mode == .statedTotal {
      schemes.totals[product, default: 0] += Int64(gain(product))
    }
    schemes.skipped = [:]
    schemes.skippedDeclarations = [:]
  }

  /// What no longer is was before.
  func clauseNotice(_ notice: Notice) {
    let product = ProductID(notice.scopeID)
    if !isCounted(product) { complain("a clause of product \(product.raw), which has none") }
    if notice.kind == .clauseReached { secondLevel(notice) }
    let isThere = schemeBindings(product).contains { binding in
      Int(binding.scheme) + 1 == Int(notice.scheme)
        && clauses(binding).contains {
          $0.number == notice.clause && $0.kind.rule == notice.rule
        }
    }
    if notice.kind == .clauseReached, !isThere {
      complain("\(notice.rule) is no clause \(notice.clause) of scheme \(notice.scheme)")
    }
    schemes.told[product, default: 0] += notice.kind == .clauseReached ? 1 : -1
    if schemes.told[product]! < 0 {
      complain("\(notice.rule) of product \(product.raw) is released without being reached")
    }
  }

  /// A level was passed: of second ones it is known that they may liquidate.
  func secondLevel(_ notice: Notice) {
    guard notice.level == .liquidate else { return }
    schemes.second[ProductID(notice.scopeID), default: []].insert(notice.rule)
  }

  /// Whether a second level may bar all opening of a product: when the engine looks is its own to
  /// know, so that such a refusal is not held against the figures of this moment.
  func mayBar(_ terms: TwinTerms, _ rule: RuleID) -> Bool {
    let product = accounts[terms.account.index].product
    guard terms.offset == .open, !product.isNone else { return false }
    return schemeBindings(product).flatMap { clauses($0) }.contains {
      $0.kind.rule == rule && $0.levelTwo != .min
    }
  }

  // MARK: Money

  private func funds(of product: ProductID) -> [TwinMoney] {
    funds.indices.filter { funds[$0].product == product }
      .map { money(.fund(FundAccountID(UInt32($0)))) }
  }

  private func gain(_ product: ProductID) -> Int128 {
    funds(of: product).reduce(0) { sum, money in
      sum + Int128(money.netCash + money.positionProfit + money.closeProfit - money.fees)
    }
  }

  /// Net value of now and of the prior day: three modes, liabilities and fees off all six.
  public func netValues(_ product: ProductID) -> (now: Int128, prior: Int128) {
    let money = funds(of: product)
    let equity = money.reduce(Int128(0)) { $0 + Int128($1.equity) }
    let opening = money.reduce(Int128(0)) { $0 + Int128($1.openingEquity) }
    guard let set = schemes.netValues[product] else { return (equity, opening) }
    let off = Int128(set.liabilities.units + set.accruedFees.units)
    let total = Int128(schemes.totals[product] ?? 0)
    switch set.mode {
    case .statedTotal: return (total + gain(product) - off, total - off)
    case .externalTotal: return (total + equity - off, total + opening - off)
    case .equity, .unknown: return (equity - off, opening - off)
    }
  }

  /// Whether a binding's range holds its unit net value, and its period is now.
  public func isInForce(_ bind: BindScheme) -> Bool {
    guard period(bind.product)?.period == bind.period else { return false }
    if bind.from == .min, bind.to == .min { return true }
    guard let set = schemes.netValues[bind.product] else { return false }
    let values = netValues(bind.product)
    let value = (bind.basis == .priorDay ? values.prior : values.now) * 100_000_000
    let shares = Int128(set.shares)
    return (bind.from == .min || value >= Int128(bind.from) * shares)
      && (bind.to == .min || value < Int128(bind.to) * shares)
  }

  public func schemeBindings(_ product: ProductID) -> [BindScheme] {
    (schemes.bindings[product] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
  }
  public func clauses(_ bind: BindScheme) -> [SetSchemeClause] {
    schemes.clauses[Int(bind.scheme)].sorted { $0.key < $1.key }.map(\.value)
  }
  public func isCounted(_ product: ProductID) -> Bool { schemes.counted.contains(product) }

  // MARK: Figures

  /// By instrument.
  public func schemeFigures(_ product: ProductID) -> [TwinSchemeFigures] {
    var figures = instruments.map { _ in TwinSchemeFigures() }
    for index in accounts.indices where accounts[index].product == product {
      addAccount(.account(OperationAccountID(UInt32(index))), to: &figures)
    }
    for index in instruments.indices {
      let lots = unmapped(product, InstrumentID(UInt32(index))).lots
      figures[index].lots[lots < 0 ? 1 : 0] += Int128(abs(lots))
    }
    for index in funds.indices where funds[index].product == product {
      addFund(.fund(FundAccountID(UInt32(index))), to: &figures)
    }
    for index in figures.indices { derive(&figures[index], InstrumentID(UInt32(index))) }
    return figures
  }

  private func booked(_ holder: TwinHolder) -> ArraySlice<TwinBooking> {
    (positions.today[holder] ?? []).dropFirst(schemes.skipped[holder] ?? 0)
  }

  private func addAccount(_ holder: TwinHolder, to figures: inout [TwinSchemeFigures]) {
    for (place, side) in sides(holder) {
      let short = place.side == .short ? 1 : 0
      figures[place.instrument.index].lots[short] += Int128(side.today + side.yesterday)
      figures[place.instrument.index].lots[2 + short] += Int128(side.workingOpen)
      figures[place.instrument.index].lots[4 + short] += Int128(side.frozen)
    }
    for booking in booked(holder) where booking.earlierMark == nil {
      let instrument = instruments[booking.place.instrument.index]
      figures[booking.place.instrument.index].traded[booking.place.side == .short ? 1 : 0] +=
        Int128(booking.price.units.magnitude) * Int128(booking.taken)
        * Int128(instrument.multiplier)
    }
  }

  private func addFund(_ holder: TwinHolder, to figures: inout [TwinSchemeFigures]) {
    for (place, side) in sides(holder) {
      let short = place.side == .short ? 1 : 0
      figures[place.instrument.index].margins[short] += Int128(side.margin)
      figures[place.instrument.index].margins[2 + short] += Int128(side.frozenMargin)
      let mark = instruments[place.instrument.index].mark
      guard !mark.isNone else { continue }
      let held = side.today + side.yesterday
      figures[place.instrument.index].profit +=
        Int128(mark.units * held - side.markBasis) * Int128(place.side.sign)
        * Int128(instruments[place.instrument.index].multiplier)
    }
    for booking in booked(holder) {
      figures[booking.place.instrument.index].profit += Int128(booking.closeProfit - booking.fee)
    }
    let skipped = schemes.skippedDeclarations[product(holder)] ?? 0
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
