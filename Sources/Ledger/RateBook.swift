import Domain
import Storage

/// Everybody's rates: what was set, who takes it how, and what comes of it (rules.md 6; decisions
/// 10; AMS manual 6.1, 6.2, notes 8 and 10).
///
/// What comes of it is looked up once for a profile and an instrument and kept until any rate
/// changes, so an order finds its rates at one place whatever the ladder.
public struct RateBook: ~Copyable {
  private let pinned = Pinned()
  var entries: RateTable
  /// The owner number in `entries`; 0 = it has set none.
  let ownerOfEverybody: Table<UInt32>
  let ownerOfAccount: Table<UInt32>
  let ownerOfTemplate: Table<UInt32>
  let ownerOfFund: Table<UInt32>
  let ownerOfProduct: Table<UInt32>
  let ownerOfCounter: Table<UInt32>
  /// The profile of each subject; 0 = the platform's rates.
  let profileOf: Table<UInt32>
  var profiles: NodePool<RateProfile>
  /// Profiles of operation accounts by the remainder of their settings.
  let buckets: Table<UInt32>
  /// The fund account that a product reads its rates from, from 1; 0 = there is none yet.
  let readers: Table<UInt32>
  /// What accounts take that follow the platform: `.own` or `.fundAccount`.
  var defaultModes = InlineArray<2, RateMode>(repeating: .fundAccount)
  // What follows is no part of the state: it is looked up again.
  let resolved: Table<ResolvedRates>
  let instruments: Int
  let options: OptionBook
  var epoch: UInt64 = 1

  init(_ capacities: LedgerCapacities) {
    entries = RateTable(
      owners: capacities.rateOwners, instruments: capacities.instruments,
      commodities: capacities.commodities, rows: capacities.rates)
    ownerOfEverybody = Table(capacity: 1)
    ownerOfAccount = Table(capacity: capacities.operationAccounts)
    ownerOfTemplate = Table(capacity: capacities.templates)
    ownerOfFund = Table(capacity: capacities.fundAccounts)
    ownerOfProduct = Table(capacity: capacities.products)
    ownerOfCounter = Table(capacity: capacities.fundAccounts)
    let subjects = max(
      capacities.products, max(capacities.fundAccounts, capacities.rateProfiles + 1))
    profileOf = Table(capacity: subjects * 4)
    profiles = NodePool(capacity: capacities.rateProfiles)
    buckets = Table(capacity: max(capacities.rateProfiles, 1))
    readers = Table(capacity: capacities.products)
    instruments = capacities.instruments
    options = OptionBook(instruments: capacities.instruments)
    // Found again piece by piece: nobody waits for all of its memory.
    resolved = Table(
      capacity: (capacities.rateProfiles + 1) * capacities.instruments, isSparse: true)
  }

  /// The rates of a subject in an instrument; nil when margin or fee has none.
  public func find(
    _ subject: RateSubject, _ instrument: InstrumentID, _ commodity: CommodityID
  ) -> UnsafePointer<RateSet>? {
    let profile = profileOf.at(subject.raw).pointee
    let place = resolved.at(Int(profile) &* instruments &+ instrument.index)
    if place.pointee.epoch != epoch { resolve(place, profile, instrument, commodity) }
    guard place.pointee.isKnown != 0 else { return nil }
    return UnsafePointer(
      UnsafeMutableRawPointer(place).assumingMemoryBound(to: RateSet.self))
  }

  /// What says where a subject's rates are.
  @inline(__always) func prefetchProfile(_ subject: RateSubject) {
    profileOf.prefetch(subject.index, lines: 1)
  }

  /// A subject's rates in an instrument.
  @inline(__always) func prefetch(_ subject: RateSubject, _ instrument: InstrumentID) {
    let profile = profileOf.at(subject.raw).pointee
    resolved.prefetch(Int(profile) &* instruments &+ instrument.index)
  }

  // MARK: The ladder

  @inline(never)
  private func resolve(
    _ place: UnsafeMutablePointer<ResolvedRates>, _ profile: UInt32, _ instrument: InstrumentID,
    _ commodity: CommodityID
  ) {
    place.pointee.epoch = epoch
    place.pointee.isKnown = 0
    let at = RatePlace(instrument: instrument, commodity: commodity)
    if options.isOption(instrument) { return resolveOption(place, profile, at) }
    guard let margin = rates(profile, at, .margin), let fee = rates(profile, at, .fee) else {
      return
    }
    place.pointee.rates = margin
    place.pointee.rates.copy(.fee, of: fee)
    place.pointee.isKnown = 1
  }

  /// An option's fees are its own, its margin comes of its underlying's: it has none that is set.
  private func resolveOption(
    _ place: UnsafeMutablePointer<ResolvedRates>, _ profile: UInt32, _ at: RatePlace
  ) {
    guard let fee = rates(profile, at, .fee) else { return }
    let row = options.row(at.instrument)
    let future = RatePlace(
      instrument: row.pointee.underlying, commodity: row.pointee.commodity)
    let shortLot = options.shortLot(row, rates(profile, future, .margin))
    place.pointee.rates = fee.ofOption(shortLot: shortLot)
    place.pointee.isKnown = 1
  }

  /// What was looked up is old: a price that margins depend on has changed.
  mutating func forget() { epoch += 1 }

  /// What a profile takes of a part; nil when there is nothing to take.
  private func rates(_ number: UInt32, _ place: RatePlace, _ part: RatePart) -> RateSet? {
    guard number != 0 else { return ofPlatform(place, part) }
    let profile = profiles.at(number).pointee
    if !profile.fund.isNone { return ofFund(profile.fund, place, part) }
    return mode(profile.mode(part), part) == .own
      ? ofLadder(profile, place, part) : ofReader(profile.product, place, part)
  }

  private func mode(_ mode: RateMode, _ part: RatePart) -> RateMode {
    mode == .system ? defaultModes[Int(part.rawValue)] : mode
  }

  /// The exchange's: what there is while no counter has reported any.
  private func ofPlatform(_ place: RatePlace, _ part: RatePart) -> RateSet? {
    guard let entry = entries.find(0, place.instrument, place.commodity, part),
      entry.pointee.method(part) == .asItIs
    else { return nil }
    return entry.pointee.rates
  }

  /// What a fund account's counter reports, else the exchange's.
  private func ofCounter(
    _ fund: FundAccountID, _ place: RatePlace, _ part: RatePart
  ) -> RateSet? {
    find(ownerOfCounter.at(fund.raw).pointee, place, part)?.pointee.rates
      ?? ofPlatform(place, part)
  }

  /// What a fund account pays: its own rates here, else its counter's.
  private func ofFund(_ fund: FundAccountID, _ place: RatePlace, _ part: RatePart) -> RateSet? {
    guard let entry = find(ownerOfFund.at(fund.raw).pointee, place, part) else {
      return ofCounter(fund, place, part)
    }
    let method = entry.pointee.method(part)
    if method == .asItIs { return entry.pointee.rates }
    guard let base = ofCounter(fund, place, part) else { return nil }
    return entry.pointee.rates.taken(part, method, of: base)
  }

  /// What the fund account pays that a product reads its rates from.
  private func ofReader(
    _ product: ProductID, _ place: RatePlace, _ part: RatePart
  ) -> RateSet? {
    guard let fund = reader(product) else { return ofPlatform(place, part) }
    return ofFund(fund, place, part)
  }

  /// The first step that has set anything decides, an instrument before its commodity (decisions
  /// 10): the account's own, its template, the fund account, the product, everybody, the counter.
  private func ofLadder(
    _ profile: RateProfile, _ place: RatePlace, _ part: RatePart
  ) -> RateSet? {
    let account = profile.account
    if !account.isNone,
      let entry = find(ownerOfAccount.at(account.raw).pointee, place, part)
    {
      return taken(entry, profile.product, place, part)
    }
    let template = profile.template(part)
    if !template.isNone,
      let entry = find(ownerOfTemplate.at(template.raw).pointee, place, part)
    {
      return taken(entry, profile.product, place, part)
    }
    let fund = reader(profile.product)
    if let fund, find(ownerOfFund.at(fund.raw).pointee, place, part) != nil {
      return ofFund(fund, place, part)
    }
    if !profile.product.isNone,
      let entry = find(ownerOfProduct.at(profile.product.raw).pointee, place, part)
    {
      return taken(entry, profile.product, place, part)
    }
    if let entry = find(ownerOfEverybody.base.pointee, place, part) {
      return taken(entry, profile.product, place, part)
    }
    guard let fund else { return ofPlatform(place, part) }
    return ofCounter(fund, place, part)
  }

  /// What an owner other than the platform has set.
  private func find(
    _ owner: UInt32, _ place: RatePlace, _ part: RatePart
  ) -> UnsafePointer<RateEntry>? {
    owner == 0 ? nil : entries.find(owner, place.instrument, place.commodity, part)
  }

  /// What a step of the ladder says, by what the product's fund account pays where it is relative.
  private func taken(
    _ entry: UnsafePointer<RateEntry>, _ product: ProductID, _ place: RatePlace, _ part: RatePart
  ) -> RateSet? {
    let method = entry.pointee.method(part)
    if method == .asItIs { return entry.pointee.rates }
    guard let base = ofReader(product, place, part) else { return nil }
    return entry.pointee.rates.taken(part, method, of: base)
  }

  /// The fund account that a product reads its rates from; nil when there is none yet.
  func reader(_ product: ProductID) -> FundAccountID? {
    guard !product.isNone else { return nil }
    let reader = readers.at(product.raw).pointee
    return reader == 0 ? nil : FundAccountID(reader - 1)
  }
}

/// Where rates are looked up.
private struct RatePlace {
  var instrument: InstrumentID
  var commodity: CommodityID
}
