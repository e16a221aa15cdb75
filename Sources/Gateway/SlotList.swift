import Storage

/// A set of terminal slots that is walked over: joining, leaving and looking up are one step each.
struct SlotList: ~Copyable {
  private let slots: Table<UInt32>
  /// Place in `slots` + 1 by slot; 0 = not in the set.
  private let places: Table<UInt32>
  private(set) var count = 0

  init(capacity: Int) {
    slots = Table(capacity: capacity)
    places = Table(capacity: capacity)
  }

  subscript(place: Int) -> UInt32 {
    precondition(place >= 0 && place < count, "a place is in the list")
    return slots.at(place).pointee
  }

  func contains(_ slot: UInt32) -> Bool { places.at(slot).pointee != 0 }

  mutating func insert(_ slot: UInt32) {
    guard !contains(slot) else { return }
    slots.at(count).pointee = slot
    count += 1
    places.at(slot).pointee = UInt32(count)
  }

  /// The last slot takes the place of the one that leaves.
  mutating func remove(_ slot: UInt32) {
    let place = places.at(slot).pointee
    guard place != 0 else { return }
    let last = slots.at(count - 1).pointee
    slots.at(place - 1).pointee = last
    places.at(last).pointee = place
    places.at(slot).pointee = 0
    count -= 1
  }
}
