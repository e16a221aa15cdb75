import Config

/// The configuration a command works with, and what it is called.
struct CommandConfiguration {
  var configuration: Configuration
  let label: String

  /// The files of a folder; without one those of `config/`, or what is inside the program.
  static func files(_ folder: String?) -> ConfigurationFiles {
    folder.map { ConfigurationFiles.read(folder: $0) } ?? EmbeddedDefaults.filesOrFolder()
  }

  /// Reads it. Nil, and everything that is wrong was said, when it can't be used.
  ///
  /// - Parameter tellsNotices: says what is worth knowing too.
  static func load(_ folder: String?, tellsNotices: Bool = false) -> CommandConfiguration? {
    let files = files(folder)
    let loaded = ConfigurationLoader.load(files)
    for fault in loaded.faults {
      if !fault.isNotice { Console.complain(fault.description) }
      if fault.isNotice, tellsNotices { Console.say(fault.description) }
    }
    if loaded.droppedFaultCount > 0 {
      Console.complain("... and \(loaded.droppedFaultCount) more")
    }
    guard let configuration = loaded.configuration else {
      Console.complain("\(files.label): not usable")
      return nil
    }
    return CommandConfiguration(configuration: configuration, label: files.label)
  }
}
