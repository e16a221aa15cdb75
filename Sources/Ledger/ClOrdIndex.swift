import Domain
import Storage

/// Finds an order by (account, ClOrdID): open addressing over order numbers, at most half full.
///
/// The hash is keyed with the engine's seed, so that a client can't choose ids that collide.
struct ClOrdIndex: ~Copyable {
  let slots: Table<UInt32>
  let mask: UInt64

  init(orders: Int) {
    var size = 64
    while size < orders * 2 { size *= 2 }
    slots = Table(capacity: size)
    mask = UInt64(size - 1)
  }

  static func hash(_ account: OperationAccountID, _ id: ClOrdID, seed: UInt64) -> UInt64 {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    for index in 0..<8 {
      first = first << 8 | UInt64(id.bytes[index])
      second = second << 8 | UInt64(id.bytes[index + 8])
    }
    for index in 16..<20 { third = third << 8 | UInt64(id.bytes[index]) }
    third = third << 32 | UInt64(account.raw)
    let a = Self.fold(first ^ seed, second ^ 0xA076_1D64_78BD_642F)
    return Self.fold(third ^ seed.byteSwapped, a ^ 0xE703_7ED1_A0B4_28DB)
  }

  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}

extension Ledger {
  /// The slot a look-up starts at, for prefetching.
  public func clOrdSlot(_ account: OperationAccountID, _ id: ClOrdID, seed: UInt64)
    -> UnsafePointer<UInt32>
  {
    let hash = ClOrdIndex.hash(account, id, seed: seed)
    return UnsafePointer(clOrdIndex.slots.at(Int(hash & clOrdIndex.mask)))
  }

  /// Today's order of an account by its client's id, 1-based; 0 = none.
  public func order(_ account: OperationAccountID, _ id: ClOrdID, seed: UInt64) -> UInt32 {
    // No order has an empty id, but a record that is being forgotten does.
    if id.isEmpty { return 0 }
    var slot = ClOrdIndex.hash(account, id, seed: seed) & clOrdIndex.mask
    while true {
      let number = clOrdIndex.slots.at(Int(slot)).pointee
      if number == 0 { return 0 }
      let record = order(number)
      if record.pointee.account == account, record.pointee.clOrdID == id { return number }
      slot = (slot + 1) & clOrdIndex.mask
    }
  }

  mutating func index(_ number: UInt32, seed: UInt64) {
    let record = order(number)
    var slot =
      ClOrdIndex.hash(record.pointee.account, record.pointee.clOrdID, seed: seed)
      & clOrdIndex.mask
    while clOrdIndex.slots.at(Int(slot)).pointee != 0 { slot = (slot + 1) & clOrdIndex.mask }
    clOrdIndex.slots.at(Int(slot)).pointee = number
  }

  /// Empties part of the index (day switch): slots from `start`, at most `count`; returns where to
  /// go on, or nil when it is all empty.
  mutating func clearClOrdIndex(from start: Int, count: Int) -> Int? {
    let end = min(start + count, clOrdIndex.slots.capacity)
    for slot in start..<end { clOrdIndex.slots.at(slot).pointee = 0 }
    return end < clOrdIndex.slots.capacity ? end : nil
  }
}
