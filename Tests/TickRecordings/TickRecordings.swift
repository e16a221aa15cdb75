// Recorded days of market data that nobody here wrote, for the tests that play them.
import Domain
import Exchange
import Foundation

/// Days as CTP users recorded them. They are no part of the package: they lie beside it, or they
/// are not there, and the tests that need them are skipped.
public enum TickRecordings {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/data/ticks").standardized

  public static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  /// Feeds a recorded day to a reader in pieces, as it comes out of `gzip -dc`.
  ///
  /// - Returns: its ticks, and how many lines had no price.
  public static func read(
    _ file: String, of exchange: Exchange
  ) throws -> (ticks: [ExchangeTick], withoutPrice: Int) {
    let unzip = Process()
    unzip.executableURL = URL(filePath: "/usr/bin/env")
    unzip.arguments = ["gzip", "-dc", folder.appending(path: file + ".csv.gz").path]
    let pipe = Pipe()
    unzip.standardOutput = pipe
    try unzip.run()
    var reader = TickFileReader(options: .init(exchange: exchange))
    var ticks: [ExchangeTick] = []
    while let piece = try pipe.fileHandleForReading.read(upToCount: 65_536), !piece.isEmpty {
      piece.withUnsafeBytes { reader.append($0) }
      while let tick = try reader.next() { ticks.append(tick) }
    }
    reader.finish()
    while let tick = try reader.next() { ticks.append(tick) }
    unzip.waitUntilExit()
    return (ticks, Int(reader.linesWithoutPrice))
  }
}
