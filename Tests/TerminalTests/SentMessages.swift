import Client
import Session
import Wire

/// What is picked of the messages that a client has to send, in order; none is left to send.
func sent<Picked>(
  _ client: inout TerminalClient, _ pick: (OrderEntry.Message) -> Picked?
) throws -> [Picked] {
  var bytes: [UInt8] = []
  client.sendPending {
    bytes = Array($0)
    return $0.count
  }
  var found: [Picked] = []
  try bytes.withUnsafeBytes { bytes in
    var used = 0
    while case .frame(let frame) = FrameScanner.scan(
      UnsafeRawBufferPointer(rebasing: bytes[used...]), limit: Framing.outboundMaximum)
    {
      if let picked = pick(try OrderEntry.Message(frame)) { found.append(picked) }
      used += frame.length
    }
  }
  return found
}
