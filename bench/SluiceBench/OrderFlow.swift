import Domain
import Ledger
import Messages

/// The bench's flow: 45 % opens and 25 % closes that pass, 20 % cancels, 10 % refusals spread
/// over the rules.
struct OrderFlow {
  enum Kind: Int, CaseIterable { case open, close, cancel, refusal }

  struct Working {
    var order: OrderID
    var account: OperationAccountID
  }

  let population: Population
  /// Nine in ten orders from this many accounts; 0 = every account alike.
  let hotAccounts: Int
  var random: Xoshiro
  private var nextID: UInt64 = 1
  private(set) var working: [Working] = []
  private var refusalIndex = 0

  init(population: Population, hotAccounts: Int, seed: UInt64) {
    self.population = population
    self.hotAccounts = hotAccounts
    random = Xoshiro(seed: seed)
    working.reserveCapacity(population.orders)
  }

  mutating func account() -> Int {
    if hotAccounts > 0, random.below(10) != 0 { return random.below(hotAccounts) }
    return random.below(population.accounts)
  }

  private mutating func clientID() -> ClOrdID {
    var id = ClOrdID()
    var value = nextID
    nextID += 1
    for index in stride(from: 11, through: 0, by: -1) {
      id.bytes[index] = UInt8(48 + value % 10)
      value /= 10
    }
    return id
  }

  mutating func next() -> (Kind, Command) {
    let pick = random.below(100)
    if pick < 45 { return (.open, open(account())) }
    if pick < 70 { return (.close, close()) }
    if pick < 90, let command = cancel() { return (.cancel, command) }
    if pick < 90 { return (.open, open(account())) }
    return (.refusal, refusal())
  }

  mutating func order(_ account: Int, _ instrument: InstrumentID) -> NewOrder {
    NewOrder(
      session: SessionID(1), account: OperationAccountID(UInt32(account)),
      instrument: instrument, clOrdID: clientID(), side: .buy, offset: .open,
      hedge: .speculation, type: .limit, timeInForce: .day,
      price: Population.price(instrument), lots: Lots(1 + random.below(3)), minimumLots: 0)
  }

  mutating func open(_ account: Int) -> Command {
    let instrument =
      random.below(10) < 7
      ? population.instrument(
        ofAccount: account, random.below(population.positionsPerAccount))
      : InstrumentID(UInt32(random.below(population.instruments)))
    var order = order(account, instrument)
    let isBuy = random.below(2) == 0
    order.side = isBuy ? .buy : .sell
    // A few ticks away from the other side, so that working orders of one owner don't cross.
    let away = Int64(1 + random.below(20)) * Price.unitsPerYuan
    order.price.units += isBuy ? -away : away
    return .newOrder(order)
  }

  private mutating func close() -> Command {
    let account = account()
    let index = random.below(population.positionsPerAccount)
    let instrument = population.instrument(ofAccount: account, index)
    var order = order(account, instrument)
    order.offset = .close
    order.lots = 1
    let isLong = index % 2 == 0
    order.side = isLong ? .sell : .buy
    order.price.units += isLong ? Price.unitsPerYuan : -Price.unitsPerYuan
    return .newOrder(order)
  }

  private mutating func cancel() -> Command? {
    guard !working.isEmpty else { return nil }
    let index = random.below(working.count)
    let target = working[index]
    working.swapAt(index, working.count - 1)
    working.removeLast()
    return .cancelOrder(
      CancelOrder(
        session: SessionID(1), account: target.account, requestID: ClOrdID(),
        target: target.order, targetClOrdID: ClOrdID()))
  }

  mutating func remember(_ order: OrderID, _ account: OperationAccountID) {
    working.append(Working(order: order, account: account))
  }

  /// The refusals, in turn: each breaks one rule.
  private mutating func refusal() -> Command {
    let account = account()
    let instrument = population.instrument(ofAccount: account, random.below(10))
    var order = order(account, instrument)
    refusalIndex += 1
    switch refusalIndex % 12 {
    case 0: order.instrument = .none
    case 1: order.side = .unknown
    case 2: order.hedge = .unknown
    case 3: order.lots = 501
    case 4: order.price.units += 1
    case 5: order.price.units = order.price.units * 12 / 10 / 10_000 * 10_000
    case 6: order.hedge = .hedge
    case 7: order.lots = 450
    case 8: order.price.units = order.price.units * 11 / 10 / 10_000 * 10_000
    case 9:
      order.offset = .closeToday
      order.lots = 499
    case 10:
      order.offset = .close
      order.side = .sell
      order.lots = 400
    default:
      order.type = .market
    }
    return .newOrder(order)
  }
}
