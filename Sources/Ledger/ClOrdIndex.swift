import Domain
import Storage

/// Finds an order by (account, ClOrdID): open addressing over order numbers, at most half full.
///
/// A slot keeps half of the hash beside the number: other orders on the way are passed by without
/// a look at their records, which lie anywhere. The hash is keyed with the engine's seed, so that
/// a client can't choose ids that collide.
struct ClOrdIndex: ~Copyable {
  struct Slot: BitwiseCopyable {
    /// 1-based; 0 = free.
    var number: UInt32
    /// The hash's upper half: the lower chooses the slot.
    var tag: UInt32
  }

  let slots: Table<Slot>
  let mask: UInt64

  init(orders: Int) {
    var size = 64
    while size < orders * 2 { size *= 2 }
    slots = Table(capacity: size)
    mask = UInt64(size - 1)
  }

  /// Asks the cache for the slot that a look-up starts at.
  @inline(__always) func prefetch(_ key: ClOrdKey) {
    slots.prefetch(Int(key.hash & mask), lines: 1)
  }
}

/// An account's id of an order, hashed.
public struct ClOrdKey: BitwiseCopyable {
  let hash: UInt64
  var tag: UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  public init(_ account: OperationAccountID, _ id: ClOrdID, seed: UInt64) {
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
    hash = Self.fold(third ^ seed.byteSwapped, a ^ 0xE703_7ED1_A0B4_28DB)
  }

  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}

extension Ledger {
  /// The same, by an id that is not hashed yet.
  public func order(_ account: OperationAccountID, _ id: ClOrdID, seed: UInt64) -> UInt32 {
    order(account, id, ClOrdKey(account, id, seed: seed))
  }

  /// Today's order of an account by its client's id, 1-based; 0 = none.
  public func order(_ account: OperationAccountID, _ id: ClOrdID, _ key: ClOrdKey) -> UInt32 {
    // No order has an empty id, but a record that is being forgotten does.
    if id.isEmpty { return 0 }
    var index = key.hash & clOrdIndex.mask
    while true {
      let slot = clOrdIndex.slots.at(Int(index)).pointee
      if slot.number == 0 { return 0 }
      if slot.tag == key.tag {
        let record = order(slot.number)
        if record.pointee.account == account, record.pointee.clOrdID == id { return slot.number }
      }
      index = (index + 1) & clOrdIndex.mask
    }
  }

  mutating func index(_ number: UInt32, _ key: ClOrdKey) {
    var index = key.hash & clOrdIndex.mask
    while clOrdIndex.slots.at(Int(index)).pointee.number != 0 {
      index = (index + 1) & clOrdIndex.mask
    }
    clOrdIndex.slots.at(Int(index)).pointee = ClOrdIndex.Slot(number: number, tag: key.tag)
  }

  /// Empties part of the index (day switch): slots from `start`, at most `count`; returns where to
  /// go on, or nil when it is all empty.
  mutating func clearClOrdIndex(from start: Int, count: Int) -> Int? {
    let end = min(start + count, clOrdIndex.slots.capacity)
    for index in start..<end {
      clOrdIndex.slots.at(index).pointee = ClOrdIndex.Slot(number: 0, tag: 0)
    }
    return end < clOrdIndex.slots.capacity ? end : nil
  }
}
