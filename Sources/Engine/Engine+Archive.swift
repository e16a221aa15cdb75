import Domain
import Ledger
import MarketData
import Storage

extension Engine {
  /// All that a later answer may depend on, and what makes finding it quick. Between two steps
  /// alone: what a step works with in between is no part of it.
  public mutating func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try passTables(through: &archive)
    try directory.pass(through: &archive)
  }

  private mutating func passTables<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(&sequence)
    try archive.pass(&now)
    try archive.pass(&shard)
    try archive.pass(&seed)
    try archive.pass(&hasSettings)
    try archive.pass(&platform)
    try archive.pass(&isTrading)
    try archive.pass(&dayTurn)
    try archive.pass(&nextDay)
    try archive.pass(&clockJump)
    try archive.pass(&noticeNumber)
    try archive.pass(&configurationRevision)
    try archive.pass(&isDisconnectQueued)
    try archive.pass(&isSending)
    try archive.pass(&answerCursor)
    try archive.pass(&windowsDue)
    try archive.pass(&bandsDue)
    try archive.pass(&liquidationLook)
    try archive.pass(&liquidationSweep)
    try work.pass(through: &archive)
    try marks.pass(through: &archive)
    try dirty.pass(through: &archive)
    try market.pass(through: &archive)
    try ledger.pass(through: &archive)
  }

  /// Of the sizes of all tables and of their records: only an engine of the same can be read from
  /// a snapshot. The names are left out, which are as many as there are.
  mutating func layoutHash() -> UInt64 {
    var layout = LayoutArchive()
    do throws(SnapshotFault) {
      try passTables(through: &layout)
    } catch {
      preconditionFailure("nothing is read and nothing is written")
    }
    return layout.value
  }

  // MARK: Snapshots

  /// What a snapshot of this state says of itself.
  ///
  /// - Parameters:
  ///   - genesisHash: SHA-256 of the genesis commands, as the journal has it.
  ///   - journalCRC: of the journal's record behind which the state stands.
  public mutating func facts(
    genesisHash: InlineArray<32, UInt8>, journalCRC: UInt32
  ) -> SnapshotFacts {
    SnapshotFacts(
      shard: UInt16(shard), engineVersion: Engine.version, sequence: sequence,
      time: now.nanoseconds, stateHash: stateHash, layoutHash: layoutHash(),
      genesisHash: genesisHash, journalCRC: journalCRC)
  }

  /// An engine as a snapshot has it, which `pass` wrote first. Its hash is that of the engine that
  /// was written, or it is refused.
  public static func read<Input: SnapshotInput & ~Copyable>(
    from reader: inout SnapshotReader<Input>, capacities: LedgerCapacities
  ) throws(SnapshotFault) -> Engine {
    var engine = Engine(capacities: capacities)
    let facts = reader.facts
    guard facts.engineVersion == Engine.version, facts.layoutHash == engine.layoutHash() else {
      throw .otherLayout
    }
    try engine.pass(through: &reader)
    engine.awaitNight()
    guard engine.stateHash == facts.stateHash else {
      throw .otherState(found: engine.stateHash, expected: facts.stateHash)
    }
    return engine
  }
}
