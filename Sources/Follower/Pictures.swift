import Domain
import Gateway
import Ledger
import Storage
import Wire

/// Where the walk over a picture is.
enum PictureStage: UInt8, BitwiseCopyable {
  /// A whole picture is announced.
  case begin = 0
  /// Which products are his is found out.
  case scan = 1
  /// Orders that no longer work.
  case ended = 2
  case accounts = 3
  case products = 4
  case fundAccounts = 5
  /// That is all of it.
  case complete = 6
  case done = 7
}

/// What a walk goes on with.
struct PictureCursor: BitwiseCopyable {
  var stage = PictureStage.begin
  /// Of an account or a fund account: 0 = its row; then lines, positions, orders.
  var part: UInt8 = 0
  /// Sides of the position at hand that are done.
  var sides: UInt8 = 0
  /// The account, product or fund account at hand.
  var index: UInt32 = 0
  var figures: UInt32 = 0
  var position: UInt32 = 0
  /// The last order that is done.
  var order: UInt32 = 0
  /// Orders that no longer work which are done, of all there ever were.
  var ended: UInt64 = 0
  /// Rows since the last AccountsComplete.
  var rows: UInt32 = 0
}

/// A controller's picture of accounts.
struct Picture: BitwiseCopyable {
  var ticket: UInt64
  var requestID: UInt64
  /// Which use of its place.
  var serial: UInt32
  var controller: ControllerID
  var kinds: DeskProtocol.RowKinds
  var scopeKind: ScopeKind
  var scopeID: UInt32
  var intervalNanoseconds: Int64
  var dueAt: Int64
  /// Nothing is drawn from older books.
  var askedBehind: UInt64
  /// Counts whole pictures.
  var number: UInt32 = 0
  /// What the picture was begun with: another one is begun when that has changed.
  var bindings: UInt64 = 0
  var day = TradingDay.none
  var cursor = PictureCursor()
  /// Where the page began that is on its way.
  var pageStart = PictureCursor()
  var isWanted = true
  /// A walk is at hand.
  var isWalking = false
  /// Everything is told, changed or not.
  var isWhole = false
  /// A page is on its way: its fate comes first.
  var isAwaited = false
  /// Its end is in the page.
  var isOver = false
  /// Rows in the page.
  var rowsInPage: UInt16 = 0
}

/// The pictures of all controllers, and what was told to whom.
struct Pictures: ~Copyable {
  /// What was seen of a row, and a bit for each picture that was told just that.
  struct Seen: BitwiseCopyable {
    var digest: UInt64
    var told: UInt64
  }

  static let count = GatewayLimits.watches
  /// Rows of a page, at most.
  static let rowsPerPage = 256
  static let intervalsMilliseconds: ClosedRange<UInt32> = 100...60_000
  static let intervalMillisecondsDefault: UInt32 = 500

  private let rows = Table<Picture>(capacity: Pictures.count)
  private var places = TakenPlaces()
  /// Places of `seen` of the rows of each page that is on its way.
  private let inPages = Table<UInt32>(capacity: Pictures.count * Pictures.rowsPerPage)
  let seen: Table<Seen>
  /// By picture and product: bit 0 = an account of it is his, bit 1 = one is not.
  private let products: Table<UInt8>
  private let productCapacity: Int
  /// Numbers of orders that no longer work: a ring.
  private let ended: Table<UInt32>
  /// How many there ever were.
  private(set) var endedCount: UInt64 = 0
  /// Changes of who is bound to whom, and of who may watch.
  var bindings: UInt64 = 1
  /// Where the next pass begins.
  var turn = 0
  /// What may still be looked at in this pass.
  var steps = 0

  // Where the rows of each kind begin in `seen`.
  let lines: Int
  let positions: Int
  let orders: Int
  let productRows: Int
  let fundAccounts: Int
  let links: Int

  init(_ capacities: LedgerCapacities, _ limits: FollowerLimits) {
    lines = capacities.operationAccounts
    positions = lines + capacities.operationAccounts * AccountLine.allCases.count
    orders = positions + 2 * (capacities.positions + 32 * capacities.instruments)
    productRows = orders + capacities.orders
    fundAccounts = productRows + capacities.products
    links = fundAccounts + capacities.fundAccounts
    seen = Table(capacity: links + capacities.fundAccounts, isSparse: true)
    productCapacity = capacities.products
    products = Table(capacity: Pictures.count * capacities.products, isSparse: true)
    ended = Table(capacity: limits.endedOrders)
    precondition(seen.capacity <= UInt32.max, "places of rows have 32 bits")
  }

  var isEmpty: Bool { places.isEmpty }

  func at(_ place: Int) -> UnsafeMutablePointer<Picture> { rows.at(place) }

  // MARK: Words of the gateway

  mutating func take(_ question: Question, at now: Int64) {
    let place = Int(question.place)
    guard place < Pictures.count else { return }
    let picture = at(place)
    if question.kind == .watch {
      places.take(place)
      picture.pointee = Pictures.picture(question, at: now)
      return
    }
    guard picture.pointee.isWanted, picture.pointee.serial == question.requestNumber,
      picture.pointee.ticket == question.ticket
    else { return }
    switch question.kind {
    case .unwatch: drop(place)
    case .watchMore where picture.pointee.isOver: drop(place)
    case .watchMore where picture.pointee.isAwaited:
      picture.pointee.isAwaited = false
      if picture.pointee.cursor.stage == .done { end(picture, at: now) }
    case .watchAgain where picture.pointee.isAwaited:
      picture.pointee.isAwaited = false
      picture.pointee.isOver = false
      forgetPage(place)
      picture.pointee.cursor = picture.pointee.pageStart
    default: break
    }
  }

  private static func picture(_ question: Question, at now: Int64) -> Picture {
    let asked =
      question.intervalMilliseconds == 0
      ? Pictures.intervalMillisecondsDefault : question.intervalMilliseconds
    let interval = min(
      max(asked, Pictures.intervalsMilliseconds.lowerBound),
      Pictures.intervalsMilliseconds.upperBound)
    return Picture(
      ticket: question.ticket, requestID: question.requestID, serial: question.requestNumber,
      controller: question.controller, kinds: question.rows, scopeKind: question.scopeKind,
      scopeID: question.scopeID, intervalNanoseconds: Int64(interval) * 1_000_000, dueAt: now,
      askedBehind: question.askedBehind)
  }

  // MARK: Walks

  /// The picture in a place whose time has come.
  func due(
    _ place: Int, at now: Int64, behind sequence: UInt64
  ) -> UnsafeMutablePointer<Picture>? {
    guard places.contains(place) else { return nil }
    let picture = at(place)
    guard !picture.pointee.isAwaited, picture.pointee.dueAt <= now,
      picture.pointee.askedBehind <= sequence
    else { return nil }
    return picture
  }

  /// When the next one is due; `.max` = nothing is waited for.
  var deadline: Int64 {
    var first = Int64.max
    for place in places where !at(place).pointee.isAwaited {
      first = min(first, at(place).pointee.dueAt)
    }
    return first
  }

  /// Nothing can be drawn before `time`.
  func postpone(to time: Int64) {
    for place in places { at(place).pointee.dueAt = max(at(place).pointee.dueAt, time) }
  }

  /// Begins a walk, a whole one where what was told no longer stands.
  func begin(_ picture: UnsafeMutablePointer<Picture>, on day: TradingDay) {
    let isStale =
      picture.pointee.number == 0 || picture.pointee.bindings != bindings
      || picture.pointee.day != day || hasLostEnded(picture)
    guard isStale || !picture.pointee.isWalking else { return }
    let ended = picture.pointee.cursor.ended
    picture.pointee.cursor = PictureCursor()
    picture.pointee.isWalking = true
    picture.pointee.isWhole = isStale
    if isStale {
      picture.pointee.number += 1
      picture.pointee.bindings = bindings
      picture.pointee.day = day
      picture.pointee.cursor.ended = endedCount
    } else {
      picture.pointee.cursor.stage = .scan
      picture.pointee.cursor.ended = ended
    }
  }

  func end(_ picture: UnsafeMutablePointer<Picture>, at now: Int64) {
    picture.pointee.isWalking = false
    picture.pointee.isWhole = false
    picture.pointee.dueAt = now + picture.pointee.intervalNanoseconds
  }

  mutating func drop(_ place: Int) {
    at(place).pointee.isWanted = false
    places.put(place)
  }

  // MARK: What was told

  /// A row is in the page that is put together.
  func keep(_ row: Int, _ place: Int) {
    let picture = at(place)
    let index = place * Pictures.rowsPerPage + Int(picture.pointee.rowsInPage)
    inPages.at(index).pointee = UInt32(row)
    picture.pointee.rowsInPage += 1
    picture.pointee.cursor.rows += 1
    seen.at(row).pointee.told |= 1 << UInt64(place)
  }

  /// What the page told was told to nobody.
  private func forgetPage(_ place: Int) {
    for index in 0..<Int(at(place).pointee.rowsInPage) {
      let row = inPages.at(place * Pictures.rowsPerPage + index).pointee
      seen.at(row).pointee.told &= ~(1 << UInt64(place))
    }
    at(place).pointee.rowsInPage = 0
  }

  // MARK: Products

  func forgetProducts(_ place: Int) {
    for product in 0..<productCapacity {
      products.at(place * productCapacity + product).pointee = 0
    }
  }

  func note(_ product: ProductID, isHis: Bool, _ place: Int) {
    guard !product.isNone else { return }
    products.at(place * productCapacity + product.index).pointee |= isHis ? 1 : 2
  }

  /// Whether an account of a product is his.
  func hasPart(of product: ProductID, _ place: Int) -> Bool {
    !product.isNone
      && products.at(place * productCapacity + product.index).pointee & 1 != 0
  }

  /// Whether all of them are, and there are any.
  func hasAll(of product: ProductID, _ place: Int) -> Bool {
    !product.isNone && products.at(place * productCapacity + product.index).pointee == 1
  }

  // MARK: Orders that no longer work

  /// An order is over; one that nobody was ever told of is none that is gone. Who was told of it
  /// may be known no more: its newest row may be in a page that is drawn again, or did not fit one.
  mutating func noteEnded(_ order: UInt32) {
    guard order != 0, seen.at(orders + Int(order) - 1).pointee.digest != 0 else { return }
    ended.at(Int(endedCount % UInt64(ended.capacity))).pointee = order
    endedCount += 1
  }

  func endedOrder(_ number: UInt64) -> UInt32 {
    ended.at(Int(number % UInt64(ended.capacity))).pointee
  }

  private func hasLostEnded(_ picture: UnsafeMutablePointer<Picture>) -> Bool {
    picture.pointee.kinds.contains(.orders)
      && endedCount - picture.pointee.cursor.ended > UInt64(ended.capacity)
  }
}
