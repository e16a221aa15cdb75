import Foundation

/// The files a run makes, compared with those that are there.
struct OutputFiles {
  private let root: URL
  /// Text by path from the root.
  private(set) var contents: [String: String] = [:]
  /// Folders whose other files are left-overs.
  private var ownedFolders: [String] = []

  init(root: URL) { self.root = root }

  mutating func add(_ path: String, _ text: String) {
    precondition(contents[path] == nil, "each generated file is made once")
    contents[path] = text
  }

  /// Everything in `folder` comes from this run.
  mutating func own(_ folder: String) { ownedFolders.append(folder) }

  func existing(_ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Paths whose content is not what it should be.
  var stale: [String] {
    contents.keys.filter { existing($0) != contents[$0] }.sorted()
  }

  /// Paths in owned folders that no schema accounts for any more.
  var leftOver: [String] {
    var paths: [String] = []
    for folder in ownedFolders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []
      paths += names.map { "\(folder)/\($0)" }
        .filter { contents[$0] == nil && ($0.hasSuffix(".swift") || $0.hasSuffix(".py")) }
    }
    return paths.sorted()
  }

  func write() throws {
    for path in stale {
      let url = url(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((contents[path] ?? "").utf8).write(to: url)
    }
    for path in leftOver { try FileManager.default.removeItem(at: url(path)) }
  }

  private func url(_ path: String) -> URL { root.appending(path: path) }
}
