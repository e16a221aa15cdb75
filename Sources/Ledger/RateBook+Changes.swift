import Domain
import Storage

// What changes rates. Each is taken whole or not at all, and holds from the next look-up on.
extension RateBook {
  /// Where the number of an owner is kept; nil for the platform, whose is 0.
  private func number(of owner: RateOwner) -> UnsafeMutablePointer<UInt32>? {
    switch owner {
    case .platform: nil
    case .everybody: ownerOfEverybody.base
    case .account(let id): ownerOfAccount.at(id.raw)
    case .template(let id): ownerOfTemplate.at(id.raw)
    case .fundAccount(let id): ownerOfFund.at(id.raw)
    case .product(let id): ownerOfProduct.at(id.raw)
    case .counter(let id): ownerOfCounter.at(id.raw)
    }
  }

  /// Whether an owner has ever set a rate.
  func hasRates(_ owner: RateOwner) -> Bool {
    number(of: owner).map { $0.pointee != 0 } ?? true
  }

  /// Whether a rate of an owner can be set at a place, `.none` = for the whole commodity.
  func hasRoom(
    _ owner: RateOwner, _ commodity: CommodityID, _ instrument: InstrumentID
  ) -> Bool {
    let known = number(of: owner).map(\.pointee) ?? 0
    let isNew = owner != .platform && known == 0
    if isNew, !entries.hasFreeOwner { return false }
    switch owner {
    case .fundAccount(let fund), .counter(let fund):
      if profileOf.at(RateSubject.fund(fund).raw).pointee == 0, profiles.free == 0 {
        return false
      }
    case .platform, .everybody, .account, .template, .product: break
    }
    return entries.hasRoom(isNew ? nil : known, commodity, instrument)
  }

  /// Sets one part of an owner's rates; `.unknown` takes it away. The caller asked `hasRoom`.
  ///
  /// - Parameter product: of a fund account or its counter.
  mutating func set(
    _ rates: RateSet, _ part: RatePart, _ method: RateMethod, _ owner: RateOwner,
    commodity: CommodityID, instrument: InstrumentID, product: ProductID
  ) {
    var number: UInt32 = 0
    if let place = self.number(of: owner) {
      if place.pointee == 0 { place.pointee = entries.addOwner() }
      number = place.pointee
    }
    entries.set(
      rates, part, method, owner: number, commodity: commodity, instrument: instrument)
    switch owner {
    case .fundAccount(let fund), .counter(let fund): addProfile(of: fund, product)
    case .platform, .everybody, .account, .template, .product: break
    }
    epoch += 1
  }

  /// A fund account with rates of its own, or of its counter's, no longer has everybody's.
  private mutating func addProfile(of fund: FundAccountID, _ product: ProductID) {
    let place = profileOf.at(RateSubject.fund(fund).raw)
    guard place.pointee == 0 else { return }
    guard let number = profiles.take() else {
      preconditionFailure("a fund account's rates are set when there is a profile for them")
    }
    var profile = RateProfile()
    profile.fund = fund
    profiles.at(number).pointee = profile
    place.pointee = number
    follow(product)
  }

  // MARK: Products

  /// Whether accounts that follow the platform follow the fund account with both parts: then a
  /// product has the very profile of the fund account.
  private var followsFunds: Bool {
    defaultModes[0] == .fundAccount && defaultModes[1] == .fundAccount
  }

  /// Whether a product more can be had.
  var hasRoomForProduct: Bool { followsFunds || profiles.free > 0 }

  /// Gives a product the profile that it has now. The caller asked for room.
  mutating func follow(_ product: ProductID) {
    guard !product.isNone else { return }
    let place = profileOf.at(RateSubject.product(product).raw)
    if followsFunds {
      giveBackOwn(place)
      place.pointee =
        reader(product).map {
          profileOf.at(RateSubject.fund($0).raw).pointee
        } ?? 0
      return
    }
    if place.pointee != 0, profiles.at(place.pointee).pointee.fund.isNone { return }
    guard let number = profiles.take() else {
      preconditionFailure("a product has a profile where there is room for it")
    }
    var profile = RateProfile()
    profile.product = product
    profiles.at(number).pointee = profile
    place.pointee = number
    epoch += 1
  }

  private mutating func giveBackOwn(_ place: UnsafeMutablePointer<UInt32>) {
    guard place.pointee != 0, profiles.at(place.pointee).pointee.fund.isNone else { return }
    profiles.put(place.pointee)
  }

  /// Changes what accounts take that follow the platform. False, and nothing changed, when there
  /// is no room for the products' own profiles.
  mutating func setDefault(_ part: RatePart, _ mode: RateMode, products: Int) -> Bool {
    let other = defaultModes[1 - Int(part.rawValue)]
    let staysApart = mode != .fundAccount || other != .fundAccount
    if staysApart, followsFunds, profiles.free < products { return false }
    defaultModes[Int(part.rawValue)] = mode
    for index in 0..<products { follow(ProductID(UInt32(index))) }
    epoch += 1
    return true
  }

  /// Makes a product read its rates from a fund account; true when that changes any.
  mutating func setReader(_ product: ProductID, _ fund: FundAccountID) -> Bool {
    let place = readers.at(product.raw)
    let before = place.pointee == 0 ? 0 : profile(of: FundAccountID(place.pointee - 1))
    let reader = fund.isNone ? 0 : fund.raw + 1
    guard place.pointee != reader else { return false }
    place.pointee = reader
    follow(product)
    epoch += 1
    return before != (fund.isNone ? 0 : profile(of: fund))
  }

  private func profile(of fund: FundAccountID) -> UInt32 {
    profileOf.at(RateSubject.fund(fund).raw).pointee
  }

  // MARK: Operation accounts

  /// Whether an account with these settings can be had in place of what it has.
  func hasRoom(for profile: RateProfile, insteadOf old: RateSubject) -> Bool {
    if profile.saysNothing || profiles.free > 0 || find(profile) != 0 { return true }
    let number = old.profileNumber
    return number != 0 && profiles.at(number).pointee.references == 1
  }

  /// Exchanges an account's subject for that of its settings. The caller asked `hasRoom`.
  mutating func exchange(_ old: RateSubject, for profile: RateProfile) -> RateSubject {
    let known = find(profile)
    if !profile.saysNothing, known != 0, known == old.profileNumber { return old }
    release(old.profileNumber)
    if profile.saysNothing { return .product(profile.product) }
    // What was given back may have been the one that was known.
    if known != 0 {
      profiles.at(known).pointee.references += 1
      return .profile(known)
    }
    guard let number = profiles.take() else {
      preconditionFailure("an account has a profile where there is room for it")
    }
    let bucket = buckets.at(Int(profile.remainder % UInt64(buckets.capacity)))
    var profile = profile
    profile.references = 1
    profile.next = bucket.pointee
    profiles.at(number).pointee = profile
    bucket.pointee = number
    profileOf.at(RateSubject.profile(number).raw).pointee = number
    // Another one may have had the number: nothing of it is kept.
    epoch += 1
    return .profile(number)
  }

  private func find(_ profile: RateProfile) -> UInt32 {
    var number = buckets.at(Int(profile.remainder % UInt64(buckets.capacity))).pointee
    while number != 0 {
      if profiles.at(number).pointee.isLike(profile) { return number }
      number = profiles.at(number).pointee.next
    }
    return 0
  }

  private mutating func release(_ number: UInt32) {
    guard number != 0 else { return }
    let profile = profiles.at(number)
    profile.pointee.references -= 1
    guard profile.pointee.references == 0 else { return }
    var link = buckets.at(Int(profile.pointee.remainder % UInt64(buckets.capacity)))
    while link.pointee != number {
      link = UnsafeMutableRawPointer(profiles.at(link.pointee)).assumingMemoryBound(
        to: UInt32.self)
    }
    link.pointee = profile.pointee.next
    profileOf.at(RateSubject.profile(number).raw).pointee = 0
    profiles.put(number)
  }

  // MARK: State

  mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try entries.pass(through: &archive)
    try archive.pass(ownerOfEverybody)
    try archive.pass(ownerOfAccount)
    try archive.pass(ownerOfTemplate)
    try archive.pass(ownerOfFund)
    try archive.pass(ownerOfProduct)
    try archive.pass(ownerOfCounter)
    try archive.pass(profileOf)
    try profiles.pass(through: &archive)
    try archive.pass(buckets)
    try archive.pass(readers)
    try archive.pass(&defaultModes)
    try options.pass(through: &archive)
    epoch += 1
  }

  /// What was set, by whom, and what it is read from; profiles follow from accounts' settings.
  func hash(into hasher: inout StateHasher) {
    entries.hash(into: &hasher)
    hash(ownerOfEverybody, into: &hasher)
    hash(ownerOfAccount, into: &hasher)
    hash(ownerOfTemplate, into: &hasher)
    hash(ownerOfFund, into: &hasher)
    hash(ownerOfProduct, into: &hasher)
    hash(ownerOfCounter, into: &hasher)
    hash(readers, into: &hasher)
    hasher.combine(UInt64(defaultModes[0].rawValue) << 8 | UInt64(defaultModes[1].rawValue))
    // Options' terms and prior settlements are the market's, which is hashed with them.
  }

  private func hash(_ numbers: borrowing Table<UInt32>, into hasher: inout StateHasher) {
    for index in 0..<numbers.capacity where numbers.at(index).pointee != 0 {
      hasher.combine(UInt64(index) << 32 | UInt64(numbers.at(index).pointee))
    }
    hasher.combine(UInt64(0))
  }
}
