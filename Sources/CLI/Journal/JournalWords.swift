import Gateway
import Glibc
import Journal
import Runtime

// What is wrong with a journal, in words.

extension JournalFault {
  var words: String {
    switch self {
    case .storage(let error): error.words
    case .isOneFile:
      """
      a journal of one file, as the first version wrote it: this one writes folders of segments. \
      Move it away to begin a new journal; the version that wrote it can replay it
      """
    case .notBegun:
      """
      it was not begun to its end: it lacks definitions or settings of its beginning, and nobody \
      was answered from what it has. Move it away, and the next start begins a new journal
      """
    case .replay(.journal(let error)): error.words
    case .replay(.unexpectedRecord(let type, let sequence, let offset)):
      "a record of type \(type) stands at offset \(offset), sequence \(sequence), out of place"
    case .replay(.badCommand(let error, let sequence, let offset)):
      "command \(sequence) at offset \(offset) can't be read: \(error)"
    case .replay(.outcomeDiffers(let effect, let sequence, let offset)):
      """
      command \(sequence) at offset \(offset) is answered otherwise than it was, from effect \
      \(effect) on: another version, other capacities, or a changed file
      """
    }
  }
}

extension JournalError {
  var words: String {
    switch self {
    case .storage(let error): error.words
    case .sealed: "it was closed, or a sync failed: nothing more is written to it"
    case .headerIsCut: "no journal: it is shorter than a journal's header"
    case .notAJournal: "no journal: it does not begin as one"
    case .headerIsDamaged(let offset):
      "damaged: the header of the segment at offset \(offset) was changed"
    case .wrongVersion(let version):
      "a journal of format version \(version); this program reads \(JournalFormat.version)"
    case .segmentIsCut(let number, let offset):
      """
      damaged: the file of segment \(number) is shorter than it was made; what stood behind offset \
      \(offset) is gone, or was never written: nobody knows
      """
    case .tornTail(let offset): "the last record, at offset \(offset), is there in part"
    case .recordIsCut(let offset): damaged(offset, "is cut, and more follows")
    case .foreignSegment(let number):
      "segment \(number) is not of this journal: another shard, another genesis, another place"
    case .brokenChain(let offset, let number):
      damaged(offset, "is missing: segment \(number) goes on behind other records")
    case .notAnEnd(let offset):
      "no record begins there; the last one in front of it ends at position \(offset)"
    case .beginsLater(let sequence):
      "its first segments are missing: it begins with command \(sequence)"
    case .badLength(let offset, let length):
      damaged(offset, "says that it has \(length) bytes, which can't be")
    case .badChecksum(let offset): damaged(offset, "was changed: its checksum does not fit")
    case .badRecord(let offset): damaged(offset, "is of a kind that there is not")
    case .outOfOrder(let offset, let sequence):
      damaged(offset, "has sequence \(sequence) or a time that does not follow")
    }
  }

  private func damaged(_ offset: UInt64, _ what: String) -> String {
    "damaged: the record at offset \(offset) \(what); nothing from there on can be trusted"
  }
}

extension SnapshotCheck.Standing {
  var isGood: Bool {
    switch self {
    case .good, .isBefore, .isUnreached: true
    case .damaged, .isElsewhere, .isAhead: false
    }
  }

  var words: String {
    switch self {
    case .good(let position): "good, stands behind the record that ends at \(position)"
    case .damaged(let fault): "NOT GOOD: \(fault)"
    case .isElsewhere: "NOT GOOD: it was taken behind another record, or of another journal"
    case .isAhead: "NOT GOOD: the journal ends in front of it, and had its records once"
    case .isUnreached: "whole; the journal can't be read up to the record it was taken behind"
    case .isBefore: "whole; the record it was taken behind is in a segment that is not here"
    }
  }
}

extension JournalStorageError {
  var words: String {
    switch self {
    case .full: "there is no space left"
    case .missing: "there is no such journal"
    case .exists: "it exists already"
    case .notPermitted: "not permitted"
    case .notReady: "the next segment is not ready yet"
    case .segmentIsMissing(let number):
      """
      segment \(number) is missing; those behind it are there: put \
      \(JournalStorageError.fileName(number)) back, or when nobody has it move those behind it \
      away; what is in them is forgotten then
      """
    case .noSegments:
      """
      there is no segment in this folder, such as \(JournalStorageError.fileName(1)): put them \
      back, or name a journal's own folder, such as var/journal/20261123-142052.journal; a start \
      that is to do without them needs the folder moved away
      """
    case .notAFile(let number):
      """
      what is called \(JournalStorageError.fileName(number)) is no file: move it away, and put the \
      segment back if there was one
      """
    case .notAFolder: "it is neither a folder nor a file"
    case .inUse: "another process writes to it: is a gateway running?"
    case .io(let number): "the system refused: \(String(cString: strerror(number)))"
    }
  }

  private static func fileName(_ segment: UInt32) -> String {
    let path = JournalFolder(path: "").segmentPath(segment)
    return String(path.drop { $0 == "/" })
  }

  /// The same where it is known what there was to be room for.
  func wordsNeeding(_ byteCount: UInt64, for what: String) -> String {
    guard self == .full else { return words }
    return "\(words): \(what) needs \((byteCount + (1 << 20) - 1) >> 20) MiB"
  }
}
