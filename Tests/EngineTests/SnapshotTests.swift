import Domain
import Engine
import Ledger
import Messages
import Storage
import Testing

/// Snapshots of the whole engine; that a restored one goes on alike is TwinTests' to show.
@Suite struct EngineSnapshotTests {
  private static func fault(
    _ bytes: [UInt8], _ capacities: LedgerCapacities
  ) -> SnapshotFault? {
    do throws(SnapshotFault) {
      var reader = try SnapshotReader(MemorySnapshot(bytes))
      _ = try Engine.read(from: &reader, capacities: capacities)
      try reader.finish()
      return nil
    } catch {
      return error
    }
  }

  @Test func anEngineOfOtherTablesIsRefused() throws {
    var capacities = LedgerCapacities()
    capacities.positions = 100
    capacities.orders = 100
    capacities.children = 100
    var engine = Engine(capacities: capacities)
    var writer = try SnapshotWriter(
      engine.facts(genesisHash: InlineArray(repeating: 0), journalCRC: 0), to: MemorySnapshot())
    try engine.pass(through: &writer)
    let bytes = try writer.finish().bytes
    #expect(Self.fault(bytes, capacities) == nil)
    capacities.orders = 101
    #expect(Self.fault(bytes, capacities) == .otherLayout)
  }
}
