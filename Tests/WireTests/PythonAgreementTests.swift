import Domain
import Foundation
import Testing
import Wire

/// The Python codec reads what the Swift codec wrote, and writes the same bytes again.
@Suite struct PythonAgreementTests {
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "clients/python").path

  /// Reads a frame in hex a line, writes it decoded and encoded again, or the fault.
  static let program = """
    import sys
    from sluice_client._codec import counter, desk, framing, order_entry
    modules = {1: order_entry, 2: counter, 4: desk}
    for line in sys.stdin:
        try:
            frame = framing.scan(bytes.fromhex(line))
            print(modules[frame.schema_id].decode(frame).encode().hex())
        except framing.WireError as fault:
            print("fault", fault)
    """

  static func answers(_ frames: [[UInt8]]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1"], uniquingKeysWith: { $1 })
    let folder = FileManager.default.temporaryDirectory
    let input = folder.appending(path: "wire-\(process.hash)-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: input) }
    let lines = frames.map { hexText($0) + "\n" }.joined()
    try Data(lines.utf8).write(to: input)
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static func hexText(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  @Test func everySampleIsTheSameInPython() throws {
    let frames = try Samples.all.map { try frameBytes($0) }
    #expect(try Self.answers(frames) == frames.map(Self.hexText))
  }

  /// Blocks of random bytes without zeros, so that every text field is full; small ones name real
  /// enum values. What they read as in Swift is what Python must read too.
  @Test func randomValuesOfEveryMessageAreTheSameInPython() throws {
    var numbers = SplitMix64(seed: 2)
    var frames: [[UInt8]] = []
    func add<M: WireMessage>(_ message: M) throws {
      for round in 0..<20 {
        var bytes = try frameBytes(message)
        for position in Framing.headersLength..<Framing.headersLength + M.blockLength {
          bytes[position] = .random(in: round < 10 ? 0x20...0x7E : 1...6, using: &numbers)
        }
        frames.append(try frameBytes(decode(M.self, bytes)))
      }
    }
    for sample in Samples.all { try add(sample) }
    let answers = try Self.answers(frames)
    try #require(answers.count == frames.count)
    for (answer, frame) in zip(answers, frames) { #expect(answer == Self.hexText(frame)) }
  }

  @Test func whatSwiftRefusesPythonRefuses() throws {
    let refused = [
      "0000000E EB50 0000 6300 0100 0100", "0000000E EB50 0000 0400 0100 0000",
      "0000000E EB50 0100 0400 0100 0100", "0000000E EB50 0000 1E00 0100 0100",
      "00000012 EB50 0000 1E00 0100 0100 2100 0100", "00000012 EB50 0000 1E00 0100 0100 2100 7900",
      "00000012 EB50 0000 1E00 0100 0100 0000 0100", "0000000F EB50 0000 0300 0100 0100 00",
      "00000010 EB50 0000 0300 0100 0100 0100", "00000010 EB50 0000 0300 0100 0100 0001",
      "00000011 EB50 0000 0300 0100 0100 0100 FF", "0000000D EB50 0000 0300 0100 0100",
    ]
    let answers = try Self.answers(refused.map(hex))
    #expect(answers.count == refused.count)
    #expect(answers.allSatisfy { $0.hasPrefix("fault") })
  }
}
