import Foundation

/// The configuration that comes with the program: exactly the files of config/.
public enum EmbeddedDefaults {
  /// The files inside the program.
  public static var files: ConfigurationFiles {
    ConfigurationFiles(
      label: "embedded",
      files: texts.map { name, text in
        ConfigurationFiles.File(name: name, label: "embedded/\(name)", bytes: Array(text.utf8))
      })
  }

  /// What a command without a folder of settings uses: `config/` where it runs, else what is
  /// inside the program.
  public static func filesOrFolder(_ folder: String = "config") -> ConfigurationFiles {
    FileManager.default.fileExists(atPath: folder)
      ? ConfigurationFiles.read(folder: folder) : files
  }
}
