import Domain

/// One side of an instrument's book: the accounts' working orders by price, then by time.
struct BookSide: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    /// Higher is better: the price of a bid, the negated price of an offer.
    var rank: Int64
    /// When it came; lower is better.
    var arrival: UInt64
    /// Its place in the exchange's list of orders.
    var order: Int

    /// Whether it stands behind another in the book.
    func isBehind(_ other: Entry) -> Bool {
      rank != other.rank ? rank < other.rank : arrival > other.arrival
    }
  }

  private let isBid: Bool
  /// The best one last, where taking it off costs nothing.
  private(set) var entries: [Entry] = []

  init(isBid: Bool) { self.isBid = isBid }

  var best: Entry? { entries.last }
  /// Best first.
  var inPriority: ReversedCollection<[Entry]> { entries.reversed() }

  func rank(_ price: Price) -> Int64 { isBid ? price.units : -price.units }

  mutating func insert(order: Int, price: Price, arrival: UInt64) {
    let entry = Entry(rank: rank(price), arrival: arrival, order: order)
    entries.insert(entry, at: place(of: entry))
  }

  mutating func remove(order: Int, price: Price, arrival: UInt64) {
    let entry = Entry(rank: rank(price), arrival: arrival, order: order)
    let index = place(of: entry)
    precondition(
      index < entries.count && entries[index] == entry, "a working order stands in its book")
    entries.remove(at: index)
  }

  mutating func removeBest() { entries.removeLast() }

  /// The first place whose entry is not behind this one.
  private func place(of entry: Entry) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].isBehind(entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// What the exchange knows of one instrument besides its listing.
struct InstrumentBook: Equatable, Sendable {
  var bids = BookSide(isBid: true)
  var offers = BookSide(isBid: false)
  /// The rest of the market, as the last tick showed it less what our orders took since.
  var marketBid = BookLevel.none
  var marketAsk = BookLevel.none
  var last = Price.none
  var phase = TradingPhase.continuous
  /// Signed lots and price * signed lots that the rest of the market took from our accounts.
  var marketLots: Int64 = 0
  var marketBasis: Int64 = 0
  /// The last tick, for who subscribes late.
  var tick: ExchangeTick?

  subscript(_ side: Side) -> BookSide {
    get { side == .buy ? bids : offers }
    _modify {
      if side == .buy { yield &bids } else { yield &offers }
    }
  }

  /// The rest of the market's level that an order of `side` trades with.
  func market(against side: Side) -> BookLevel { side == .buy ? marketAsk : marketBid }

  mutating func takeMarket(against side: Side, _ lots: Lots) {
    if side == .buy { marketAsk.lots -= lots } else { marketBid.lots -= lots }
  }
}
