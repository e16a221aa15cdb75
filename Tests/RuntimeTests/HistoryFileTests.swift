import Foundation
import Glibc
import Testing

@testable import Runtime

/// Typed lines in a file, from one run to the next.
@Suite struct HistoryFileTests {
  /// A folder of its own, gone when this is.
  final class Folder {
    let path: String
    init() throws {
      var template = Array("/tmp/sluice-history-XXXXXX".utf8CString)
      try #require(mkdtemp(&template) != nil)
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path + name, encoding: .utf8)
    }
  }

  static func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func linesAreKeptInAFileOfTheUsersOwn() throws {
    let folder = try Folder()
    let path = folder.path + "/state/sluice/history"
    var file = HistoryFile(path)
    let before = file.load()
    #expect(before == [])
    for line in ["one", "两行"] {
      let isKept = file.append(line)
      #expect(isKept)
    }
    #expect(Self.mode(path) == 0o600 && Self.mode(folder.path + "/state") == 0o700)
    #expect(try folder.text("/state/sluice/history") == "one\n两行\n")
    var next = HistoryFile(path)
    let kept = next.load()
    #expect(kept == ["one", "两行"])
    // One that others could read is the user's alone from then on.
    chmod(path, 0o644)
    let again = next.load()
    #expect(again == ["one", "两行"] && Self.mode(path) == 0o600)
  }

  @Test func theOldestLinesGiveWay() throws {
    let folder = try Folder()
    var file = HistoryFile(folder.path + "/history")
    let most = HistoryFile.linesMaximum + HistoryFile.linesSlack
    let areKept = (1...most).filter { file.append("\($0)") }.count
    #expect(areKept == most)
    #expect(try folder.text("/history").split(separator: "\n").count == most)
    let isKept = file.append("one more")
    #expect(isKept)
    let kept = try folder.text("/history").split(separator: "\n")
    #expect(kept.count == HistoryFile.linesMaximum)
    #expect(kept.last == "one more" && kept.first == "\(HistoryFile.linesSlack + 2)")
    var next = HistoryFile(folder.path + "/history")
    let loaded = next.load()
    #expect(loaded == kept.map(String.init))
  }

  @Test func terminalsThatShareAFileKeepEachOthersLines() throws {
    let folder = try Folder()
    var one = HistoryFile(folder.path + "/history")
    var other = HistoryFile(folder.path + "/history")
    let areKept = [one.append("one"), other.append("two"), one.append("three")]
    #expect(areKept == [true, true, true])
    #expect(try folder.text("/history") == "one\ntwo\nthree\n")
  }

  @Test func whatIsNoLineIsPassedOver() throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: LineReader.bytesMaximum)
    try "good\n\u{1B}[2J\n\n\(long)\n\(long)y\nlast".write(
      toFile: folder.path + "/history", atomically: false, encoding: .utf8)
    var file = HistoryFile(folder.path + "/history")
    let lines = file.load()
    #expect(lines == ["good", long, "last"])
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let folder = try Folder()
    for path in [folder.path, "/dev/null", "/dev/null/sluice/history"] {
      var file = HistoryFile(path)
      let lines = file.load()
      #expect(lines == [])
      let isKept = file.append("one")
      #expect(!isKept, "\(path)")
    }
  }
}
