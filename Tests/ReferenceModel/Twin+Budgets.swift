import Domain
import Messages

/// Accounts of one controller count as one.
enum TwinGroup: Hashable {
  case named(String)
  case owner(Exchange, String)
  case alone(FundAccountID)
}

/// Budgets as they were set, and all that used them today.
struct TwinBudgets {
  struct Key: Hashable {
    var scope: Scope
    var kind: BudgetKind
  }
  struct Code: Hashable {
    var fund: FundAccountID
    var exchange: Exchange
  }
  struct Place: Hashable {
    var group: TwinGroup
    var instrument: InstrumentID
  }
  struct Cancel {
    var place: Place
    var isAtLimit: Bool
    var isLarge: Bool
  }
  struct Trade {
    var place: Place
    var id: VenueID
    var side: Side
  }
  struct Sender: Hashable {
    var group: TwinGroup
    var exchange: Exchange
  }
  struct SenderLevel: Hashable {
    var sender: Sender
    var isAll: Bool
  }
  struct TradeName: Hashable {
    var place: Place
    var id: VenueID
  }

  var isOn = false
  var limits: [Key: Int64] = [:]
  var groups: [FundAccountID: String] = [:]
  var codes: [Code: String] = [:]
  var making: Set<Int> = []
  /// What there is room for in a day: groups and instruments, and trades.
  var room = (places: Int.max, trades: Int.max)

  // Today.
  /// Where anything counts, as it began to, and the fund account that it began with.
  var places: [(place: Place, fund: FundAccountID)] = []
  var tradeNames: Set<TradeName> = []
  var cancels: [Cancel] = []
  var trades: [Trade] = []
  var opened: [(place: Place, lots: Lots)] = []
  var messages: [Sender: [Timestamp]] = [:]
  var bursts: [Sender: Int] = [:]

  /// What was told of, and holds.
  var told: Set<TwinBudgetLevel> = []
  /// What was told of messages, and holds: all of it, or much.
  var toldOfMessages: Set<SenderLevel> = []
  /// Where something was counted in this step.
  var looked: (place: Place, fund: FundAccountID)?
  /// What there is to be told of messages in this step.
  var dueOfMessages: [Notice] = []
  /// Limits are others, or the day has ended: everybody is being told.
  var isAllLookedAt = false

  mutating func forget() {
    places = []
    tradeNames = []
    told = []
    toldOfMessages = []
    looked = nil
    cancels = []
    trades = []
    opened = []
    messages = [:]
    bursts = [:]
  }
}

/// What a group has used in an instrument.
public struct TwinBudgetUse: Equatable, Sendable {
  public var selfTrades = 0
  public var cancels = 0
  public var limitPriceCancels = 0
  public var largeCancels = 0
  public var opened: Int64 = 0
  public var working: Int64 = 0
  public var openedOfCommodity: Int64 = 0
  public var workingOfCommodity: Int64 = 0

  public init() {}
}

// rules.md 8, from the list of everything that happened today.
extension Twin {
  func setBudgets(_ command: Command) {
    switch command {
    case .setBudget(let set):
      budgets.isOn = true
      budgets.limits[TwinBudgets.Key(scope: set.scope, kind: set.kind)] =
        set.limit == .min ? nil : set.limit
      budgets.isAllLookedAt = true
    case .setPlatform(let set):
      switch set.setting {
      case .budgetWarnPercent, .messagesInSecond, .burstsADay: budgets.isAllLookedAt = true
      default: break
      }
    case .setControlGroup(let set):
      budgets.groups[set.fundAccount] = set.name.isEmpty ? nil : set.name.string
    case .setTradingCode(let set):
      budgets.codes[TwinBudgets.Code(fund: set.fundAccount, exchange: set.exchange)] =
        set.code.isEmpty ? nil : set.code.string
    case .setMarketMaking(let set):
      let place = set.fundAccount.index * 1_000 + set.commodity.index
      if set.makesMarket { budgets.making.insert(place) } else { budgets.making.remove(place) }
    default: break
    }
  }

  public func listing(of id: InstrumentID) -> (exchange: Exchange, commodity: CommodityID) {
    (instruments[id.index].exchange, instruments[id.index].commodity)
  }

  func group(_ fund: FundAccountID, _ exchange: Exchange) -> TwinGroup {
    if let name = budgets.groups[fund] { return .named(name) }
    if let code = budgets.codes[TwinBudgets.Code(fund: fund, exchange: exchange)] {
      return .owner(exchange, code)
    }
    return .alone(fund)
  }

  /// How many groups and instruments, and trades, an engine has room for.
  public func setBudgetRoom(places: Int, trades: Int) {
    budgets.room = (places, trades)
  }

  /// Where something of a fund account counts from now on; nil when there is no room.
  func takeBudgetPlace(_ fund: FundAccountID, _ id: InstrumentID) -> TwinBudgets.Place? {
    guard let place = budgetPlace(fund, id) else { return nil }
    if budgets.places.contains(where: { $0.place == place }) { return place }
    guard budgets.places.count < budgets.room.places else { return nil }
    budgets.places.append((place, fund))
    return place
  }

  /// Where something of a fund account counts; nil before anything was ever limited.
  func budgetPlace(_ fund: FundAccountID, _ instrument: InstrumentID) -> TwinBudgets.Place? {
    guard budgets.isOn else { return nil }
    return TwinBudgets.Place(
      group: group(fund, instruments[instrument.index].exchange), instrument: instrument)
  }

  /// The narrowest limit there is.
  func limit(_ kind: BudgetKind, _ id: InstrumentID) -> Int64? {
    let instrument = instruments[id.index]
    for scope in [
      Scope.instrument(id), .commodity(instrument.commodity), .exchange(instrument.exchange),
    ] {
      if let limit = budgets.limits[TwinBudgets.Key(scope: scope, kind: kind)] { return limit }
    }
    return nil
  }

  private func isLarge(_ lots: Lots, _ id: InstrumentID) -> Bool {
    let most = Int64(instruments[id.index].limitLots.upperBound)
    let lots = Int64(lots)
    if let from = limit(.largeLots, id), lots >= from { return true }
    if let percent = limit(.largePercent, id), lots * 1_000_000 >= percent * most { return true }
    if let above = limit(.largeAbovePercent, id), lots * 1_000_000 > above * most { return true }
    return false
  }

  /// The exchange has cancelled lots of a child of a day order.
  func countBudget(cancelled child: TwinChild, _ terms: TwinTerms, lots: Lots) {
    let instrument = instruments[child.instrument.index]
    guard let place = child.budget, terms.timeInForce == .day, child.hedge != .hedge,
      !budgets.making.contains(child.fund.index * 1_000 + instrument.commodity.index)
    else { return }
    budgets.looked = (place, child.fund)
    let isAtLimit =
      terms.type != .market
      && (child.price == instrument.upperLimit || child.price == instrument.lowerLimit)
    budgets.cancels.append(
      TwinBudgets.Cancel(
        place: place, isAtLimit: isAtLimit, isLarge: isLarge(lots, child.instrument)))
  }

  /// A trade of a child, or of nobody's order.
  func countBudget(
    _ trade: CounterTrade, side: Side, offset: Offset, at place: TwinBudgets.Place?
  ) {
    guard let place else { return }
    budgets.looked = (place, trade.fundAccount)
    if offset == .open { budgets.opened.append((place, trade.lots)) }
    guard !trade.tradeID.isEmpty else { return }
    let name = TwinBudgets.TradeName(place: place, id: trade.tradeID)
    guard
      budgets.tradeNames.contains(name) || budgets.tradeNames.count < budgets.room.trades
    else { return }
    budgets.tradeNames.insert(name)
    budgets.trades.append(TwinBudgets.Trade(place: place, id: trade.tradeID, side: side))
  }

  /// What left in a step.
  func countMessages(_ effects: [Effect]) {
    guard let most = platformSettings[.messagesInSecond], most != .min else { return }
    for effect in effects {
      let sent: (fund: FundAccountID, instrument: InstrumentID)
      switch effect {
      case .sendOrder(let order): sent = (order.fundAccount, order.instrument)
      case .sendCancel(let cancel): sent = (cancel.fundAccount, cancel.instrument)
      default: continue
      }
      let exchange = instruments[sent.instrument.index].exchange
      let sender = TwinBudgets.Sender(group: group(sent.fund, exchange), exchange: exchange)
      budgets.messages[sender, default: []].append(now)
      let since = now.adding(nanoseconds: -1_000_000_000)
      guard budgets.messages[sender]!.suffix(64).count(where: { $0 >= since }) >= most else {
        continue
      }
      budgets.messages[sender] = []
      budgets.bursts[sender, default: 0] += 1
      if comingDay == nil { tellMessages(sender, sent.fund, sent.instrument) }
    }
  }

  public func budgetBursts(_ fund: FundAccountID, _ exchange: Exchange) -> Int {
    budgets.bursts[
      TwinBudgets.Sender(group: group(fund, exchange), exchange: exchange), default: 0]
  }

  public func budgetUse(_ fund: FundAccountID, _ id: InstrumentID) -> TwinBudgetUse {
    budgetPlace(fund, id).map { budgetUse(at: $0) } ?? TwinBudgetUse()
  }

  func budgetUse(at place: TwinBudgets.Place) -> TwinBudgetUse {
    var use = TwinBudgetUse()
    let commodity = instruments[place.instrument.index].commodity
    func isMeant(_ other: TwinBudgets.Place) -> Bool {
      other.group == place.group && instruments[other.instrument.index].commodity == commodity
    }
    for cancel in budgets.cancels where cancel.place == place {
      use.cancels += 1
      if cancel.isAtLimit { use.limitPriceCancels += 1 }
      if cancel.isLarge { use.largeCancels += 1 }
    }
    let mine = budgets.trades.filter { $0.place == place }
    use.selfTrades = Set(mine.map(\.id)).count { id in
      Set(mine.filter { $0.id == id }.map(\.side)).count == 2
    }
    for opening in budgets.opened where isMeant(opening.place) {
      use.openedOfCommodity += Int64(opening.lots)
      if opening.place == place { use.opened += Int64(opening.lots) }
    }
    for child in children.values where child.offset == .open {
      guard let at = child.budget, isMeant(at) else { continue }
      use.workingOfCommodity += Int64(child.held)
      if at == place { use.working += Int64(child.held) }
    }
    return use
  }

  /// Rules that bar so many more lots of an instrument at a fund account.
  func brokenBudgets(_ fund: FundAccountID, _ id: InstrumentID, lots: Lots) -> [RuleID] {
    guard budgets.isOn else { return [] }
    let use = budgetUse(fund, id)
    var broken: [RuleID] = []
    for (rule, kind, used) in [
      (RuleID.selfTradeBudget, BudgetKind.selfTrades, use.selfTrades),
      (.cancelBudget, .cancels, use.cancels),
      (.limitPriceCancelBudget, .limitPriceCancels, use.limitPriceCancels),
      (.largeCancelBudget, .largeCancels, use.largeCancels),
    ] {
      if let limit = limit(kind, id), Int64(used) >= limit { broken.append(rule) }
    }
    let own = budgets.limits[TwinBudgets.Key(scope: .instrument(id), kind: .openedLots)]
    let common = budgets.limits[
      TwinBudgets.Key(
        scope: .commodity(instruments[id.index].commodity), kind: .openedLots)]
    if let own, use.opened + use.working + Int64(lots) > own {
      broken.append(.openedLotsBudget)
    } else if let common,
      use.openedOfCommodity + use.workingOfCommodity + Int64(lots) > common
    {
      broken.append(.openedLotsBudget)
    }
    return broken
  }

  /// An opening order's child that a budget of its group bars; what an exit opens is exempt.
  func checkBudgets(_ sent: SendOrder, _ terms: TwinTerms) {
    guard terms.offset == .open, sent.offset == .open else { return }
    let broken = brokenBudgets(sent.fundAccount, sent.instrument, lots: sent.lots)
    if !broken.isEmpty { complain("child \(sent.child) in spite of \(broken)") }
  }
}
