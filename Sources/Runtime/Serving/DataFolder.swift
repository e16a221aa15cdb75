import Glibc
import Journal

/// The folder a gateway keeps its journal and generated secrets in; its owner alone may look.
///
///     var/journal/20261123-142052.journal/00000001.sluicejournal
///     var/journal/simulated/20261123-142052.journal/00000001.sluicejournal
///     var/secrets/desk-1.password
///     var/secrets/day tokens.password   what tokens of the day are made with
///     var/tls/gateway.crt
///     var/control                       a socket, while a gateway runs
///
/// Journals of runs with simulated counters lie apart: such counters forget everything, so that
/// nothing can go on with what was journaled of them.
public struct DataFolder: Sendable {
  public let path: String

  /// Makes what is missing. Says what was wrong when that can't be done.
  public init(path: String) throws(DataFolderError) {
    self.path = path
    for folder in [path] + DataFolder.parts.map({ path + $0 }) {
      if mkdir(folder, 0o700) == 0 {
        // A folder around it that may not be read is for its owner to care about.
        try? JournalFolder(path: folder).syncName()
      } else if errno != EEXIST {
        throw DataFolderError(path: folder, errno: errno)
      }
    }
  }

  /// From the outside in.
  private static let parts = ["/journal", "/journal/simulated", "/secrets", "/tls"]

  /// The newest journal that can be gone on with; nil when there is none.
  public var newestJournal: String? { journals.max() }

  private var journals: [String] {
    let names = (try? JournalFolder(path: path + "/journal").names()) ?? []
    return names.filter { $0.hasSuffix(".journal") }.map { path + "/journal/" + $0 }
  }

  /// Removes journals whose process ended before they were begun: nobody was answered from them.
  /// What they were called.
  func removeUnbegun() -> [String] {
    journals.filter { path in
      let folder = JournalFolder(path: path)
      guard folder.isUnbegun else { return false }
      do throws(JournalStorageError) {
        let lock = try JournalLock(folder)
        folder.remove()
        _ = consume lock
        return true
      } catch {
        // A process is about it.
        return false
      }
    }
  }

  /// A name that no journal has: the time of its beginning, UTC, so that names sort by time.
  ///
  /// - Parameter isSimulated: with simulated counters; nothing goes on with it.
  public func newJournal(at seconds: Int64, isSimulated: Bool = false) -> String {
    let folder = path + (isSimulated ? "/journal/simulated" : "/journal")
    var time = time_t(seconds)
    while true {
      var parts = tm()
      gmtime_r(&time, &parts)
      var text = [CChar](repeating: 0, count: 32)
      strftime(&text, text.count, "%Y%m%d-%H%M%S", &parts)
      let name = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      let path = "\(folder)/\(name).journal"
      if access(path, F_OK) != 0 { return path }
      time += 1
    }
  }

  /// Removes it with everything that was put into it by this type's users.
  public func remove() {
    for folder in DataFolder.parts.reversed().map({ path + $0 }) {
      if let listing = opendir(folder) {
        while let entry = readdir(listing) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          guard name != ".", name != ".." else { continue }
          let path = folder + "/" + name
          if name.hasSuffix(".journal") { JournalFolder(path: path).remove() }
          unlink(path)
        }
        closedir(listing)
      }
      rmdir(folder)
    }
    rmdir(path)
  }

  /// Where a gateway that runs here is asked for changes.
  var controlPath: String { "\(path)/\(ChangeDoor.name)" }

  func secretPath(_ name: String) -> String { "\(path)/secrets/\(name).password" }
}

/// A folder or file that can't be made or read.
public struct DataFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  public var path: String
  public var errno: Int32

  public var description: String { "\(path): \(String(cString: strerror(errno)))" }
}
