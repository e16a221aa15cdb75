import Glibc

/// How long a test waits for what is to come: never so long on a machine that is only busy.
struct Deadline {
  private let end: Int64

  init(seconds: Int64 = 30) { end = Self.now + seconds * 1_000_000_000 }

  /// 0 = it is over.
  var millisecondsLeft: Int32 { Int32(clamping: max(0, (end - Self.now) / 1_000_000)) }

  /// Returns when there is something to read, also when that is the end; throws at the deadline.
  func wait(toRead descriptor: Int32, _ what: String) throws {
    while true {
      let left = millisecondsLeft
      guard left > 0 else { throw Overdue(what: what) }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&entry, 1, left) > 0 { return }
    }
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// What a test waited for did not come.
struct Overdue: Error, CustomStringConvertible {
  var what: String
  var description: String { "\(what) did not come in time" }
}

/// The system refused what a test needs.
struct SystemRefused: Error {
  var call: String
  var number = errno
}
