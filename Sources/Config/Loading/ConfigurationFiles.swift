import Foundation

/// The files of a configuration, as bytes with names.
public struct ConfigurationFiles: Sendable {
  public struct File: Sendable {
    /// Below the folder: `gateway.json5`, `commodities/shfe.json5`.
    public var name: String
    /// What faults call it: the path from where the command runs.
    public var label: String
    public var bytes: [UInt8]

    public init(name: String, label: String, bytes: [UInt8]) {
      self.name = name
      self.label = label
      self.bytes = bytes
    }
  }

  public var files: [File]
  /// What could not be read.
  public var faults: [ConfigFault]
  /// What faults about the whole call it: the folder, or `embedded`.
  public var label: String

  public init(label: String, files: [File], faults: [ConfigFault] = []) {
    self.label = label
    self.files = files
    self.faults = faults
  }

  static let single = [
    "gateway.json5", "risk.json5", "calendar.json5", "instruments.json5", "rates.json5",
    "budgets.json5",
    "counters.json5", "products.json5", "fund-accounts.json5", "operation-accounts.json5",
    "schemes.json5",
    "controllers.json5",
  ]
  static let commodities = ["shfe", "ine", "dce", "czce", "cffex", "gfex"]
    .map { "commodities/\($0).json5" }
  /// Every name there can be, in reading order.
  static let names = single + commodities

  /// Reads a folder. Files of other names that end in `.json5` are reported: they are misspelt.
  public static func read(folder: String) -> ConfigurationFiles {
    var read = ConfigurationFiles(label: folder, files: [])
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      read.faults.append(read.fault("there is no such folder"))
      return read
    }
    for name in names {
      let path = folder + "/" + name
      // A name that leads nowhere, or to what is no file, is not the same as no name: settings
      // that someone made are never left out.
      var facts = stat()
      guard lstat(path, &facts) == 0 else { continue }
      guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
        read.faults.append(
          ConfigFault(
            .file, at: SourcePosition(whole: path), "it is no file, or a link to one, to read"))
        continue
      }
      // One byte more than is allowed is enough to know that a file is too large.
      guard let handle = FileHandle(forReadingAtPath: path),
        let data = try? handle.read(upToCount: JSON5Reader.Limits().bytes + 1)
      else {
        // An empty file reads as nothing.
        if manager.isReadableFile(atPath: path) {
          read.files.append(File(name: name, label: path, bytes: []))
        } else {
          let position = SourcePosition(whole: path)
          read.faults.append(ConfigFault(.file, at: position, "the file can't be read"))
        }
        continue
      }
      read.files.append(File(name: name, label: path, bytes: [UInt8](data)))
    }
    read.reportStrangers(in: folder)
    return read
  }

  private mutating func reportStrangers(in folder: String) {
    let manager = FileManager.default
    for prefix in ["", "commodities/"] {
      let found = (try? manager.contentsOfDirectory(atPath: folder + "/" + prefix)) ?? []
      for name in found.map({ prefix + $0 }).sorted()
      where name.hasSuffix(".json5") && !ConfigurationFiles.names.contains(name) {
        // The folder and the ending, which all names share, are no likeness.
        let stems = ConfigurationFiles.names.filter { $0.hasPrefix(prefix) }
          .map { String($0.dropFirst(prefix.count).dropLast(6)) }
        let stem = String(name.dropFirst(prefix.count).dropLast(6))
        let guess = Suggestion.nearest(to: stem, among: stems)
        let hint = guess.map { "; did you mean '\(prefix)\($0).json5'?" } ?? ""
        let position = SourcePosition(whole: folder + "/" + name)
        faults.append(ConfigFault(.file, at: position, "no file of settings has this name\(hint)"))
      }
    }
  }

  func fault(_ message: String) -> ConfigFault {
    ConfigFault(.file, at: SourcePosition(whole: label), message)
  }
}
