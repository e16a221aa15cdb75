import Wire

/// A whole frame of a message.
func frameBytes(_ message: any WireMessage) throws -> [UInt8] {
  var bytes = [UInt8](repeating: 0xAA, count: Framing.outboundMaximum)
  let length = try bytes.withUnsafeMutableBytes { try message.encode(into: $0) }
  return Array(bytes[..<length])
}

/// What a test sees of a scan: a frame's bytes are gone by then.
enum Scanned: Equatable {
  case frame(length: Int, template: UInt16)
  case needMore(total: Int)
  case failed(WireError)
}

func scan(_ bytes: [UInt8], limit: Int = Framing.outboundMaximum) -> Scanned {
  bytes.withUnsafeBytes { bytes in
    switch FrameScanner.scan(bytes, limit: limit) {
    case .frame(let frame): .frame(length: frame.length, template: frame.templateID)
    case .needMore(let total): .needMore(total: total)
    case .failed(let error): .failed(error)
    }
  }
}

/// Scans one frame and reads it as `M`; throws what the wire throws.
func decode<M: WireMessage>(_ type: M.Type = M.self, _ bytes: [UInt8]) throws -> M {
  try bytes.withUnsafeBytes { bytes in
    switch FrameScanner.scan(bytes, limit: Framing.outboundMaximum) {
    case .frame(let frame): return try M(frame)
    case .needMore: throw NotAFrame()
    case .failed(let error): throw error
    }
  }
}

struct NotAFrame: Error {}

func wireError(_ body: () throws -> Void) -> WireError? {
  do {
    try body()
    return nil
  } catch { return error as? WireError }
}

/// Bytes from hex digits; blanks and line ends are only for the reader.
func hex(_ text: String) -> [UInt8] {
  let digits = text.filter { !$0.isWhitespace }
  precondition(digits.count.isMultiple(of: 2), "a byte has two hex digits")
  var bytes: [UInt8] = []
  var index = digits.startIndex
  while index < digits.endIndex {
    let next = digits.index(index, offsetBy: 2)
    guard let byte = UInt8(digits[index..<next], radix: 16) else {
      preconditionFailure("hex digits are 0-9 and a-f")
    }
    bytes.append(byte)
    index = next
  }
  return bytes
}
