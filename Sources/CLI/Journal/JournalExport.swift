import Domain
import Foundation
import Journal
import Messages
import Runtime
import Wire

/// `sluice journal export --json`: a line for each record, for other programs.
enum JournalExport {
  static func run(
    _ path: String, _ range: ClosedRange<UInt64>
  ) throws(JournalError) -> Int32 {
    var reader = try JournalReader(
      reading: FolderJournalStorage(path: path), behind: range.lowerBound - 1)
    do throws(JournalError) {
      try reader.skip(behind: range.lowerBound - 1)
      while let record = try reader.next(), record.sequence <= range.upperBound {
        do throws(WireError) {
          Console.say(try line(record))
        } catch {
          return CLI.failed(
            "\(path): the record at offset \(record.offset) can't be read: \(error)")
        }
      }
    } catch .tornTail(let offset) {
      Console.complain("\(path): \(JournalError.tornTail(offset: offset).words), and left out")
    }
    return 0
  }

  static func line(_ record: JournalRecord) throws(WireError) -> String {
    var object: [String: Any] = [
      "sequence": record.sequence, "time": JournalTime.text(record.time),
      "position": record.offset,
    ]
    if record.type == .command {
      let (name, fields) = JournalValue.named(try JournalCodec.command(record.payload))
      object["command"] = name
      object["fields"] = fields
    } else {
      var effects: [[String: Any]] = []
      var reader = OutcomeReader(record.payload)
      while let effect = try reader.next() {
        let (name, fields) = JournalValue.named(effect)
        effects.append(["effect": name, "fields": fields])
      }
      object["effects"] = effects
    }
    return JournalValue.text(object)
  }
}

/// A command or an effect as JSON: fields by their names, numbers as they are kept.
enum JournalValue {
  /// Whoever reads an export need not know them.
  static let secrets: Set<String> = ["hash"]
  static let redacted = "redacted"

  /// The case's name, and its fields.
  static func named(_ value: Any) -> (name: String, fields: Any) {
    guard let payload = Mirror(reflecting: value).children.first, let name = payload.label else {
      return ("\(value)", [String: Any]())
    }
    return (name, json(payload.value))
  }

  static func text(_ object: [String: Any]) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private static func number(_ number: some BinaryInteger) -> NSNumber {
    number < 0
      ? NSNumber(value: Int64(clamping: number)) : NSNumber(value: UInt64(clamping: number))
  }

  /// A number that is unset is null.
  static func json(_ value: Any) -> Any {
    switch value {
    case let flag as Bool: return flag
    case let number as Int64: return number == .min ? NSNull() : NSNumber(value: number)
    case let number as any BinaryInteger: return self.number(number)
    case let text as any CustomStringConvertible: return text.description
    case let intervals as InlineArray<8, TradingInterval>:
      return (0..<8).map { json(intervals[$0]) }
    default: break
    }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .enum { return "\(value)" }
    let fields = Array(mirror.children)
    // A wrapped number is its number.
    if fields.count == 1, let only = fields.first { return json(only.value) }
    var object: [String: Any] = [:]
    for field in fields {
      guard let label = field.label else { continue }
      object[label] = secrets.contains(label) ? redacted : json(field.value)
    }
    return object
  }
}
