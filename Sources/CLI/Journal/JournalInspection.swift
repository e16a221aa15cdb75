import Domain
import Journal
import Runtime

/// `sluice journal inspect`: a line for each segment.
enum JournalInspection {
  private struct Row {
    var header: JournalHeader
    var records = 0
    var last: UInt64
    var end: UInt64

    init(_ header: JournalHeader) {
      self.header = header
      last = header.firstSequence - 1
      end = header.segment.position + UInt64(JournalFormat.headerByteCount)
    }
  }

  static func run(_ path: String) throws(JournalError) -> Int32 {
    var reader = try JournalReader(reading: FolderJournalStorage(path: path))
    let first = reader.header
    var rows = [Row(first)]
    var fault: JournalError?
    do throws(JournalError) {
      while let record = try reader.next() {
        if reader.end.header != rows[rows.count - 1].header { rows.append(Row(reader.end.header)) }
        rows[rows.count - 1].records += 1
        rows[rows.count - 1].last = record.sequence
        rows[rows.count - 1].end = reader.end.offset
      }
    } catch {
      fault = error
    }
    Console.say("shard        \(first.shard)")
    Console.say("engine       \(first.engineVersion)")
    Console.say("genesis      \(hexadecimal(first.genesisHash))")
    Console.say("created      \(JournalTime.text(first.createdTime))")
    Console.say("")
    Console.say(
      line(["segment", "position", "bytes", "used", "first", "last", "records", "engine"]))
    for row in rows {
      let segment = row.header.segment
      Console.say(
        line([
          "\(segment.number)", "\(segment.position)", "\(segment.byteCount)",
          "\(row.end - segment.position)", "\(row.header.firstSequence)", "\(row.last)",
          "\(row.records)", "\(row.header.engineVersion)",
        ]))
    }
    Console.say("")
    return JournalVerification.conclude(reader.end, fault, path)
  }

  private static func line(_ columns: [String]) -> String {
    columns.enumerated().map { place, text in
      let width = place == 0 ? 7 : 13
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }.joined()
  }

  private static func hexadecimal(_ bytes: InlineArray<32, UInt8>) -> String {
    var text = ""
    for index in 0..<32 {
      let digits = String(bytes[index], radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }
}
