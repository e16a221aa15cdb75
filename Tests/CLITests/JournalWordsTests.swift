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
    (
      .segmentIsCut(3, offset: 128),
      "damaged: the file of segment 3 is shorter than it was made; what stood behind offset 128 is "
        + "gone, or was never written: nobody knows"
    ),
    (
      .storage(.segmentIsMissing(3)),
      "segment 3 is missing; those behind it are there: put 00000003.sluicejournal back, or when "
        + "nobody has it move those behind it away; what is in them is forgotten then"
    ),
    (
      .storage(.noSegments),
      "there is no segment in this folder, such as 00000001.sluicejournal: put them back, or name "
        + "a journal's own folder, such as var/journal/20261123-142052.journal; a start that is to "
        + "do without them needs the folder moved away"
    ),
    (
      .storage(.notAFile(3)),
      "what is called 00000003.sluicejournal is no file: move it away, and put the segment back if "
        + "there was one"
    ),
    (.storage(.notAFolder), "it is neither a folder nor a file"),
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

  @Test func aFullDiskIsSaidWithWhatIsNeeded() throws {
    var settings = GatewayServerSettings(
      address: .loopback(port: 0), journal: JournalPlan(path: "a.journal", .existing))
    settings.journal.segmentBytes = 64 << 20
    #expect(
      GatewayStartError.journal(.storage(.full)).words(settings)
        == "journal a.journal: there is no space left: a journal of two segments needs 128 MiB")
    #expect(
      GatewayStartError.journal(.storage(.inUse)).words(settings)
        == "journal a.journal: another process writes to it: is a gateway running?")
  }

  @Test func aSegmentThatWasCutIsSaidWithWhatToDo() {
    let error = JournalError.segmentIsCut(3, offset: 128)
    #expect(error.repairHint("DIR").hasSuffix("sluice journal repair DIR --truncate-at 128"))
  }

  @Test func whatIsWrongWithAJournalIsSaidInWords() {
    for (error, words) in Self.rows {
      #expect(error.words == words)
      #expect(JournalFault.replay(.journal(error)).words == words)
    }
  }
}
