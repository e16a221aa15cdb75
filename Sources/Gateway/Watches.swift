import Domain
import Storage

/// A controller's picture of accounts, as the gateway knows it: whose it is, and what the follower
/// that draws it is still to hear.
struct Watch: BitwiseCopyable {
  /// A word that found no room on its way to the follower, or waits for room in the output.
  enum Word: UInt8, BitwiseCopyable {
    case none = 0
    /// The last page was taken: there is room for another.
    case more = 1
    /// The last page found no room; it is to be drawn again.
    case again = 2
  }

  var ticket: UInt64
  /// The client's number of it.
  var requestID: UInt64
  /// Which use of the place: what belongs to another one is nobody's.
  var serial: UInt32
  var word: Word
}

/// The pictures of all controllers: few, in fixed places.
struct Watches: ~Copyable {
  private let rows = Table<Watch>(capacity: GatewayLimits.watches)
  /// The places that are taken now; they may be put back while they are gone through.
  private(set) var places = TakenPlaces()
  private var lastSerial: UInt32 = 0

  init() {
    precondition(GatewayLimits.watches == TakenPlaces.count, "a bit for each place")
  }

  var isEmpty: Bool { places.isEmpty }

  /// In place, while it is taken.
  func at(_ place: Int) -> UnsafeMutablePointer<Watch> { rows.at(place) }

  /// The place of a client's subscription; nil when it has none by that number.
  func place(of ticket: UInt64, _ requestID: UInt64) -> Int? {
    for place in places {
      if at(place).pointee.ticket == ticket, at(place).pointee.requestID == requestID {
        return place
      }
    }
    return nil
  }

  /// How many a client has.
  func count(of ticket: UInt64) -> Int {
    var count = 0
    for place in places where at(place).pointee.ticket == ticket { count += 1 }
    return count
  }

  /// The place of the watch that an answer belongs to; nil when it is over.
  func place(_ place: UInt16, serial: UInt32, ticket: UInt64) -> Int? {
    let place = Int(place)
    guard place < GatewayLimits.watches, places.contains(place),
      at(place).pointee.serial == serial, at(place).pointee.ticket == ticket
    else { return nil }
    return place
  }

  /// A place that is free; nil when none is.
  var free: Int? { places.free }

  /// Takes a place, or begins anew in one that is taken.
  mutating func take(_ place: Int, _ ticket: UInt64, _ requestID: UInt64) {
    lastSerial &+= 1
    places.take(place)
    at(place).pointee = Watch(
      ticket: ticket, requestID: requestID, serial: lastSerial, word: .none)
  }

  mutating func put(_ place: Int) { places.put(place) }
}
