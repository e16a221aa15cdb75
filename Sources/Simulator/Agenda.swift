import Gateway

/// What is going to happen.
enum SimulatedEvent {
  /// Bytes, or the end, of a connection are due at one of its ends.
  case arrival(connection: Int, atGateway: Bool)
  /// A connection that was asked for stands, or nobody is there.
  case connected(connection: Int)
  /// The gateway's own end of a connection is closed.
  case closedAtGateway(connection: Int)
  /// Time passes for the gateway of this life.
  case beat(life: Int)
  /// The gateway has more to do at once.
  case hurry(life: Int)
  /// The follower of the gateway of this life has its turn.
  case followerWorks(life: Int)
  /// A password was looked at.
  case verdict(ticket: UInt64, isRight: Bool, life: Int)
  /// The gateway's process is started.
  case start
  case counter(Int)
  /// A seat's client wants to know that time has passed.
  case seat(Int)
  /// The watcher's client does, or wants to come back.
  case watcher
  /// Somebody at a seat does something.
  case act(Int)
  /// The market of a counter moves.
  case market
  case fault
  case controller
  /// The end of a fault.
  case mend(Mending)
  case evening(Evening)

  /// What is over.
  enum Mending {
    case counter(Int)
    case disk
    case segments
    case reader(connection: Int)
    case link(connection: Int)
    case clock
  }

  /// Steps of a day's end.
  enum Evening {
    case close, counterSwitches(Int), gatewaySwitches, open
  }
}

/// Events by time, those of one moment in the order they were put in: a binary heap.
struct Agenda {
  private struct Entry {
    var time: Int64
    var order: UInt64
    var event: SimulatedEvent

    func isBefore(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  private var heap: [Entry] = []
  private var count: UInt64 = 0

  var nextTime: Int64? { heap.first?.time }

  mutating func add(_ event: SimulatedEvent, at time: Int64) {
    count += 1
    heap.append(Entry(time: time, order: count, event: event))
    var place = heap.count - 1
    while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func take() -> (time: Int64, event: SimulatedEvent)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2]
        where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
        if least == place { break }
        heap.swapAt(place, least)
        place = least
      }
    }
    return (first.time, first.event)
  }
}
