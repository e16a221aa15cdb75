import Domain
import Storage

// Keeping what is known of clauses true: whatever moves says so here.
extension Schemes {
  // MARK: What moves

  /// An instrument of a subject is other than it was in lots, margin or traded value, or is new.
  @inline(__always) func noteMoved(_ number: UInt32, of subject: SchemeSubject) {
    let record = quiet.records.at(subject.raw)
    guard record.pointee.isKnown else { return }
    let count = Int(record.pointee.namedCount)
    for place in 0..<count where record.pointee.named[place] == number { return }
    guard count < record.pointee.named.count else { return forgetQuiet(subject) }
    record.pointee.named[count] = number
    record.pointee.namedCount += 1
  }

  /// Values of what a subject holds moved by so much, one instrument's lots of both sides together.
  @inline(__always) func noteValue(_ subject: SchemeSubject, by amount: Int128) {
    let record = quiet.records.at(subject.raw)
    guard record.pointee.isKnown, record.pointee.value >= 0 else { return }
    record.pointee.value -= amount < 0 ? -amount : amount
  }

  /// Profit moved; asked where clauses read profits of commodities or sectors.
  @inline(__always) func noteProfit(_ subject: SchemeSubject, by amount: Int128) {
    guard quiet.totals.base.pointee.profitClauses > 0 else { return }
    let record = quiet.records.at(subject.raw)
    guard record.pointee.isKnown, record.pointee.profit >= 0 else { return }
    record.pointee.profit -= amount < 0 ? -amount : amount
  }

  /// Open interest of an instrument moved.
  public func noteOpenInterest() { quiet.totals.base.pointee.interest += 1 }

  /// Something else can be other: the next look is at every clause of the subject.
  @inline(never) public func forgetQuiet(_ subject: SchemeSubject) {
    quiet.records.at(subject.raw).pointee.isKnown = false
  }
  public func forgetQuiet() {
    for subject in 0..<quiet.records.capacity {
      quiet.records.at(subject).pointee.isKnown = false
    }
  }

  // MARK: What follows from the tables

  /// A subject has figures of another instrument.
  func noteNew(_ number: UInt32, _ record: UnsafePointer<SchemeInstrument>) {
    let subject = record.pointee.subject
    let count = count(record)
    quiet.links.at(Int(number) - 1).pointee = InstrumentLink(
      next: record.pointee.next, following: count - 1)
    if count == 1 {
      let place = quiet.orderCounts.at(subject.raw)
      quiet.order.at(subject.index * commodityCapacity + Int(place.pointee)).pointee =
        UInt16(record.pointee.commodity.raw)
      place.pointee += 1
    }
    noteMoved(number, of: subject)
  }

  /// Counts an instrument; returns how many its commodity has.
  private func count(_ record: UnsafePointer<SchemeInstrument>) -> UInt32 {
    let base = record.pointee.subject.index * quiet.countsPerSubject
    quiet.exchanges.at(record.pointee.commodity.raw).pointee = record.pointee.exchange
    quiet.counts.at(base + commodityCapacity).pointee += 1
    quiet.counts.at(base + commodityCapacity + 1 + record.pointee.exchange.index).pointee += 1
    let own = quiet.counts.at(base + record.pointee.commodity.index)
    own.pointee += 1
    return own.pointee
  }

  /// A subject's commodities, the last one's place first.
  private func findOrder(_ subject: Int) {
    var count = 0
    var next = subjects.at(subject).pointee.firstCommodity
    while next != 0 {
      count += 1
      next = commodities.at(subject * commodityCapacity + Int(next) - 1).pointee.next
    }
    quiet.orderCounts.at(subject).pointee = UInt16(count)
    next = subjects.at(subject).pointee.firstCommodity
    while next != 0 {
      count -= 1
      quiet.order.at(subject * commodityCapacity + count).pointee = UInt16(next - 1)
      let commodity = commodities.at(subject * commodityCapacity + Int(next) - 1)
      findLinks(
        commodity.pointee.firstInstrument,
        quiet.counts.at(subject * quiet.countsPerSubject + Int(next) - 1).pointee)
      next = commodity.pointee.next
    }
  }

  private func findLinks(_ first: UInt32, _ count: UInt32) {
    var (number, following) = (first, count)
    while number != 0 {
      following -= 1
      let next = instrument(number).pointee.next
      quiet.links.at(Int(number) - 1).pointee = InstrumentLink(next: next, following: following)
      number = next
    }
  }

  /// A clause is set, or taken away.
  func noteClause(_ place: UInt32, before: ClauseKind, _ scopeBefore: ClauseScopeKind) {
    let index = Int(place) - 1
    let number = index % SchemeLimits.clausesPerScheme + 1
    let clause = clause(place)
    let (kind, scope) = (clause.pointee.kind, clause.pointee.scopeKind)
    let traits = quiet.traits.at(index / SchemeLimits.clausesPerScheme)
    let isProfit = Self.readsProfit(kind, scope)
    traits.pointee.always.set(
      number,
      kind.isOvernight || kind.measure == .drawdown || kind.measure == .dailyLoss && !isProfit)
    traits.pointee.shares.set(number, kind.measure == .openInterestShare)
    traits.pointee.wide.set(number, kind.isSingle && scope != .instrument)
    let totals = quiet.totals.base
    if Self.readsProfit(before, scopeBefore) { totals.pointee.profitClauses -= 1 }
    if isProfit { totals.pointee.profitClauses += 1 }
  }

  private static func readsProfit(_ kind: ClauseKind, _ scope: ClauseScopeKind) -> Bool {
    kind.measure == .dailyLoss && scope != .product
  }

  /// Finds all of it again, behind tables that were read.
  func findQuiet() {
    forgetQuiet()
    quiet.totals.base.pointee.inProgress = .none
    quiet.totals.base.pointee.profitClauses = 0
    for index in 0..<quiet.counts.capacity { quiet.counts.at(index).pointee = 0 }
    for number in 0..<instrumentCount { _ = count(UnsafePointer(instruments.at(number))) }
    for subject in 0..<subjects.capacity { findOrder(subject) }
    for index in 0..<schemeCount * SchemeLimits.clausesPerScheme {
      noteClause(UInt32(index) + 1, before: .unknown, .unknown)
    }
  }
}
