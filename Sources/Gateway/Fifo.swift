import Storage

/// A queue of trivial records with fixed room.
struct Fifo<Record: BitwiseCopyable>: ~Copyable {
  private let records: Table<Record>
  private var head = 0
  private(set) var count = 0

  init(capacity: Int) { records = Table(capacity: capacity) }

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { count == records.capacity }

  /// False when there is no room.
  mutating func push(_ record: Record) -> Bool {
    guard !isFull else { return false }
    records.at((head + count) % records.capacity).pointee = record
    count += 1
    return true
  }

  /// Puts a record in front of all others; false when there is no room.
  mutating func pushFirst(_ record: Record) -> Bool {
    guard !isFull else { return false }
    head = (head + records.capacity - 1) % records.capacity
    records.at(head).pointee = record
    count += 1
    return true
  }

  /// The oldest record, in place until `drop`; nil when there is none.
  var first: UnsafeMutablePointer<Record>? { count == 0 ? nil : records.at(head) }

  mutating func drop() {
    precondition(count > 0, "only a record that is there is dropped")
    head = (head + 1) % records.capacity
    count -= 1
  }

  mutating func pop() -> Record? {
    guard let record = first?.pointee else { return nil }
    drop()
    return record
  }
}
