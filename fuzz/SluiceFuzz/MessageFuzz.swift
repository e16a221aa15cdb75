import Wire

/// Frames as they come: what was decoded says the same after it was encoded and decoded again.
enum MessageFuzz {
  private static let orderEntry = Samples.orderEntry.map { type(of: $0) as any WireMessage.Type }
  private static let counter = Samples.counter.map { type(of: $0) as any WireMessage.Type }

  private static let desk = Samples.desk.map { type(of: $0) as any WireMessage.Type }

  static func desk(_ bytes: UnsafeRawBufferPointer) {
    forEachFrame(bytes) { frame in
      let isKnown = (try? DeskProtocol.Message(frame)) != nil
      precondition(same(frame, as: desk) == isKnown, "both ways to read agree")
    }
  }

  static func orderEntry(_ bytes: UnsafeRawBufferPointer) {
    forEachFrame(bytes) { frame in
      let isKnown = (try? OrderEntry.Message(frame)) != nil
      precondition(same(frame, as: orderEntry) == isKnown, "both ways to read agree")
    }
  }

  static func counter(_ bytes: UnsafeRawBufferPointer) {
    forEachFrame(bytes) { frame in
      let isKnown = (try? CounterProtocol.Message(frame)) != nil
      precondition(same(frame, as: counter) == isKnown, "both ways to read agree")
    }
  }

  private static func forEachFrame(
    _ bytes: UnsafeRawBufferPointer, _ body: (Frame) -> Void
  ) {
    var rest = bytes
    while case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum) {
      body(frame)
      rest = UnsafeRawBufferPointer(rebasing: rest[frame.length...])
    }
  }

  /// Whether it could be read.
  private static func same(_ frame: Frame, as types: [any WireMessage.Type]) -> Bool {
    guard let type = types.first(where: { $0.templateID == frame.templateID }) else {
      return false
    }
    return same(frame, type)
  }

  private static func same<Value: WireMessage>(_ frame: Frame, _: Value.Type) -> Bool {
    guard let value = try? Value(frame) else { return false }
    same(value)
    return true
  }

  static func same<Value: WireMessage>(_ value: Value) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: value.frameLength, alignment: 8)
    defer { room.deallocate() }
    guard let count = try? value.encode(into: room),
      case .frame(let frame) = FrameScanner.scan(
        UnsafeRawBufferPointer(rebasing: room[..<count]), limit: Framing.outboundMaximum),
      let again = try? Value(frame)
    else { preconditionFailure("what was decoded can be encoded") }
    precondition(again == value, "what was encoded says the same")
    precondition(count <= Value.maximumFrameLength, "no message is longer than its longest")
  }
}
