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
      _ = try Engine.read(SnapshotReader(MemorySnapshot(bytes)), capacities: capacities)
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
    let bytes = try engine.write(
      to: MemorySnapshot(), genesisHash: InlineArray(repeating: 0), journalCRC: 0
    ).bytes
    #expect(Self.fault(bytes, capacities) == nil)
    capacities.orders = 101
    #expect(Self.fault(bytes, capacities) == .otherLayout)
  }
}
