import Domain
import Session
import Testing
import Wire

/// A whole frame of a message.
func frameBytes(_ message: any WireMessage) -> [UInt8] {
  var bytes = [UInt8](repeating: 0xAA, count: Framing.outboundMaximum)
  do {
    let length = try bytes.withUnsafeMutableBytes { try message.encode(into: $0) }
    return Array(bytes[..<length])
  } catch {
    Issue.record("a message can be written: \(error)")
    return []
  }
}

/// A frame of headers alone, of any template and version.
func bareFrame(schema: UInt16, template: UInt16, version: UInt16 = 1) -> [UInt8] {
  func number(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
  return [0, 0, 0, 14, 0xEB, 0x50] + number(0) + number(template) + number(schema)
    + number(version)
}

/// Calls `body` with each frame of some bytes, which have to be whole frames.
func forEachFrame(of bytes: [UInt8], _ body: (Frame) throws -> Void) {
  bytes.withUnsafeBytes { bytes in
    var position = 0
    while position < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      guard case .frame(let frame) = FrameScanner.scan(rest, limit: Framing.outboundMaximum)
      else {
        Issue.record("no whole frame at \(position)")
        return
      }
      do { try body(frame) } catch { Issue.record("a frame is no message: \(error)") }
      position += frame.length
    }
  }
}

func templates(of bytes: [UInt8]) -> [UInt16] {
  var found: [UInt16] = []
  forEachFrame(of: bytes) { found.append($0.templateID) }
  return found
}

/// The only message of that kind in some bytes.
func only<M: WireMessage>(_ type: M.Type = M.self, in bytes: [UInt8]) -> M? {
  var found: [M] = []
  forEachFrame(of: bytes) { frame in
    if frame.templateID == M.templateID { found.append(try M(frame)) }
  }
  #expect(found.count == 1, "one \(M.self)")
  return found.first
}

func seconds(_ count: Double) -> Int64 { Int64(count * 1e9) }

/// Cuts bytes into pieces of 1 to 200 bytes.
func chunks(of bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
  var random = SplitMix64(seed: seed)
  var pieces: [[UInt8]] = []
  var position = 0
  while position < bytes.count {
    let end = min(position + Int.random(in: 1...200, using: &random), bytes.count)
    pieces.append(Array(bytes[position..<end]))
    position = end
  }
  return pieces
}
