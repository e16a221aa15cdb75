import Gateway
import Session
import Wire

/// A page of a picture of accounts as it is put together, in the ring that takes it to the gateway.
struct PicturePage: ~Copyable {
  private let room: UnsafeMutableRawBufferPointer
  private var outgoing: OutgoingBytes

  init(
    _ place: Int, _ picture: UnsafePointer<Picture>, in room: UnsafeMutableRawBufferPointer
  ) {
    self.room = room
    room.storeBytes(
      of: AnswerHeader(
        watch: UInt16(place), serial: picture.pointee.serial, ticket: picture.pointee.ticket),
      as: AnswerHeader.self)
    outgoing = OutgoingBytes(
      UnsafeMutableRawBufferPointer(rebasing: room[MemoryLayout<AnswerHeader>.size...]))
  }

  /// False when there is no room for it.
  mutating func add(_ message: some WireMessage) -> Bool { outgoing.append(message) }

  var isEmpty: Bool { outgoing.count == 0 }
  var bytesUsed: Int { MemoryLayout<AnswerHeader>.size + outgoing.count }
}
