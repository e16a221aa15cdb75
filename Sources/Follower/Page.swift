import Domain
import Gateway
import Rings
import Session
import Wire

/// One answer as it is put together, in the ring that takes it to the gateway: a header, rows, and
/// room kept for the message that ends it.
struct Page: ~Copyable {
  let question: Question
  private let room: UnsafeMutableRawBufferPointer
  private(set) var outgoing: OutgoingBytes
  private let rowsMaximum: UInt32
  private var looksLeft: Int
  /// Rows so far.
  private(set) var count: UInt32 = 0
  /// Of the last row that was looked at.
  private(set) var cursor: UInt64
  var result = OrderEntry.QueryResult.complete
  /// Rows of the day that were not kept.
  var lost: UInt32 = 0
  /// Instruments behind the last one, for `InstrumentsEnd`.
  var remaining: UInt32 = 0

  static let headerBytes = MemoryLayout<AnswerHeader>.size
  /// ExplainEnd, QueryEnd, InstrumentsEnd, or a BusinessReject without words.
  private static let endBytes = 256

  init(
    _ question: Question, in room: UnsafeMutableRawBufferPointer, rowsLookedAt: Int
  ) {
    self.question = question
    self.room = room
    room.storeBytes(of: AnswerHeader(question), as: AnswerHeader.self)
    outgoing = OutgoingBytes(
      UnsafeMutableRawBufferPointer(rebasing: room[Page.headerBytes..<room.count - Page.endBytes]))
    rowsMaximum = question.maximumRows == 0 ? .max : question.maximumRows
    looksLeft = rowsLookedAt
    cursor = question.after
  }

  /// Puts in a row; false, and the page is full, when there is no room for it.
  mutating func add(_ row: some WireMessage, cursor: UInt64) -> Bool {
    guard count < rowsMaximum, outgoing.append(row) else {
      result = .more
      return false
    }
    count += 1
    self.cursor = cursor
    return true
  }

  /// A row is not wanted; false, and the page ends, when it has looked at enough.
  mutating func pass(cursor: UInt64) -> Bool {
    self.cursor = cursor
    looksLeft -= 1
    if looksLeft <= 0 { result = .more }
    return looksLeft > 0
  }

  /// Writes the message that ends it; how many bytes of the room are used.
  mutating func finish(_ end: some WireMessage) -> Int {
    var last = OutgoingBytes(
      UnsafeMutableRawBufferPointer(rebasing: room[(Page.headerBytes + outgoing.count)...]))
    precondition(last.append(end), "room was kept for the end")
    return Page.headerBytes + outgoing.count + last.count
  }

  /// How many bytes are used by a page that has no end of its own.
  var bytesUsed: Int { Page.headerBytes + outgoing.count }

  /// Whether an instrument is asked for.
  func wants(_ code: InstrumentCode, _ exchange: Exchange) -> Bool {
    if question.exchange != .unknown, question.exchange != exchange { return false }
    for index in 0..<InstrumentCode.capacity {
      let byte = question.instrument.bytes[index]
      if byte == 0 { return true }
      if byte != code.bytes[index] { return false }
    }
    return true
  }
}
