/// A moment for each of a fixed number of numbers, the first of them found at once: a binary heap
/// by moment, then by number. Which comes first follows from the moments alone, never from the
/// order they were set in.
public struct DeadlineHeap: ~Copyable {
  struct Entry: BitwiseCopyable {
    var time: Int64
    var number: UInt32
    var padding: UInt32
  }

  private let pinned = Pinned()
  let entries: Table<Entry>
  /// By number: its place in the heap, from 1; 0 = it has no moment.
  let places: Table<UInt32>
  public private(set) var count = 0

  /// - Parameter capacity: numbers are below it.
  public init(capacity: Int) {
    entries = Table(capacity: capacity)
    places = Table(capacity: capacity)
  }

  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(entries)
    try archive.pass(places)
    try archive.pass(count: &count, atMost: entries.capacity)
  }

  /// The earliest moment, in nanoseconds; nil when there is none.
  public var firstTime: Int64? { count == 0 ? nil : entries.at(0).pointee.time }

  /// Whose it is; the caller asked `firstTime`.
  public var firstNumber: UInt32 {
    precondition(count > 0, "a heap that is asked for its first has one")
    return entries.at(0).pointee.number
  }

  /// The moment of a number; nil when it has none.
  public func time(of number: UInt32) -> Int64? {
    let place = places.at(number).pointee
    return place == 0 ? nil : entries.at(Int(place) - 1).pointee.time
  }

  /// Gives a number a moment, another one than before.
  public mutating func set(_ number: UInt32, at time: Int64) {
    remove(number)
    count += 1
    put(Entry(time: time, number: number, padding: 0), at: count - 1)
    rise(count - 1)
  }

  public mutating func remove(_ number: UInt32) {
    let known = places.at(number).pointee
    guard known != 0 else { return }
    let place = Int(known) - 1
    places.at(number).pointee = 0
    count -= 1
    guard place != count else { return }
    put(entries.at(count).pointee, at: place)
    rise(place)
    sink(place)
  }

  private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
    left.time != right.time ? left.time < right.time : left.number < right.number
  }

  private func put(_ entry: Entry, at place: Int) {
    entries.at(place).pointee = entry
    places.at(entry.number).pointee = UInt32(place + 1)
  }

  private func rise(_ start: Int) {
    let entry = entries.at(start).pointee
    var place = start
    while place > 0 {
      let parent = entries.at((place - 1) / 2).pointee
      guard isBefore(entry, parent) else { break }
      put(parent, at: place)
      place = (place - 1) / 2
    }
    put(entry, at: place)
  }

  private func sink(_ start: Int) {
    let entry = entries.at(start).pointee
    var place = start
    while 2 * place + 1 < count {
      var child = 2 * place + 1
      if child + 1 < count, isBefore(entries.at(child + 1).pointee, entries.at(child).pointee) {
        child += 1
      }
      guard isBefore(entries.at(child).pointee, entry) else { break }
      put(entries.at(child).pointee, at: place)
      place = child
    }
    put(entry, at: place)
  }
}
