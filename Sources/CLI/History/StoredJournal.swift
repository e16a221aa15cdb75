import Foundation
import Runtime

/// How far a journal can be read while its gateway writes to it.
enum StoredJournal {
  /// The newest command that the gateway had stored when it was asked; `.max` when none writes to
  /// the journal. What is just being written can't be told from damage.
  ///
  /// - Parameter path: the journal's folder, or a segment in it. The gateway's data folder is at
  ///   most three folders above.
  static func last(of path: String) -> UInt64 {
    var folder = URL(filePath: path).standardizedFileURL
    var names: Set<String> = [folder.lastPathComponent]
    for _ in 0..<4 {
      folder.deleteLastPathComponent()
      do throws(ChangeClient.Fault) {
        let status = try ChangeClient.status(data: folder.path)
        let name = URL(filePath: status.journal).lastPathComponent
        // Another journal of its data folder is one that nobody writes to.
        return names.contains(name) ? status.sequence : .max
      } catch {
        names.insert(folder.lastPathComponent)
      }
    }
    return .max
  }
}
