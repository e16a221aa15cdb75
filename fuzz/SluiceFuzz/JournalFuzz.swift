import Messages
import Wire

/// Payloads of records: what was decoded says the same after it was encoded and decoded again.
enum JournalFuzz {
  static func command(_ bytes: UnsafeRawBufferPointer) {
    guard let command = try? JournalCodec.command(bytes) else { return }
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JournalCodec.commandMaximum, alignment: 8)
    defer { room.deallocate() }
    guard let count = try? JournalCodec.encode(command, into: room),
      let again = try? JournalCodec.command(UnsafeRawBufferPointer(rebasing: room[..<count]))
    else { preconditionFailure("a command that was decoded can be encoded") }
    precondition(again == command, "a command that was encoded says the same")
    // Where there is no room for it nothing is written, and that is said.
    precondition(
      (try? JournalCodec.encode(command, into: .init(rebasing: room[..<(count - 1)]))) == nil,
      "a command needs its room")
  }

  static func outcome(_ bytes: UnsafeRawBufferPointer) {
    var reader = OutcomeReader(bytes)
    var effects = EffectBuffer(capacity: 512)
    while effects.hasRoom(for: 1), let effect = try? reader.next() { effects.append(effect) }
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: effects.count * JournalCodec.effectMaximum, alignment: 8)
    defer { room.deallocate() }
    guard let count = try? JournalCodec.encode(effects, into: room) else {
      preconditionFailure("effects that were decoded can be encoded")
    }
    var again = OutcomeReader(UnsafeRawBufferPointer(rebasing: room[..<count]))
    for index in 0..<effects.count {
      precondition(
        (try? again.next()) == effects[index], "an effect that was encoded says the same")
    }
    precondition((try? again.next()) == .some(nil), "an outcome ends with its last effect")
  }
}
