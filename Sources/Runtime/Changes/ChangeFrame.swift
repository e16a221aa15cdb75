import Domain
import Messages
import Wire

/// Bytes between `sluice config` and a gateway on the same machine: a length of four bytes, then a
/// kind of one, then its fields; numbers are little-endian, commands as the journal has them.
public enum ChangeFrame {
  /// Longest frame of either side, its length included.
  static let bytesMaximum = 16 << 20
  /// Most commands of one change.
  public static let commandsMaximum = 100_000

  enum Request: Equatable {
    case status
    /// - Parameter revision: what it was decided on.
    /// - Parameter dropsUnfit: who may not log in any more is to go.
    case change([Command], revision: UInt64, dropsUnfit: Bool = false)
  }

  public struct Status: Equatable, Sendable {
    /// The newest command that the journal has.
    public var sequence: UInt64
    /// Changes so far.
    public var revision: UInt64
    /// The folder of the journal.
    public var journal: String
  }

  public struct Outcome: Equatable, Sendable {
    /// How many of the commands were taken; with the first refused one it ends.
    public var taken: Int
    public var refusal: Refusal?
  }

  enum Answer: Equatable {
    case status(Status)
    case changed(Outcome)
    /// Nothing was done, in words.
    case failed(String)
  }

  // MARK: Requests

  /// Nil when a command is none or there are too many.
  static func bytes(_ request: Request) -> [UInt8]? {
    var body: [UInt8] = []
    switch request {
    case .status: body.append(1)
    case .change(let commands, let revision, let dropsUnfit):
      guard commands.count <= commandsMaximum else { return nil }
      body.append(dropsUnfit ? 3 : 2)
      append(revision, to: &body)
      append(UInt32(commands.count), to: &body)
      for command in commands {
        guard let bytes = encoded(command) else { return nil }
        append(UInt16(bytes.count), to: &body)
        body += bytes
      }
    }
    return framed(body)
  }

  /// Nil for bytes that say nothing.
  static func request(_ body: [UInt8]) -> Request? {
    var reader = Reader(rest: body[...])
    switch reader.number(UInt8.self) {
    case 1 where reader.rest.isEmpty: return .status
    case let kind? where kind == 2 || kind == 3:
      guard let revision = reader.number(UInt64.self), let count = reader.number(UInt32.self),
        count <= commandsMaximum
      else { return nil }
      var commands: [Command] = []
      for _ in 0..<count {
        guard let length = reader.number(UInt16.self), let bytes = reader.bytes(Int(length)),
          let command = decoded(bytes)
        else { return nil }
        commands.append(command)
      }
      return reader.rest.isEmpty
        ? .change(commands, revision: revision, dropsUnfit: kind == 3) : nil
    default: return nil
    }
  }

  // MARK: Answers

  static func bytes(_ answer: Answer) -> [UInt8] {
    var body: [UInt8] = []
    switch answer {
    case .status(let status):
      body.append(1)
      append(status.sequence, to: &body)
      append(status.revision, to: &body)
      body += Array(status.journal.utf8)
    case .changed(let outcome):
      body.append(2)
      append(UInt32(outcome.taken), to: &body)
      if let refusal = outcome.refusal {
        append(refusal.rule.rawValue, to: &body)
        append(UInt64(bitPattern: refusal.observed), to: &body)
        append(UInt64(bitPattern: refusal.limit), to: &body)
        body.append(refusal.unit.rawValue)
      }
    case .failed(let words):
      body.append(3)
      body += Array(words.utf8)
    }
    return framed(body)
  }

  static func answer(_ body: [UInt8]) -> Answer? {
    var reader = Reader(rest: body[...])
    switch reader.number(UInt8.self) {
    case 1:
      guard let sequence = reader.number(UInt64.self), let revision = reader.number(UInt64.self)
      else { return nil }
      return .status(
        Status(
          sequence: sequence, revision: revision,
          journal: String(decoding: reader.rest, as: UTF8.self)))
    case 2:
      guard let taken = reader.number(UInt32.self) else { return nil }
      guard !reader.rest.isEmpty else {
        return .changed(Outcome(taken: Int(taken), refusal: nil))
      }
      guard let code = reader.number(UInt16.self), let rule = RuleID(rawValue: code),
        let observed = reader.number(UInt64.self), let limit = reader.number(UInt64.self),
        let unit = reader.number(UInt8.self).flatMap({ Unit(rawValue: $0) })
      else { return nil }
      return .changed(
        Outcome(
          taken: Int(taken),
          refusal: Refusal(
            rule, observed: Int64(bitPattern: observed), limit: Int64(bitPattern: limit),
            unit: unit)))
    case 3: return .failed(String(decoding: reader.rest, as: UTF8.self))
    default: return nil
    }
  }

  // MARK: Parts

  /// How long the frame is that begins with these four bytes; nil when too long or empty.
  static func length(_ bytes: [UInt8]) -> Int? {
    var reader = Reader(rest: bytes[...])
    guard let length = reader.number(UInt32.self), length > 0, length <= bytesMaximum - 4
    else { return nil }
    return Int(length)
  }

  private static func framed(_ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(UInt32(body.count), to: &bytes)
    return bytes + body
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes += Array($0) }
  }

  private static func encoded(_ command: Command) -> [UInt8]? {
    var room = [UInt8](repeating: 0, count: JournalCodec.commandMaximum)
    do throws(WireError) {
      var length = 0
      var fault: WireError?
      room.withUnsafeMutableBytes { room in
        do throws(WireError) {
          length = try JournalCodec.encode(command, into: room)
        } catch {
          fault = error
        }
      }
      if let fault { throw fault }
      return Array(room.prefix(length))
    } catch {
      return nil
    }
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> Command? {
    bytes.withUnsafeBytes { bytes in
      do throws(WireError) {
        return try JournalCodec.command(bytes)
      } catch {
        return nil
      }
    }
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
      guard let bytes = bytes(MemoryLayout<Number>.size) else { return nil }
      return bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
      guard rest.count >= count else { return nil }
      defer { rest.removeFirst(count) }
      return rest.prefix(count)
    }
  }
}
