import Foundation
import Gateway
import Glibc
import Journal
import Storage
import Testing

@testable import Runtime

/// A journal's snapshots as files.
@Suite struct SnapshotFolderTests {
  private static func write(
    _ bytes: [UInt8], _ sequence: UInt64, in folder: SnapshotFolder, kept: Int = 2
  ) throws(SnapshotFault) {
    var output = try folder.make(sequence, leave: 0)
    var fault: SnapshotFault?
    bytes.withUnsafeBytes { bytes in
      do throws(SnapshotFault) {
        try output.write(bytes)
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    try folder.finish(sequence, output, kept: kept)
  }

  @Test func theNewestStayAndReadAsTheyWereWritten() throws {
    try JournalFolderTests.inFolder { journal in
      try journal.make()
      let folder = SnapshotFolder(journal)
      #expect(folder.sequences() == [])
      for sequence in [100, 20_000, 3_000_000] as [UInt64] {
        try Self.write([1, 2, UInt8(sequence % 251)], sequence, in: folder)
      }
      #expect(folder.sequences() == [3_000_000, 20_000])
      #expect(folder.path(20_000).hasSuffix("/00000000000000020000.sluicesnapshot"))
      let input = try folder.open(20_000)
      var read = [UInt8](repeating: 9, count: 5)
      let count = try read.withUnsafeMutableBytes { try input.read(into: $0) }
      #expect(count == 3 && read == [1, 2, UInt8(20_000 % 251), 9, 9])
      // One that is older than all: the journal went on from there.
      try Self.write([7], 50, in: folder)
      #expect(folder.sequences() == [50])
      var facts = stat()
      #expect(stat(folder.path(50), &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }
  }

  @Test func whatIsNotOneIsNotLookedAt() throws {
    try JournalFolderTests.inFolder { journal in
      try journal.make()
      let folder = SnapshotFolder(journal)
      for name in [
        "00000001.sluicejournal", "7.sluicesnapshot", "0000000000000000000x.sluicesnapshot",
        "00000000000000000009.sluicesnapshot.new",
      ] {
        try Data().write(to: URL(filePath: journal.path + "/" + name))
      }
      #expect(folder.sequences() == [])
      folder.abandon(9)
      let names = try FileManager.default.contentsOfDirectory(atPath: journal.path)
      #expect(!names.contains { $0.hasSuffix(".new") })
      #expect(throws: SnapshotFault.io(errno: ENOENT)) { try folder.open(9) }
    }
  }

  /// As it was listed at first; then as it is.
  private struct Relisted: SnapshotShelf {
    let folder: SnapshotFolder
    var listed: [UInt64]?

    mutating func sequences() -> [UInt64] {
      defer { listed = nil }
      return listed ?? folder.sequences()
    }

    func open(_ sequence: UInt64) throws(SnapshotFault) -> SnapshotFileInput {
      try folder.open(sequence)
    }
  }

  /// Retention goes on while somebody verifies.
  @Test func oneThatIsGoneWhenItIsReadIsLeftOut() throws {
    try JournalFolderTests.inFolder { journal in
      try journal.make()
      let folder = SnapshotFolder(journal)
      try Self.write([1, 2, 3], 8, in: folder)
      var shelf = Relisted(folder: folder, listed: [8, 7])
      let findings = SnapshotCheck(&shelf).findings
      #expect(findings.map(\.sequence) == [8])
      #expect(findings.first?.standing == .damaged(.notASnapshot))
    }
  }

  /// A pipe would keep whoever opens it waiting.
  @Test(.timeLimit(.minutes(10))) func whatIsNoFileIsSaid() throws {
    try JournalFolderTests.inFolder { journal in
      try journal.make()
      let folder = SnapshotFolder(journal)
      #expect(mkfifo(folder.path(7), 0o600) == 0)
      #expect(throws: SnapshotFault.io(errno: EINVAL)) { try folder.open(7) }
    }
  }

  @Test func roomIsLeftForTheJournal() throws {
    try JournalFolderTests.inFolder { journal in
      try journal.make()
      let folder = SnapshotFolder(journal)
      var fault: SnapshotFault?
      do throws(SnapshotFault) {
        _ = try folder.make(1, leave: 1 << 60)
      } catch {
        fault = error
      }
      #expect(fault == .io(errno: ENOSPC))
      #expect(folder.sequences() == [])
    }
  }
}
