import Wire

/// Room in the caller's buffer for bytes that are to leave by a connection, filled from the front.
public struct OutgoingBytes: BitwiseCopyable {
  public let room: UnsafeMutableRawBufferPointer
  /// Bytes that were written.
  public private(set) var count = 0

  public init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

  public var free: Int { room.count - count }
  public var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

  /// Writes a whole message; false, and nothing is written, when it does not fit.
  @inlinable public mutating func append(_ message: some WireMessage) -> Bool {
    do throws(WireError) {
      advance(by: try message.encode(into: room, at: count))
      return true
    } catch {
      switch error {
      case .noRoom: return false
      default: preconditionFailure("a message made here can be written")
      }
    }
  }

  /// Copies whole messages that somebody else wrote; false, and nothing is written, when they do
  /// not fit.
  public mutating func append(wholeFrames frames: UnsafeRawBufferPointer) -> Bool {
    guard frames.count <= free else { return false }
    UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: frames)
    count += frames.count
    return true
  }

  @usableFromInline mutating func advance(by length: Int) { count += length }
}
