import Config
import Foundation
import Testing

@testable import sluice

/// `sluice check-config` over a folder, as it is called.
@Suite struct CheckConfigTests {
  /// The files of config/ in a folder of their own, one text replaced; gone when the body ends.
  private func withFolder(
    _ file: String, _ old: String, _ new: String, _ body: (String) throws -> Void
  ) throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "sluice-check-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: folder) }
    try manager.createDirectory(
      at: folder.appending(path: "commodities"), withIntermediateDirectories: true)
    for known in EmbeddedDefaults.files.files {
      var text = String(decoding: known.bytes, as: UTF8.self)
      if known.name == file {
        #expect(text.contains(old))
        text = text.replacingOccurrences(of: old, with: new)
      }
      try Data(text.utf8).write(to: folder.appending(path: known.name))
    }
    try body(folder.path)
  }

  @Test func theExampleCanBeUsed() throws {
    try withFolder("gateway.json5", "'info'", "'info'") { folder in
      #expect(CLI.run(["check-config", folder]) == 0)
    }
  }

  /// What the files alone don't show: how many instruments are listed today, and a secret's file.
  @Test(arguments: [
    ("gateway.json5", "instruments: 2000", "instruments: 20"),
    ("operation-accounts.json5", "password: { generate: true }", "password: { file: '/no/hash' }"),
    ("counters.json5", "simulated: true", "simulated: false"),
    ("gateway.json5", "figures: 10000", "figures: 1"),
  ])
  func whatServeWouldRefuseIsToldWithOne(_ file: String, _ old: String, _ new: String) throws {
    try withFolder(file, old, new) { folder in
      #expect(CLI.run(["check-config", folder]) == 1)
    }
  }

  @Test func theRehearsalWritesNothing() throws {
    try withFolder("gateway.json5", "dataFolder: 'var'", "dataFolder: 'not-to-be-made'") { folder in
      #expect(CLI.run(["check-config", folder]) == 0)
      #expect(!FileManager.default.fileExists(atPath: "not-to-be-made"))
    }
  }
}
