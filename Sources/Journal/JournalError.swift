/// Why a journal can't be read further, or not be written. Offsets are positions in the journal.
public enum JournalError: Error, Equatable, Sendable {
  /// The storage refused; for a writer nothing is lost, what was appended waits in its buffer.
  case storage(JournalStorageError)
  /// It was closed, or a sync failed and what the storage holds is uncertain: nothing more is
  /// written to it.
  case sealed
  /// Fewer bytes than a header: the file was cut or its creation was interrupted.
  case headerIsCut
  /// The first eight bytes are not a journal's.
  case notAJournal
  /// A header that was changed; offset 0 is the first segment's.
  case headerIsDamaged(offset: UInt64)
  case wrongVersion(UInt16)
  /// The file of this segment is shorter than the segment: what stood behind the offset, where the
  /// last good record ends, is gone, or was zeros; nobody knows.
  case segmentIsCut(UInt32, offset: UInt64)
  /// The last record is there in part: its write was interrupted, and nothing that follows from
  /// it has left.
  case tornTail(offset: UInt64)
  /// The length field is impossible.
  case badLength(offset: UInt64, length: UInt32)
  /// The record was changed, or the one before it is not the one that was written before it.
  case badChecksum(offset: UInt64)
  /// The file ends in the middle of the record, and more of the journal follows.
  case recordIsCut(offset: UInt64)
  /// A type of 0, or bits that this version keeps zero.
  case badRecord(offset: UInt64)
  /// The sequence is neither the last nor the next, or time went back.
  case outOfOrder(offset: UInt64, sequence: UInt64)
  /// The segment belongs to another shard, another genesis or another place of a journal.
  case foreignSegment(UInt32)
  /// The segment does not go on where the one before it ends, at the offset.
  case brokenChain(offset: UInt64, segment: UInt32)
  /// No record ends and no segment begins where it was to be cut; the last in front of it ends
  /// here.
  case notAnEnd(UInt64)
  /// It begins later than what is asked for.
  case beginsLater(firstSequence: UInt64)
}
