import Foundation
import Journal
import Testing

@testable import Runtime

@Suite struct FileJournalStorageTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "sluice-journal-\(UUID().uuidString)")
  private let header = JournalHeader(
    shard: 0, firstSequence: 1, engineVersion: 1, configRevision: 0, createdTime: 0,
    genesisHash: InlineArray(repeating: 0))

  private func inFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "journal").path)
  }

  private func error(_ body: () throws(JournalError) -> Void) -> JournalError? {
    do throws(JournalError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func aFileIsWrittenReadAndWrittenOn() throws {
    try inFolder { path in
      var writer = try JournalWriter(creating: header, in: FileJournalStorage(path: path))
      for sequence in UInt64(1)...1000 {
        try writer.reserve(8).storeBytes(of: sequence, as: UInt64.self)
        writer.commit(8, type: .command, sequence: sequence, time: 0)
      }
      try writer.close()
      let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(rights as? Int == 0o600)

      var reader = try JournalReader(reading: FileJournalStorage(path: path))
      var sum: UInt64 = 0
      while let record = try reader.next() { sum += record.payload.load(as: UInt64.self) }
      #expect(sum == 500_500)

      var next = try JournalWriter(continuingAt: reader.end, in: FileJournalStorage(path: path))
      _ = try next.reserve(0)
      next.commit(0, type: .command, sequence: 1001, time: 0)
      try next.flush()
      let last = try reader.next()?.sequence
      #expect(last == 1001)
    }
  }

  @Test func twoWritersOfOneFileAreRefused() throws {
    try inFolder { path in
      let writer = try JournalWriter(creating: header, in: FileJournalStorage(path: path))
      let end = writer.end
      let second = error { () throws(JournalError) in
        _ = try JournalWriter(continuingAt: end, in: FileJournalStorage(path: path))
      }
      #expect(second == .storage(.inUse))
      let third = error { () throws(JournalError) in
        _ = try JournalWriter(creating: header, in: FileJournalStorage(path: path))
      }
      #expect(third == .storage(.exists))
      _ = consume writer
    }
  }

  @Test func aMissingFileOrFolderIsSaid() throws {
    try inFolder { path in
      let missing = error { () throws(JournalError) in
        _ = try JournalReader(reading: FileJournalStorage(path: path))
      }
      #expect(missing == .storage(.missing))
      let noFolder = error { () throws(JournalError) in
        _ = try JournalWriter(creating: header, in: FileJournalStorage(path: "/nowhere/at/all"))
      }
      #expect(noFolder == .storage(.missing))
    }
  }

  /// Linux: every write to /dev/full fails with `ENOSPC`.
  @Test func aFullDiskIsSaid() throws {
    var storage = FileJournalStorage(path: "/dev/full")
    _ = try storage.open(.append(at: 0))
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
    defer { bytes.deallocate() }
    bytes.initializeMemory(as: UInt8.self, repeating: 1)
    var refused: JournalStorageError?
    do throws(JournalStorageError) {
      try storage.append(UnsafeRawBufferPointer(bytes), at: 0)
    } catch {
      refused = error
    }
    #expect(refused == .full)
  }
}
