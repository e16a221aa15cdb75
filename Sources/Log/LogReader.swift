import Rings

/// A ring from one thread to the log's.
@frozen public struct LogPipe: ~Copyable {
  public var writer: LogWriter
  public var reader: LogReader

  /// Room for `byteCount` bytes of records, a record taking up about 100.
  public init(byteCount: Int = 1 << 18, minimumLevel: LogLevel = .info, doorbell: Doorbell) {
    precondition(byteCount >= 4 * LogFields.byteMaximum, "a log's ring takes some records")
    let ring = ByteRing(capacity: byteCount)
    writer = LogWriter(ring: ring.producer, doorbell: doorbell, minimumLevel: minimumLevel)
    reader = LogReader(ring: ring.consumer)
  }
}

/// Takes records out of a ring and makes lines of them, on the log's own thread.
public struct LogReader: ~Copyable, Sendable {
  private var ring: ByteConsumer

  init(ring: consuming ByteConsumer) { self.ring = ring }

  public var isEmpty: Bool { ring.isEmpty }

  /// Appends every record that is there to `lines`; whether there was any.
  public mutating func read(_ formatter: LogFormatter, into lines: inout [UInt8]) -> Bool {
    var isAny = false
    while let record = ring.next() {
      isAny = true
      guard let level = LogLevel(rawValue: record.kind) else {
        preconditionFailure("a log's ring has records of known levels")
      }
      formatter.format(LogRecord(level: level, bytes: record.bytes), into: &lines)
      ring.release()
    }
    return isAny
  }
}

/// A record as it stands in the ring.
struct LogRecord {
  let level: LogLevel
  let bytes: UnsafeRawBufferPointer

  var time: Int64 { Int64(bitPattern: word(0)) }
  var dropped: UInt64 { word(8) }
  var isCut: Bool { word(16) != 0 }
  var event: String { literal(24) }
  static let fieldsOffset = 40

  func word(_ offset: Int) -> UInt64 { bytes.load(fromByteOffset: offset, as: UInt64.self) }

  func literal(_ offset: Int) -> String {
    guard let start = UnsafePointer<UInt8>(bitPattern: UInt(word(offset))) else { return "" }
    let utf8 = UnsafeBufferPointer(start: start, count: Int(word(offset + 8)))
    return String(decoding: utf8, as: UTF8.self)
  }
}
