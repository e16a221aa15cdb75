import Foundation

/// The program that stands beside these tests, in a process of its own.
enum SluiceProcess {
  /// Runs it to its end: its exit code, and all that it said.
  static func run(_ arguments: String...) throws -> (code: Int32, said: String) {
    try run(arguments)
  }

  static func run(_ arguments: [String]) throws -> (code: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "sluice")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
