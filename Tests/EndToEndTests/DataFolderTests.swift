import Foundation
import Glibc
import Testing

@testable import Runtime

/// The folder of journals and secrets.
@Suite struct DataFolderTests {
  @Test func itIsItsOwnersAlone() throws {
    let scratch = try ScratchFolder()
    for folder in ["", "/journal", "/secrets"] {
      #expect(ScratchFolder.mode(scratch.data.path + folder) == 0o700)
    }
    // Made once, it is only looked at.
    try scratch.write("kept", "data/journal/a.journal")
    let again = try DataFolder(path: scratch.data.path)
    #expect(again.newestJournal == scratch.data.path + "/journal/a.journal")
  }

  @Test func whatCannotBeMadeIsSaidWithItsPath() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("", "file")
    for (path, number) in [
      (scratch.path + "/none/data", ENOENT), (file + "/data", ENOTDIR),
    ] {
      #expect(throws: DataFolderError(path: path, errno: number)) { try DataFolder(path: path) }
    }
    // A file where a folder should be.
    #expect(throws: DataFolderError.self) { try DataFolder(path: file) }
    #expect(
      DataFolderError(path: "var", errno: ENOENT).description == "var: No such file or directory")
  }

  struct Listing: Sendable, CustomTestStringConvertible {
    var names: [String]
    var newest: String?
    var testDescription: String { "\(names)" }
  }

  static let listings: [Listing] = [
    Listing(names: [], newest: nil),
    Listing(names: ["20261118-090000.journal"], newest: "20261118-090000.journal"),
    Listing(
      names: ["20261118-090000.journal", "20270101-000000.journal", "20261231-235959.journal"],
      newest: "20270101-000000.journal"),
    Listing(names: ["20261118-090000.journal.bak", "notes", ".hidden"], newest: nil),
    Listing(names: ["z.copy", "20261118-090000.journal"], newest: "20261118-090000.journal"),
  ]

  @Test(arguments: listings)
  func theNewestJournalIsTheOneWithTheLatestName(_ row: Listing) throws {
    let scratch = try ScratchFolder()
    for name in row.names { try scratch.write("", "data/journal/" + name) }
    #expect(scratch.data.newestJournal == row.newest.map { scratch.data.path + "/journal/" + $0 })
  }

  @Test func whatWasNotBegunIsRemovedUnlessSomebodyIsAboutIt() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.data.path + "/journal/"
    let begun = JournalFolder(path: folder + "20261118-090000.journal")
    try begun.make()
    try begun.begun()
    let other = JournalFolder(path: folder + "20261118-090001.journal")
    try other.make()
    do {
      let lock = try JournalLock(other)
      #expect(scratch.data.removeUnbegun().isEmpty)
      #expect(scratch.data.newestJournal == other.path)
      _ = consume lock
    }
    #expect(scratch.data.removeUnbegun() == [other.path])
    #expect(scratch.data.newestJournal == begun.path)
    #expect(access(other.path, F_OK) != 0)
    #expect(scratch.data.removeUnbegun().isEmpty)
  }

  @Test func aNewJournalHasANameThatIsFreeAndSortsByTime() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.data.path + "/journal/"
    #expect(scratch.data.newJournal(at: 0) == folder + "19700101-000000.journal")
    #expect(scratch.data.newJournal(at: 1_795_000_000) == folder + "20261118-110640.journal")
    for second in 40...43 { try scratch.write("", "data/journal/20261118-1106\(second).journal") }
    #expect(scratch.data.newJournal(at: 1_795_000_000) == folder + "20261118-110644.journal")
    // Over the end of a day.
    try scratch.write("", "data/journal/20261118-235959.journal")
    #expect(scratch.data.newJournal(at: 1_795_046_399) == folder + "20261119-000000.journal")
  }

  @Test func removedItIsGoneWithWhatWasPutIntoIt() throws {
    let scratch = try ScratchFolder()
    try scratch.write("", "data/journal/a.journal")
    try scratch.write("", "data/secrets/a.password")
    let beside = try scratch.write("", "beside")
    scratch.data.remove()
    #expect(!FileManager.default.fileExists(atPath: scratch.data.path))
    #expect(FileManager.default.fileExists(atPath: beside))
  }
}
