import Messages
import Wire

enum JournalFuzz {
  static func command(_ bytes: UnsafeRawBufferPointer) {
    guard let command = try? JournalCodec.command(bytes) else { return }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 8)
    defer { room.deallocate() }
    guard let count = try? JournalCodec.encode(command, into: room),
      let again = try? JournalCodec.command(UnsafeRawBufferPointer(rebasing: room[..<count]))
    else { preconditionFailure("a command that was decoded can be encoded") }
    precondition(again == command, "a command that was encoded says the same")
  }

  static func outcome(_ bytes: UnsafeRawBufferPointer) {
    var reader = OutcomeReader(bytes)
    while let effect = try? reader.next() { _ = effect }
  }
}
