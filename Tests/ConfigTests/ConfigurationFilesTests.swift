import Foundation
import Testing

@testable import Config

@Suite struct ConfigurationFilesTests {
  /// A folder with these files, gone when the body ends.
  private func withFolder(_ texts: [String: String], _ body: (String) throws -> Void) throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "sluice-config-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: folder) }
    try manager.createDirectory(
      at: folder.appending(path: "commodities"), withIntermediateDirectories: true)
    for (name, text) in texts {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try body(folder.path)
  }

  @Test func aFolderIsReadAsItsFiles() throws {
    try withFolder(TinyConfiguration().texts) { folder in
      let loaded = ConfigurationLoader.load(ConfigurationFiles.read(folder: folder))
      #expect(loaded.faults == [])
      #expect(loaded.configuration != nil)
    }
  }

  @Test func misspeltMissingAndEmptyFilesAreReported() throws {
    var texts = TinyConfiguration().texts
    texts["product.json5"] = texts["products.json5"]
    texts["products.json5"] = nil
    texts["gateway.json5"] = ""
    texts["commodities/nymex.json5"] = "{}"
    texts["notes.txt"] = "anything"
    try withFolder(texts) { folder in
      let faults = ConfigurationLoader.load(ConfigurationFiles.read(folder: folder)).faults
      #expect(
        Set(faults.map { $0.description.replacing(folder, "F") }) == [
          "F/commodities/nymex.json5: no file of settings has this name",
          "F/product.json5: no file of settings has this name; did you mean 'products.json5'?",
          "F: the file products.json5 is missing",
          "F/gateway.json5:1:1: expected a value, found the end of the file",
        ])
    }
  }

  /// None of these is taken for a file that is not there, nor waited for.
  @Test func whatIsNoFileIsReported() throws {
    var texts = TinyConfiguration().texts
    texts["risk.json5"] = nil
    texts["budgets.json5"] = nil
    texts["schemes.json5"] = nil
    try withFolder(texts) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/risk.json5", withDestinationPath: folder + "/gone.json5")
      try FileManager.default.createDirectory(
        atPath: folder + "/budgets.json5", withIntermediateDirectories: false)
      #expect(mkfifo(folder + "/schemes.json5", 0o600) == 0)
      let loaded = ConfigurationLoader.load(ConfigurationFiles.read(folder: folder))
      #expect(loaded.configuration == nil)
      #expect(
        Set(loaded.faults.map { $0.description.replacing(folder, "F") }) == [
          "F/risk.json5: it is no file, or a link to one, to read",
          "F/budgets.json5: it is no file, or a link to one, to read",
          "F/schemes.json5: it is no file, or a link to one, to read",
        ])
    }
  }

  /// As a folder of settings may be made of links.
  @Test func aLinkToAFileIsRead() throws {
    try withFolder(TinyConfiguration().texts) { folder in
      let manager = FileManager.default
      try manager.moveItem(atPath: folder + "/products.json5", toPath: folder + "/products.text")
      try manager.createSymbolicLink(
        atPath: folder + "/products.json5", withDestinationPath: "products.text")
      #expect(ConfigurationLoader.load(ConfigurationFiles.read(folder: folder)).faults == [])
    }
  }

  @Test func aFileThatIsTooLargeIsNotParsed() throws {
    var texts = TinyConfiguration().texts
    texts["gateway.json5"] = String(repeating: " ", count: JSON5Reader.Limits().bytes) + "{}"
    try withFolder(texts) { folder in
      let faults = ConfigurationLoader.load(ConfigurationFiles.read(folder: folder)).faults
      #expect(faults.map(\.kind) == [.file])
    }
  }

  @Test func aFolderThatIsNotThereIsOneFault() {
    let faults = ConfigurationLoader.load(ConfigurationFiles.read(folder: "/nowhere/at/all")).faults
    #expect(faults.map(\.description) == ["/nowhere/at/all: there is no such folder"])
  }
}
