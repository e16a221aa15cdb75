import Domain

/// Reads ticks from the CSV that CTP users record, piece by piece, in bounded memory.
///
/// The header says which column stands where, so any subset and order of CTP's depth market data
/// columns is read. Feed pieces with `append`, take ticks with `next` until it says nil, feed
/// on; call `finish` behind the last piece. A line that can't be read is thrown as a fault with
/// its number and skipped: the reader goes on with the next one.
public struct TickFileReader: ~Copyable {
  public static let lineBytesMaximum = 16_384
  public static let fieldsMaximum = 256

  /// What a file leaves out and its reader must be told.
  public struct Options: Equatable, Sendable {
    /// For rows whose ExchangeID is missing or empty: by instrument, ...
    public var exchanges: [InstrumentCode: Exchange]
    /// ... else this one.
    public var exchange: Exchange
    public var days: WorkingDays

    public init(
      exchange: Exchange = .unknown, exchanges: [InstrumentCode: Exchange] = [:],
      days: WorkingDays = WorkingDays()
    ) {
      self.exchange = exchange
      self.exchanges = exchanges
      self.days = days
    }
  }

  private let options: Options
  private var buffer: [UInt8] = []
  /// The first byte of `buffer` that was not read yet.
  private var start = 0
  /// How far behind `start` no line end was found.
  private var scanned = 0
  private var isFinished = false
  /// Set while the rest of a line that was too long passes by.
  private var isInLongLine = false
  private var columns: TickColumns?
  private let fields: UnsafeMutablePointer<Range<Int>>

  /// Lines taken so far, the header included.
  public private(set) var lines = 0
  /// Lines that gave a tick.
  public private(set) var ticks = 0
  /// Lines without last price and without book: legal before the market opens, and passed over.
  public private(set) var linesWithoutPrice = 0

  public init(options: Options = Options()) {
    self.options = options
    fields = .allocate(capacity: TickFileReader.fieldsMaximum)
    fields.initialize(repeating: 0..<0, count: TickFileReader.fieldsMaximum)
  }

  deinit { fields.deallocate() }

  /// Takes the next piece of the file. Memory stays bounded when `next` is called until it says
  /// nil before the next piece comes.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(!isFinished, "a finished tick file takes no more bytes")
    buffer.removeFirst(start)
    start = 0
    buffer.append(contentsOf: bytes)
  }

  public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Says that the file is at its end, so that a last line without a line end counts.
  public mutating func finish() { isFinished = true }

  /// The next tick; nil when more bytes are needed or the file is at its end.
  public mutating func next() throws(TickFileFault) -> ExchangeTick? {
    while let line = try nextLine() {
      if line.isEmpty { continue }
      if let tick = try read(line) { return tick }
    }
    return nil
  }

  // MARK: Lines

  private mutating func nextLine() throws(TickFileFault) -> Range<Int>? {
    while true {
      guard let end = lineEnd() else {
        if buffer.count - start > TickFileReader.lineBytesMaximum {
          let isFirst = !isInLongLine
          isInLongLine = true
          start = buffer.count
          scanned = 0
          if isFirst { throw TickFileFault(line: lines + 1, kind: .lineTooLong) }
        }
        return nil
      }
      lines += 1
      var line = start..<end
      start = min(end + 1, buffer.count)
      scanned = 0
      if isInLongLine {
        isInLongLine = false
        continue
      }
      if line.count > TickFileReader.lineBytesMaximum {
        throw TickFileFault(line: lines, kind: .lineTooLong)
      }
      if !line.isEmpty, buffer[line.upperBound - 1] == UInt8(ascii: "\r") {
        line = line.lowerBound..<line.upperBound - 1
      }
      return line
    }
  }

  /// Where the line at `start` ends; nil when its end has not come yet.
  private mutating func lineEnd() -> Int? {
    var index = start + scanned
    while index < buffer.count {
      if buffer[index] == UInt8(ascii: "\n") { return index }
      index += 1
    }
    scanned = buffer.count - start
    return isFinished && start < buffer.count ? buffer.count : nil
  }

  /// Reads a header or a row; nil for the header and for a row without price.
  private mutating func read(_ line: Range<Int>) throws(TickFileFault) -> ExchangeTick? {
    do throws(TickFileFault.Kind) {
      guard let columns else {
        columns = try buffer.withUnsafeBufferPointer {
          (all) throws(TickFileFault.Kind) -> TickColumns in
          try TickColumns(header: all, line, fields: fields)
        }
        return nil
      }
      let tick = try buffer.withUnsafeBufferPointer {
        (all) throws(TickFileFault.Kind) -> ExchangeTick in
        let cells = try CSVLine(UnsafeBufferPointer(rebasing: all[line]), fields: fields)
        return try TickRow(cells, columns).tick(options)
      }
      guard tick.hasPrice else {
        linesWithoutPrice += 1
        return nil
      }
      ticks += 1
      return tick
    } catch {
      throw TickFileFault(line: lines, kind: error)
    }
  }
}
