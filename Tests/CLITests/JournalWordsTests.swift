import Gateway
import Journal
import Runtime
import Testing

@testable import sluice

/// No name of the sources reaches whoever looks at a journal.
@Suite struct JournalWordsTests {
  static let rows: [(JournalError, String)] = [
    (.storage(.missing), "there is no such journal"),
    (.storage(.io(errno: 21)), "the system refused: Is a directory"),
    (.sealed, "it was closed, or a sync failed: nothing more is written to it"),
    (.headerIsCut, "no journal: it is shorter than a journal's header"),
    (.notAJournal, "no journal: it does not begin as one"),
    (.headerIsDamaged(offset: 64), "damaged: the header of the segment at offset 64 was changed"),
    (.wrongVersion(9), "a journal of format version 9; this program reads 2"),
    (.tornTail(offset: 128), "the last record, at offset 128, is there in part"),
    (
      .recordIsCut(offset: 128),
      "damaged: the record at offset 128 is cut, and more follows; nothing from there on can be "
        + "trusted"
    ),
    (
      .foreignSegment(3),
      "segment 3 is not of this journal: another shard, another genesis, another place"
    ),
    (
      .brokenChain(offset: 128, segment: 3),
      "damaged: the record at offset 128 is missing: segment 3 goes on behind other records; "
        + "nothing from there on can be trusted"
    ),
    (
      .notAnEnd(128),
      "no record begins there; the last one in front of it ends at position 128"
    ),
    (.beginsLater(firstSequence: 9), "its first segments are missing: it begins with command 9"),
    (.storage(.segmentIsMissing(3)), "segment 3 is missing; those behind it are there"),
    (.storage(.notReady), "the next segment is not ready yet"),
    (
      .badLength(offset: 128, length: 3),
      "damaged: the record at offset 128 says that it has 3 bytes, which can't be; nothing from "
        + "there on can be trusted"
    ),
    (
      .badChecksum(offset: 499_984),
      "damaged: the record at offset 499984 was changed: its checksum does not fit; nothing from "
        + "there on can be trusted"
    ),
    (
      .badRecord(offset: 128),
      "damaged: the record at offset 128 is of a kind that there is not; nothing from there on can "
        + "be trusted"
    ),
    (
      .outOfOrder(offset: 128, sequence: 7),
      "damaged: the record at offset 128 has sequence 7 or a time that does not follow; nothing "
        + "from there on can be trusted"
    ),
  ]

  @Test func whatIsWrongWithAJournalIsSaidInWords() {
    for (error, words) in Self.rows {
      #expect(error.words == words)
      #expect(JournalFault.replay(.journal(error)).words == words)
    }
  }
}
