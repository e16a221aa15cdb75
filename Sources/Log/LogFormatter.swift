import Domain

/// Makes lines of records: one line each, whatever a peer has sent.
public struct LogFormatter: Sendable {
  public enum Style: Sendable {
    /// `2026-11-21T01:30:00.123456Z info connectionOpened peer=127.0.0.1:7001 session=4`
    case text
    /// The same as one JSON object a line.
    case json
  }

  public var style: Style

  public init(style: Style) { self.style = style }

  func format(_ record: LogRecord, into lines: inout [UInt8]) {
    if record.dropped > 0 {
      line(
        .warning, record.time, "logRecordsDropped", [Field("count", "\(record.dropped)", .number)],
        into: &lines)
    }
    var fields = fields(of: record)
    if record.isCut { fields.append(Field("cut", "true", .number)) }
    line(record.level, record.time, record.event, fields, into: &lines)
  }

  private struct Field {
    enum Form {
      /// Needs no quotes in JSON.
      case number
      case text
    }
    var name: String
    var value: String
    var form: Form

    init(_ name: String, _ value: String, _ form: Form) {
      self.name = name
      self.value = value
      self.form = form
    }
  }

  private func fields(of record: LogRecord) -> [Field] {
    var fields: [Field] = []
    var offset = LogRecord.fieldsOffset
    while offset < record.bytes.count {
      guard let kind = LogFieldKind(rawValue: UInt8(truncatingIfNeeded: record.word(offset)))
      else { preconditionFailure("a record has fields of known kinds") }
      let name = record.literal(offset + 8)
      offset += 24
      var field = Field(name, "", .text)
      switch kind {
      case .word:
        field.value = record.literal(offset)
        offset += 16
      case .text:
        let count = Int(record.word(offset))
        let bytes = record.bytes[offset + 8..<offset + 8 + count]
        field.value = String(decoding: bytes, as: UTF8.self)
        offset += 8 + (count + 7) & ~7
      case .secret:
        field.value = Redaction.mark
      case .unsigned, .signed, .boolean, .hexadecimal, .tenThousandths, .orderID, .time,
        .nanoseconds:
        (field.value, field.form) = number(kind, record.word(offset))
        offset += 8
      }
      if Redaction.hides(name) { field = Field(name, Redaction.mark, .text) }
      fields.append(field)
    }
    return fields
  }

  private func number(_ kind: LogFieldKind, _ word: UInt64) -> (String, Field.Form) {
    let signed = Int64(bitPattern: word)
    switch kind {
    case .unsigned: return ("\(word)", .number)
    case .signed: return ("\(signed)", .number)
    case .boolean: return (word == 0 ? "false" : "true", .number)
    case .hexadecimal: return ("0x" + String(word, radix: 16), .text)
    case .tenThousandths:
      return signed == .min ? ("none", .text) : (decimal(signed, places: 4), .number)
    case .orderID: return (OrderID(raw: word).description, .text)
    case .time: return signed == .min ? ("none", .text) : (timeText(signed), .text)
    case .nanoseconds: return (decimal(signed, places: 9) + "s", .text)
    case .word, .text, .secret: preconditionFailure("text is no number")
    }
  }

  private func decimal(_ units: Int64, places: Int) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = units < 0 ? "-" : ""
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }

  private func timeText(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds.flooredQuotient(1_000_000_000)
    let micros = (nanoseconds - seconds * 1_000_000_000) / 1000
    let day = seconds.flooredQuotient(86_400)
    let date = CalendarDate(dayNumber1970: Int32(clamping: day)).yyyymmdd
    let second = seconds - day * 86_400
    func pad(_ number: some BinaryInteger, _ width: Int) -> String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(date / 10_000, 4))-\(pad(date / 100 % 100, 2))-\(pad(date % 100, 2))"
      + "T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
      + ".\(pad(micros, 6))Z"
  }

  // MARK: Lines

  private func line(
    _ level: LogLevel, _ time: Int64, _ event: String, _ fields: [Field],
    into lines: inout [UInt8]
  ) {
    switch style {
    case .text:
      lines += "\(timeText(time)) \(level.name) \(event)".utf8
      for field in fields {
        lines += " \(field.name)=".utf8
        field.value.needsQuotes ? quote(field.value, into: &lines) : (lines += field.value.utf8)
      }
    case .json:
      lines += "{\"time\":\"\(timeText(time))\",\"level\":\"\(level.name)\",\"event\":".utf8
      quote(event, into: &lines)
      for field in fields {
        lines += ",".utf8
        quote(field.name, into: &lines)
        lines += ":".utf8
        switch field.form {
        case .number: lines += field.value.utf8
        case .text: quote(field.value, into: &lines)
        }
      }
      lines += "}".utf8
    }
    lines.append(UInt8(ascii: "\n"))
  }

  /// As a JSON string. What could steer a terminal or begin another line is written as a number.
  private func quote(_ text: String, into lines: inout [UInt8]) {
    lines.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": lines += "\\\(scalar)".utf8
      case "\n": lines += "\\n".utf8
      case _ where scalar.isHarmful:
        let digits = String(scalar.value, radix: 16)
        lines += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      default: lines += String(scalar).utf8
      }
    }
    lines.append(UInt8(ascii: "\""))
  }
}

extension String {
  fileprivate var needsQuotes: Bool {
    isEmpty
      || unicodeScalars.contains {
        $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" || $0.isHarmful
      }
  }
}

extension Unicode.Scalar {
  /// Controls, and what ends a line or turns the direction of writing.
  fileprivate var isHarmful: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
      true
    default: false
    }
  }
}
