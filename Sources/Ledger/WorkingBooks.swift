import Domain
import Storage

/// The working orders of one legal owner in one instrument: best prices, and the trees they come
/// from.
public struct WorkingBook: BitwiseCopyable {
  /// Highest working buy and lowest working sell; only valid when the root is not 0.
  public var bestBuy: Int64
  public var bestSell: Int64
  /// Roots of the trees of child numbers; 0 = no working order on that side.
  public var buyRoot: UInt32
  public var sellRoot: UInt32
  // Two to a line: none lies across two.
  var padding: UInt64
}

/// Working orders by legal owner, instrument, side and price, so that self-trade costs one look at
/// two prices however many orders work.
///
/// Each side is a treap threaded through the child records (Aragon and Seidel, "Randomized Search
/// Trees"): keyed by price, its heap priority a hash of the child's number, so that the same
/// commands give the same tree. Insert and remove cost O(log n).
///
/// Every owner has a place for every instrument: a book is found without asking where it is.
/// Instrument by instrument, as in `HolderDirectory`.
struct WorkingBooks: ~Copyable {
  private let pinned = Pinned()
  private let books: Table<WorkingBook>
  private let owners: Int

  init(owners: Int, instruments: Int) {
    self.owners = owners
    books = Table(capacity: owners * instruments)
    precondition(books.capacity < Int(UInt32.max), "book numbers have 32 bits")
  }

  func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(books)
  }

  /// The number of a book; 0 is no book's, for owner 0 is nobody.
  func number(_ owner: UInt32, _ instrument: InstrumentID) -> UInt32 {
    owner == 0 ? 0 : UInt32(instrument.index &* owners &+ Int(owner))
  }

  /// Asks the cache for a book.
  @inline(__always) func prefetch(_ owner: UInt32, _ instrument: InstrumentID) {
    books.prefetch(Int(number(owner, instrument)) &- 1, lines: 1)
  }

  func at(_ number: UInt32) -> UnsafeMutablePointer<WorkingBook> {
    precondition(number > 0, "book numbers are 1-based")
    return books.at(Int(number) - 1)
  }
}

extension Ledger {
  /// The lowest price a market order can stand for, and the highest, as keys of a book.
  static let lowestKey: Int64 = .min + 1
  static let highestKey: Int64 = .max

  /// The working orders of a legal owner in an instrument; nil for owner 0, which is nobody.
  public func workingBook(_ owner: UInt32, _ instrument: InstrumentID)
    -> UnsafePointer<WorkingBook>?
  {
    let number = books.number(owner, instrument)
    return number == 0 ? nil : UnsafePointer(books.at(number))
  }

  /// Whether an order of a legal owner could trade with a working one of the same owner.
  public func couldCross(
    owner: UInt32, _ instrument: InstrumentID, side: Side, price: Price, isMarket: Bool
  ) -> Bool {
    guard let book = workingBook(owner, instrument) else { return false }
    switch side {
    case .buy:
      guard book.pointee.sellRoot != 0 else { return false }
      return isMarket || price.units >= book.pointee.bestSell
    case .sell:
      guard book.pointee.buyRoot != 0 else { return false }
      return isMarket || price.units <= book.pointee.bestBuy
    case .unknown:
      return false
    }
  }

  private func key(_ child: UnsafeMutablePointer<ChildRecord>) -> Int64 {
    if child.pointee.type == .market {
      return child.pointee.side == .buy ? Self.highestKey : Self.lowestKey
    }
    return child.pointee.price.units
  }

  private static func priority(_ number: UInt32) -> UInt64 {
    var value = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    return value ^ value >> 31
  }

  /// Puts a working child into its owner's book; does nothing for an account without a code.
  mutating func insertIntoBook(_ number: UInt32, owner: UInt32) {
    guard owner != 0 else { return }
    let child = mutableChild(number)
    child.pointee.book = books.number(owner, child.pointee.instrument)
    let book = books.at(child.pointee.book)
    if child.pointee.side == .buy {
      insert(number, root: &book.pointee.buyRoot)
    } else {
      insert(number, root: &book.pointee.sellRoot)
    }
    refreshBest(book, child.pointee.side)
  }

  /// Takes a child out of the book it is in, if any.
  mutating func removeFromBook(_ number: UInt32) {
    let child = mutableChild(number)
    guard child.pointee.book != 0 else { return }
    let book = books.at(child.pointee.book)
    child.pointee.book = 0
    if child.pointee.side == .buy {
      remove(number, root: &book.pointee.buyRoot)
    } else {
      remove(number, root: &book.pointee.sellRoot)
    }
    refreshBest(book, child.pointee.side)
  }

  private func refreshBest(_ book: UnsafeMutablePointer<WorkingBook>, _ side: Side) {
    if side == .buy {
      var node = book.pointee.buyRoot
      while node != 0 {
        let child = mutableChild(node)
        book.pointee.bestBuy = key(child)
        node = child.pointee.bookRight
      }
    } else {
      var node = book.pointee.sellRoot
      while node != 0 {
        let child = mutableChild(node)
        book.pointee.bestSell = key(child)
        node = child.pointee.bookLeft
      }
    }
  }

  private func insert(_ number: UInt32, root: inout UInt32) {
    let child = mutableChild(number)
    child.pointee.bookLeft = 0
    child.pointee.bookRight = 0
    child.pointee.bookParent = 0
    guard root != 0 else {
      root = number
      return
    }
    let wanted = key(child)
    var at = root
    while true {
      let node = mutableChild(at)
      if wanted < key(node) {
        if node.pointee.bookLeft == 0 {
          node.pointee.bookLeft = number
          break
        }
        at = node.pointee.bookLeft
      } else {
        if node.pointee.bookRight == 0 {
          node.pointee.bookRight = number
          break
        }
        at = node.pointee.bookRight
      }
    }
    child.pointee.bookParent = at
    while child.pointee.bookParent != 0,
      Self.priority(number) > Self.priority(child.pointee.bookParent)
    {
      rotateUp(number, root: &root)
    }
  }

  private func remove(_ number: UInt32, root: inout UInt32) {
    let child = mutableChild(number)
    while child.pointee.bookLeft != 0 || child.pointee.bookRight != 0 {
      let left = child.pointee.bookLeft
      let right = child.pointee.bookRight
      let leftWins = right == 0 || left != 0 && Self.priority(left) > Self.priority(right)
      rotateUp(leftWins ? left : right, root: &root)
    }
    replace(number, with: 0, under: child.pointee.bookParent, root: &root)
    child.pointee.bookParent = 0
  }

  private func rotateUp(_ number: UInt32, root: inout UInt32) {
    let node = mutableChild(number)
    let parentNumber = node.pointee.bookParent
    let parent = mutableChild(parentNumber)
    let grandparent = parent.pointee.bookParent
    if parent.pointee.bookLeft == number {
      let inner = node.pointee.bookRight
      parent.pointee.bookLeft = inner
      if inner != 0 { mutableChild(inner).pointee.bookParent = parentNumber }
      node.pointee.bookRight = parentNumber
    } else {
      let inner = node.pointee.bookLeft
      parent.pointee.bookRight = inner
      if inner != 0 { mutableChild(inner).pointee.bookParent = parentNumber }
      node.pointee.bookLeft = parentNumber
    }
    parent.pointee.bookParent = number
    replace(parentNumber, with: number, under: grandparent, root: &root)
    node.pointee.bookParent = grandparent
  }

  private func replace(
    _ old: UInt32, with new: UInt32, under parentNumber: UInt32, root: inout UInt32
  ) {
    guard parentNumber != 0 else {
      root = new
      return
    }
    let parent = mutableChild(parentNumber)
    if parent.pointee.bookLeft == old {
      parent.pointee.bookLeft = new
    } else {
      parent.pointee.bookRight = new
    }
  }
}
