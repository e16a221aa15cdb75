import Domain
import Rings
import Testing

@testable import Log

/// A pipe where expectations can reach it.
private final class Pipe {
  private var writer: LogWriter
  private var reader: LogReader
  let style: LogFormatter.Style
  /// 2026-11-21T01:30:00.123456Z
  static let time: Int64 = 1_795_224_600_123_456_789

  init(_ style: LogFormatter.Style = .text, byteCount: Int = 1 << 16, level: LogLevel = .debug) {
    let pipe = LogPipe(byteCount: byteCount, minimumLevel: level, doorbell: Doorbell())
    writer = pipe.writer
    reader = pipe.reader
    self.style = style
  }

  var dropped: UInt64 { writer.dropped }

  func record(
    _ level: LogLevel, _ event: StaticString, _ fields: (inout LogFields) -> Void = { _ in }
  ) {
    writer.record(level, event, at: Pipe.time, fields)
  }

  func lines() -> [String] {
    var bytes: [UInt8] = []
    _ = reader.read(LogFormatter(style: style), into: &bytes)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The fields of one record.
  func fields(_ fields: (inout LogFields) -> Void) -> String {
    record(.info, "it", fields)
    let head = "2026-11-21T01:30:00.123456Z info it "
    let line = lines()[0]
    return line.hasPrefix(head) ? String(line.dropFirst(head.count)) : line
  }
}

@Suite struct LogTests {
  @Test func aRecordIsOneLine() {
    let pipe = Pipe()
    pipe.record(.info, "started")
    pipe.record(.warning, "connectionRefused") {
      $0.add("peer", "127.0.0.1:7001")
      $0.add("open", 1024)
    }
    #expect(
      pipe.lines() == [
        "2026-11-21T01:30:00.123456Z info started",
        "2026-11-21T01:30:00.123456Z warning connectionRefused peer=127.0.0.1:7001 open=1024",
      ])
    #expect(pipe.lines().isEmpty)
  }

  @Test func aRecordIsOneObject() {
    let pipe = Pipe(.json)
    pipe.record(.error, "journalFull") {
      $0.add("path", "a \"b\"")
      $0.add("sequence", 12)
      $0.add("isFirst", true)
      $0.add("price", Price(units: -12_500))
    }
    #expect(
      pipe.lines() == [
        #"{"time":"2026-11-21T01:30:00.123456Z","level":"error","event":"journalFull","#
          + #""path":"a \"b\"","sequence":12,"isFirst":true,"price":-1.2500}"#
      ])
  }

  @Test func everyKindOfFieldIsShown() throws {
    let code = try #require(FixedText<32>("rb2610"))
    let order = OrderID(day: TradingDay(yyyymmdd: 20_261_123)!, shard: 3, sequence: 77)
    let shown = Pipe().fields {
      $0.add("a", Int64.min)
      $0.add("b", UInt64.max)
      $0.add("c", false)
      $0.add("d", hexadecimal: 0xBEEF)
      $0.add("e", Price(units: 1))
      $0.add("f", Money(units: -1_234_567))
      $0.add("g", Price.none)
      $0.add("h", order)
      $0.add("i", Timestamp(nanoseconds: 0))
      $0.add("j", nanoseconds: 1_500)
      $0.add("k", "word" as StaticString)
      $0.add("l", code)
      $0.add("m", "文 本")
      $0.add("n", "")
    }
    #expect(
      shown
        == "a=-9223372036854775808 b=18446744073709551615 c=false d=0xbeef e=0.0001 f=-123.4567 "
        + "g=none h=\(order) i=1970-01-01T00:00:00.000000Z j=0.000001500s k=word l=rb2610 "
        + "m=\"文 本\" n=\"\"")
  }

  @Test(arguments: [
    ("a\nb", #""a\nb""#), ("\u{1B}[31m", #""\u001b[31m""#), ("x=y", #""x=y""#),
    ("\u{202E}abc", #""\u202eabc""#), ("\u{0}", #""\u0000""#), ("a\\b", #""a\\b""#),
    ("plain", "plain"),
  ])
  func whatAPeerSendsCannotForgeALine(_ text: String, _ shown: String) {
    let line = Pipe().fields { $0.add("name", text) }
    #expect(line == "name=\(shown)")
  }

  @Test func bytesThatAreNoTextAreShownAsSuch() {
    let line = Pipe().fields { fields in
      [UInt8](arrayLiteral: 0x61, 0xFF, 0x62).withUnsafeBytes { fields.add("name", text: $0) }
    }
    #expect(line == "name=a\u{FFFD}b")
  }

  @Test func secretsAreNotShown() {
    let line = Pipe().fields {
      $0.add("who", Secret("swordfish"))
      $0.add("userPassword", "swordfish")
      $0.add("dayToken", 42)
      $0.add("genesisHash", hexadecimal: 1)
    }
    #expect(line == "who=*** userPassword=*** dayToken=*** genesisHash=***")
    let secret = Secret("swordfish")
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
      #expect(!text.contains("swordfish"))
    }
    #expect(secret.exposed == "swordfish")
  }

  @Test func lessThanTheLevelIsNotRecorded() {
    let pipe = Pipe(level: .warning)
    for level in LogLevel.allCases { pipe.record(level, "it") }
    #expect(pipe.lines().count == 2)
  }

  @Test func aFullRingDropsAndTheNextRecordSaysHowMany() {
    let pipe = Pipe(byteCount: 4096)
    var stored = 0
    while pipe.dropped == 0 {
      pipe.record(.info, "it")
      stored += 1
    }
    for _ in 0..<4 { pipe.record(.info, "it") }
    #expect(pipe.dropped == 5)
    #expect(pipe.lines().count == stored - 1)
    pipe.record(.info, "again")
    #expect(
      pipe.lines() == [
        "2026-11-21T01:30:00.123456Z warning logRecordsDropped count=5",
        "2026-11-21T01:30:00.123456Z info again",
      ])
    #expect(pipe.dropped == 0)
  }

  @Test func aRecordTooLongIsCutAndSaysSo() {
    let pipe = Pipe()
    let long = String(repeating: "x", count: 1000)
    pipe.record(.info, "it") { for _ in 0..<10 { $0.add("text", long) } }
    let line = pipe.lines()[0]
    #expect(line.hasSuffix(" cut=true"))
    let texts = line.split(separator: " ").filter { $0.hasPrefix("text=") }
    #expect(texts.count == 3)
    #expect(texts.allSatisfy { $0.count == 5 + LogFields.textMaximum })
  }

  @Test func levelsHaveNames() {
    for level in LogLevel.allCases { #expect(LogLevel(name: "\(level.name)") == level) }
    #expect(LogLevel(name: "loud") == nil)
  }
}
