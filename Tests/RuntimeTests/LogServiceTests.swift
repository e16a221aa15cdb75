import Foundation
import Log
import Testing

@testable import Runtime

@Suite struct LogServiceTests {
  private struct NoWriter: Error {}

  private func inFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "sluice-log-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func lines(_ path: String) throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }

  @Test func everythingIsStoredBeforeTheServiceIsLetGo() throws {
    try inFile { path in
      do {
        let service = try LogService(.file(path: path))
        defer { withExtendedLifetime(service) {} }
        for number in 0..<4 {
          let writer = service.makeWriter()
          guard var writer else { throw NoWriter() }
          for index in 0..<100 {
            writer.record(.info, "it", at: 0) {
              $0.add("writer", number)
              $0.add("index", index)
            }
          }
        }
      }
      let lines = try lines(path)
      #expect(lines.count == 400)
      for number in 0..<4 {
        let mine = lines.filter { $0.contains("writer=\(number) ") }
        let right = (0..<100).map { "index=\($0)" }
        #expect(zip(mine, right).allSatisfy { $0.hasSuffix($1) } && mine.count == 100)
      }
      let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(rights as? Int == 0o600)
    }
  }

  @Test func aFileThatIsThereIsAppendedTo() throws {
    try inFile { path in
      for _ in 0..<2 {
        let service = try LogService(.file(path: path), style: .json)
        defer { withExtendedLifetime(service) {} }
        let writer = service.makeWriter()
        guard var writer else { throw NoWriter() }
        writer.record(.error, "it", at: 0)
      }
      #expect(try lines(path).count == 2)
    }
  }

  @Test func oneWriterTooManyIsRefused() throws {
    try inFile { path in
      let service = try LogService(.file(path: path))
      for _ in 0..<LogService.writersMaximum {
        let isThere = service.makeWriter(byteCount: 8192) != nil
        #expect(isThere)
      }
      let isThere = service.makeWriter(byteCount: 8192) != nil
      #expect(!isThere)
    }
  }

  @Test func aFileThatCannotBeOpenedIsSaid() {
    #expect(throws: LogServiceError.failed(errno: ENOENT)) {
      _ = try LogService(.file(path: "/nowhere/at/all"))
    }
  }

  /// Linux: every write to /dev/full fails with `ENOSPC`.
  @Test func aFullDiskLosesLinesAndCountsThem() throws {
    let service = try LogService(.file(path: "/dev/full"))
    let writer = service.makeWriter()
    guard var writer else { throw NoWriter() }
    writer.record(.error, "it", at: 0)
    let isLost = waitUntil { service.bytesLost > 0 }
    #expect(isLost)
  }

  /// Looks again and again, for half a minute at most.
  private func waitUntil(_ isSo: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if isSo() { return true }
      sched_yield()
    }
    return false
  }
}
