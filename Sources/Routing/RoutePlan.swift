import Domain
import Ledger
import MarketData
import Storage

/// One fund account of the product while an order is split.
public struct Candidate: BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var priority: Int32
  // Where its lines of the books are, found once.
  var fund: UnsafePointer<FundAccountRecord>
  var holder: UnsafePointer<HolderRecord>
  /// Its first position record in the instrument, and that of the order's hedge flag.
  var head: UnsafePointer<PositionRecord>?
  var position: UnsafePointer<PositionRecord>?
  var figures: UnsafePointer<CommodityFigures>?
  /// What its children are held at; nil when none are configured.
  var rates: UnsafePointer<RateSet>?
  /// Equity for ratio mode; negative counts as 0 (decisions 29).
  public var equity: Int64
  /// Available funds less the reserve and the fees that its closing children freeze.
  public var funds: Int64
  /// Scratch of ratio mode: the same after what was given so far.
  public var fundsLeft: Int64
  /// Lots held of the instrument, both sides together, before this order.
  public var held: Int64
  /// Most lots it may take of this order (in net mode: may open).
  public var capacity: Lots
  /// Lots it could close of the order's offset (in net mode: of the opposite side).
  public var closable: Lots
  public var closableToday: Lots
  /// Under a lock mode: most lots of a close that it may open opposite.
  var lockable: Lots
  /// Lots of the order's side that could be closed there were the order large enough: what
  /// closing in ratio mode is in proportion to. 0 when the account can't take any of it.
  public var closableInAll: Lots
  /// Lots given to it so far.
  public var given: Lots
  /// The order could cross a working one of the account's own legal owner.
  var couldCross: Bool
  /// A closing child here could cross it (decisions 27).
  public var crosses: Bool
  /// Left out: it refused this order before.
  public var isExcluded: Bool
  /// Scratch of ratio mode: the fractional part's numerator over total equity.
  public var remainder: UInt128
  public var wantsMore: Bool
  /// The opening hold of `holdLots` lots; 0 lots = not computed.
  public var holdLots: Lots
  public var hold: Hold
  /// Why it can't take more.
  public var refusal: Refusal

  /// What of its capacity an opening order would open.
  var opening: Lots { max(capacity - closable - closableToday, 0) }

  @inlinable public var room: Lots { isExcluded ? 0 : capacity - given }
}

/// One child order to be.
public struct PlannedChild: BitwiseCopyable {
  public var fundAccount: FundAccountID
  public var offset: Offset
  public var lots: Lots
  public var hold: Hold
  /// Sent although it may cross its own legal owner: with a notice.
  public var crosses: Bool
}

/// What an order would become: the children, or why not. Fixed scratch, reused for every order.
public struct RoutePlan: ~Copyable {
  private let pinned = Pinned()
  public let candidates: Table<Candidate>
  public internal(set) var candidateCount = 0
  let planned: Table<PlannedChild>
  /// Of each candidate, while a group's budget is shared.
  let budgetShares: Table<BudgetShare>
  public internal(set) var childCount = 0
  /// Lots that found a place.
  public internal(set) var placed: Lots = 0
  /// Why nothing, or not everything, could be placed; none when all was.
  public internal(set) var refusal = Refusal.none

  public init() {
    candidates = Table(capacity: LedgerCapacities.fundAccountsPerProduct)
    planned = Table(capacity: LedgerCapacities.fundAccountsPerProduct * 3)
    budgetShares = Table(capacity: LedgerCapacities.fundAccountsPerProduct)
  }

  public func child(_ index: Int) -> UnsafePointer<PlannedChild> {
    precondition(index < childCount, "a planned child's index is in the plan")
    return UnsafePointer(planned.at(index))
  }

  mutating func reset() {
    candidateCount = 0
    childCount = 0
    placed = 0
    refusal = .none
  }

  // MARK: A plan of the past

  /// Begins a plan whose children are known. `refusal` says why lots are left.
  public mutating func begin(leaving refusal: Refusal) {
    reset()
    self.refusal = refusal
  }

  public var hasRoom: Bool { childCount < planned.capacity }

  /// Adds a child as it was sent; its hold is taken at the rates in force.
  public mutating func add(
    _ fundAccount: FundAccountID, _ offset: Offset, _ lots: Lots, _ request: RouteRequest,
    _ ledger: borrowing Ledger, _ market: borrowing Market
  ) {
    let id = request.order.pointee.instrument
    let instrument = market.instrument(id)
    let rates = ledger.rates(ledger.holder(of: fundAccount), id, instrument.pointee.commodity)
    let hold = request.childHold(offset, lots, rates, instrument) ?? .zero
    add(fundAccount, offset, lots, hold, crosses: false)
  }

  mutating func add(
    _ fundAccount: FundAccountID, _ offset: Offset, _ lots: Lots, _ hold: Hold,
    crosses: Bool
  ) {
    let child = planned.at(childCount)
    child.pointee.fundAccount = fundAccount
    child.pointee.offset = offset
    child.pointee.lots = lots
    child.pointee.hold = hold
    child.pointee.crosses = crosses
    childCount += 1
    placed += lots
  }
}

/// What is to be split.
public struct RouteRequest: BitwiseCopyable {
  public var order: UnsafePointer<OrderTerms>
  public var product: ProductID
  public var holdPrice: Price
  /// What the whole order is held at by `rates`; a child of as many lots at the same rates is held
  /// at the same. Nil rates: not known.
  public var hold: Hold
  public var rates: UnsafePointer<RateSet>?
  /// Lots to place: all of a new order, or what a counter refused.
  public var lots: Lots
  /// Of the order whose ties are drawn.
  public var orderSequence: UInt64
  /// Bit per place in the product's list of fund accounts: left out.
  public var excluded: UInt32
  public var now: Timestamp
  /// A forced order: no bar of an order rate holds it up.
  public var isForced = false
  /// A forced order that found no place within the limits of the fund accounts: in net mode, where
  /// an exit may open at the counter, they don't bind (decisions 27).
  public var isExempt = false
  /// The instrument trades in its night session; known where a fund account has a list.
  var isNight = false
  /// Children are multiples of so many lots.
  var unit: Lots = 1

  public init(
    order: UnsafePointer<OrderTerms>, product: ProductID, holdPrice: Price, hold: Hold = .zero,
    rates: UnsafePointer<RateSet>? = nil, lots: Lots, orderSequence: UInt64, excluded: UInt32,
    now: Timestamp
  ) {
    self.order = order
    self.product = product
    self.holdPrice = holdPrice
    self.hold = hold
    self.rates = rates
    self.lots = lots
    self.orderSequence = orderSequence
    self.excluded = excluded
    self.now = now
  }

  /// The hold of a child; nil without rates or price, and when it is out of range.
  func childHold(
    _ offset: Offset, _ lots: Lots, _ rates: UnsafePointer<RateSet>?,
    _ instrument: UnsafePointer<InstrumentRecord>
  ) -> Hold? {
    guard let rates else { return nil }
    if rates == self.rates, lots == order.pointee.lots, offset == order.pointee.offset {
      return hold
    }
    return Ledger.hold(
      instrument, rates, side: order.pointee.side, offset: offset, lots: lots, price: holdPrice)
  }
}
