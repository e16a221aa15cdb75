import Foundation

/// The configuration that comes with the program: exactly the files of config/.
public enum EmbeddedDefaults {
  /// The files inside the program, in the order that a folder is read in: what is defined gets the
  /// same numbers from either.
  public static var files: ConfigurationFiles {
    let texts = Dictionary(uniqueKeysWithValues: texts)
    return ConfigurationFiles(
      label: "embedded",
      files: ConfigurationFiles.names.compactMap { name in
        texts[name].map {
          ConfigurationFiles.File(name: name, label: "embedded/\(name)", bytes: Array($0.utf8))
        }
      })
  }

  /// What a command without a folder of settings uses: `config/` where it runs, else what is
  /// inside the program.
  public static func filesOrFolder(_ folder: String = "config") -> ConfigurationFiles {
    FileManager.default.fileExists(atPath: folder)
      ? ConfigurationFiles.read(folder: folder) : files
  }
}
