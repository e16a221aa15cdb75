import Domain
import Rings

/// One thread's way into the log.
///
///     log.record(.info, "connectionOpened", at: now) {
///       $0.add("peer", peer)
///       $0.add("session", session.raw)
///     }
///
/// Nothing is formatted or allocated here, and nobody waits: when the ring is full the record is
/// dropped and counted, and the next one that finds room says how many there were.
public struct LogWriter: ~Copyable, Sendable {
  private var ring: ByteProducer
  private let doorbell: Doorbell
  /// Less than this is not recorded.
  public var minimumLevel: LogLevel
  /// Records dropped since the last that found room.
  public private(set) var dropped: UInt64 = 0

  init(ring: consuming ByteProducer, doorbell: Doorbell, minimumLevel: LogLevel) {
    self.ring = ring
    self.doorbell = doorbell
    self.minimumLevel = minimumLevel
  }

  /// Says that `event` happened at `time`, in nanoseconds since 1970-01-01T00:00:00Z. Fields
  /// beyond `LogFields.byteMaximum` are cut and the record says so.
  public mutating func record(
    _ level: LogLevel, _ event: StaticString, at time: Int64,
    _ addFields: (inout LogFields) -> Void = { _ in }
  ) {
    if level < minimumLevel { return }
    guard let room = ring.reserve(LogFields.byteMaximum) else {
      dropped += 1
      return
    }
    var fields = LogFields(room, event: event, time: time, dropped: dropped)
    addFields(&fields)
    ring.commit(fields.finish(), kind: level.rawValue)
    dropped = 0
    // Errors are stored at once; the rest may wait for the service to look.
    if level == .error { doorbell.ring() }
  }
}

/// The fields of a record while it is written. Names are literals; text is copied.
public struct LogFields: ~Copyable {
  /// Bytes of a record's event and fields, in the ring's form: about twenty short fields.
  public static let byteMaximum = 1024
  /// The most that is kept of one text.
  public static let textMaximum = 256

  private let room: UnsafeMutableRawBufferPointer
  private var used = 0
  private var isCut = false

  fileprivate init(
    _ room: UnsafeMutableRawBufferPointer, event: StaticString, time: Int64, dropped: UInt64
  ) {
    self.room = room
    put(UInt64(bitPattern: time))
    put(dropped)
    put(0)
    put(event)
  }

  public mutating func add(_ name: StaticString, _ value: some BinaryInteger) {
    if let value = UInt64(exactly: value) {
      addNumber(name, .unsigned, value)
    } else {
      addNumber(name, .signed, UInt64(bitPattern: Int64(clamping: value)))
    }
  }

  public mutating func add(_ name: StaticString, _ value: Bool) {
    addNumber(name, .boolean, value ? 1 : 0)
  }

  public mutating func add(_ name: StaticString, hexadecimal value: UInt64) {
    addNumber(name, .hexadecimal, value)
  }

  public mutating func add(_ name: StaticString, _ value: Price) {
    addNumber(name, .tenThousandths, UInt64(bitPattern: value.units))
  }

  public mutating func add(_ name: StaticString, _ value: Money) {
    addNumber(name, .tenThousandths, UInt64(bitPattern: value.units))
  }

  public mutating func add(_ name: StaticString, _ value: OrderID) {
    addNumber(name, .orderID, value.raw)
  }

  public mutating func add(_ name: StaticString, _ value: Timestamp) {
    addNumber(name, .time, UInt64(bitPattern: value.nanoseconds))
  }

  /// A length of time in nanoseconds.
  public mutating func add(_ name: StaticString, nanoseconds value: Int64) {
    addNumber(name, .nanoseconds, UInt64(bitPattern: value))
  }

  /// A word that the program knows.
  public mutating func add(_ name: StaticString, _ value: StaticString) {
    guard begin(name, .word, byteCount: 16) else { return }
    put(value)
  }

  public mutating func add<let capacity: Int>(
    _ name: StaticString, _ value: FixedText<capacity>
  ) {
    let count = value.count
    withUnsafeBytes(of: value.bytes) { bytes in
      add(name, text: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }

  /// Bytes from outside; they are cut at `textMaximum` and made harmless when they are shown.
  public mutating func add(_ name: StaticString, text: UnsafeRawBufferPointer) {
    let kept = min(text.count, LogFields.textMaximum)
    guard begin(name, .text, byteCount: 8 + (kept + 7) & ~7) else { return }
    put(UInt64(kept))
    let start = room.baseAddress! + used
    if kept > 0 { start.copyMemory(from: text.baseAddress!, byteCount: kept) }
    used += (kept + 7) & ~7
  }

  /// For the edges: allocates when the text is not plain UTF-8 already.
  public mutating func add(_ name: StaticString, _ value: String) {
    var value = value
    value.withUTF8 { add(name, text: UnsafeRawBufferPointer($0)) }
  }

  /// Shows that there is one, and nothing of it.
  public mutating func add<Value>(_ name: StaticString, _ value: Secret<Value>) {
    _ = begin(name, .secret, byteCount: 0)
  }

  // MARK: Words

  private mutating func addNumber(_ name: StaticString, _ kind: LogFieldKind, _ value: UInt64) {
    guard begin(name, kind, byteCount: 8) else { return }
    put(value)
  }

  private mutating func begin(
    _ name: StaticString, _ kind: LogFieldKind, byteCount: Int
  ) -> Bool {
    guard used + 24 + byteCount <= room.count, !isCut else {
      isCut = true
      return false
    }
    put(UInt64(kind.rawValue))
    put(name)
    return true
  }

  private mutating func put(_ word: UInt64) {
    room.storeBytes(of: word, toByteOffset: used, as: UInt64.self)
    used += 8
  }

  /// A literal lives as long as the program, so its address is enough.
  private mutating func put(_ literal: StaticString) {
    precondition(literal.hasPointerRepresentation, "a name has more than one letter or is text")
    put(UInt64(UInt(bitPattern: literal.utf8Start)))
    put(UInt64(literal.utf8CodeUnitCount))
  }

  fileprivate mutating func finish() -> Int {
    room.storeBytes(of: isCut ? 1 : 0, toByteOffset: 16, as: UInt64.self)
    return used
  }
}

enum LogFieldKind: UInt8 {
  case unsigned = 1
  case signed
  case boolean
  case hexadecimal
  case tenThousandths
  case orderID
  case time
  case nanoseconds
  case word
  case text
  case secret
}
