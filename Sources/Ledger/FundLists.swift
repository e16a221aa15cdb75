import Domain
import Storage

/// Which of a fund account's two lists of instruments there are (AMS manual 8.4): one of the day
/// session, one of the night session.
public struct FundLists: OptionSet, Sendable, BitwiseCopyable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Something is on the list.
  @inlinable public static var dayRows: FundLists { FundLists(rawValue: 1) }
  /// Only what is listed may be opened.
  @inlinable public static var dayOnly: FundLists { FundLists(rawValue: 2) }
  @inlinable public static var nightRows: FundLists { FundLists(rawValue: 4) }
  @inlinable public static var nightOnly: FundLists { FundLists(rawValue: 8) }

  /// The list of a session by its two facts; nil when there is none.
  @inlinable public func list(isNight: Bool) -> (hasRows: Bool, onlyListed: Bool)? {
    let hasRows = contains(isNight ? .nightRows : .dayRows)
    let onlyListed = contains(isNight ? .nightOnly : .dayOnly)
    return hasRows || onlyListed ? (hasRows, onlyListed) : nil
  }
}

extension Ledger {
  /// Whether a fund account's own list of the session lets it open an instrument; nil when it has
  /// no list. An empty list bars nothing, and as "only these" everything.
  @inline(__always)
  public func allows(
    _ fund: UnsafePointer<FundAccountRecord>, _ figures: UnsafePointer<CommodityFigures>?,
    _ instrument: InstrumentID, isNight: Bool
  ) -> Bool? {
    guard let list = fund.pointee.lists.list(isNight: isNight) else { return nil }
    guard let figures else { return !list.onlyListed }
    let isListed =
      (isNight ? figures.pointee.isListedAtNight : figures.pointee.isListed)
      || lists(figures, instrument, isNight ? .tradableAtNight : .tradable)
    return isListed == list.onlyListed
  }

  /// Whether a row of figures lists an instrument.
  public func lists(
    _ figures: UnsafePointer<CommodityFigures>, _ instrument: InstrumentID, _ kind: LimitRowKind
  ) -> Bool {
    var number = figures.pointee.firstRow
    while number != 0 {
      let row = limitRow(number)
      if row.pointee.kind == kind, row.pointee.instrument == instrument {
        return row.pointee.lots == 1
      }
      number = row.pointee.next
    }
    return false
  }

  /// Whether anything is on a holder's list: of the day, which is an operation account's only one,
  /// or of the night. Looks at every commodity.
  public func hasListings(_ holder: HolderID, isNight: Bool) -> Bool {
    let kind: LimitRowKind = isNight ? .tradableAtNight : .tradable
    for commodity in 0..<capacities.commodities {
      let number = figuresNumber(holder, CommodityID(UInt32(commodity)))
      guard number != 0 else { continue }
      let figures = self.figures(number)
      if isNight ? figures.pointee.isListedAtNight : figures.pointee.isListed { return true }
      var rowNumber = figures.pointee.firstRow
      while rowNumber != 0 {
        let row = limitRow(rowNumber)
        if row.pointee.kind == kind, row.pointee.lots == 1 { return true }
        rowNumber = row.pointee.next
      }
    }
    return false
  }

  /// Lists a commodity or, where one is named, an instrument of it for a fund account, or takes it
  /// off. False when the tables are full.
  public mutating func setTradable(
    _ fundAccount: FundAccountID, _ commodity: CommodityID, _ instrument: InstrumentID,
    isNight: Bool, listed: Bool
  ) -> Bool {
    let holder = holder(of: fundAccount)
    let isTaken: Bool
    if instrument.isNone {
      isTaken = changeFigures(holder, commodity) { figures in
        if isNight {
          figures.pointee.isListedAtNight = listed
        } else {
          figures.pointee.isListed = listed
        }
      }
    } else {
      isTaken = changeLimitRow(
        holder, commodity, kind: isNight ? .tradableAtNight : .tradable, instrument: instrument,
        hedge: .unknown
      ) { $0.pointee.lots = listed ? 1 : 0 }
    }
    guard isTaken else { return false }
    set(
      isNight ? .nightRows : .dayRows, hasListings(holder, isNight: isNight), of: fundAccount)
    return true
  }

  /// Sets or clears one fact of a fund account's lists, and tells its product.
  public mutating func set(_ fact: FundLists, _ isSet: Bool, of fundAccount: FundAccountID) {
    let fund = fundAccounts.at(fundAccount.raw)
    if isSet { fund.pointee.lists.insert(fact) } else { fund.pointee.lists.remove(fact) }
    let product = fund.pointee.product
    guard !product.isNone else { return }
    let record = products.at(product.raw)
    var hasLists = false
    for index in 0..<Int(record.pointee.fundAccountCount) {
      let lists = fundAccounts.at(record.pointee.fundAccounts[index].raw).pointee.lists
      if !lists.isEmpty { hasLists = true }
    }
    sharedLists.set(.ofFundAccounts, hasLists, product)
  }
}
