import Domain
import Storage
import Wire

/// A row of a controller's picture of accounts: whose picture it is in, and how new it is, is no
/// part of what it says.
protocol PictureRow: WireMessage {
  var requestID: UInt64 { get set }
  var sequence: UInt64 { get set }
  var time: Timestamp { get set }
}

extension DeskProtocol.AccountRow: PictureRow {}
extension DeskProtocol.LineRow: PictureRow {}
extension DeskProtocol.FundAccountRow: PictureRow {}
extension DeskProtocol.ProductRow: PictureRow {}
extension DeskProtocol.PositionRow: PictureRow {}
extension DeskProtocol.WorkingOrderRow: PictureRow {}
extension DeskProtocol.LinkRow: PictureRow {}

extension PictureRow {
  /// Of what it says; never 0.
  var digest: UInt64 {
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { room in
      var hasher = StateHasher()
      do throws(WireError) {
        let count = try encode(into: room)
        var offset = 0
        while offset + 8 <= count {
          hasher.combine(room.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          offset += 8
        }
        while offset < count {
          hasher.combine(UInt64(room[offset]))
          offset += 1
        }
      } catch {
        preconditionFailure("a row has fewer than 512 bytes")
      }
      return hasher.value | 1
    }
  }
}
