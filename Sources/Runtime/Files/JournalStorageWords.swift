import Glibc
import Journal

// Why a journal's file can't be used, in words.

extension JournalStorageError {
  /// For a person.
  public var words: String {
    switch self {
    case .full: "there is no space left"
    case .missing: "there is no such file"
    case .exists: "it exists already"
    case .notPermitted: "not permitted"
    case .inUse: "another process writes to it: is a gateway running?"
    case .io(let number): "the system refused: \(String(cString: strerror(number)))"
    }
  }
}
