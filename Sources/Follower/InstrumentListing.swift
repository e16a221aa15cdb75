import Domain
import Gateway
import Storage

/// The instruments in the order of exchange and code: what a terminal pages through.
struct InstrumentListing: ~Copyable {
  private let ids: Table<InstrumentID>
  private(set) var count = 0

  init(capacity: Int) { ids = Table(capacity: capacity) }

  mutating func load(_ names: borrowing Names) {
    for id in 0..<names.instruments.count { add(InstrumentID(UInt32(id)), names) }
  }

  /// Puts a new instrument where it belongs.
  mutating func add(_ instrument: InstrumentID, _ names: borrowing Names) {
    guard let row = names.instruments.row(instrument.raw) else { return }
    let place = firstPlace(behind: row.pointee, names)
    var index = count
    while index > place {
      ids.at(index).pointee = ids.at(index - 1).pointee
      index -= 1
    }
    ids.at(place).pointee = instrument
    count += 1
  }

  subscript(place: Int) -> InstrumentID {
    precondition(place < count, "a place is in the listing")
    return ids.at(place).pointee
  }

  /// The first place whose instrument comes behind a name; `count` when none does.
  func firstPlace(behind name: NameIndex.Row, _ names: borrowing Names) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if let row = names.instruments.row(ids.at(middle).pointee.raw), row.pointee <= name {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension NameIndex.Row {
  static func <= (left: Self, right: Self) -> Bool {
    if left.qualifier != right.qualifier { return left.qualifier < right.qualifier }
    for index in 0..<32 where left.name.bytes[index] != right.name.bytes[index] {
      return left.name.bytes[index] < right.name.bytes[index]
    }
    return true
  }
}
