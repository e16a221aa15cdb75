import Glibc
import Wire

/// A TCP connection that waits: one message out, then frames in until the right one has come.
final class BlockingConnection {
  private let descriptor: Int32
  private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 8)
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 8)
  private var used = 0..<0

  /// To a port of this machine, with TCP_NODELAY; nil when nobody listens there.
  init?(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit {
    close(descriptor)
    output.deallocate()
    input.deallocate()
  }

  func send(_ message: some WireMessage) {
    do throws(WireError) {
      let count = try message.encode(into: output)
      guard write(descriptor, output.baseAddress, count) == count else {
        BenchFailure.stop("a message could not be sent")
      }
    } catch {
      BenchFailure.stop("a message could not be written: \(error)")
    }
  }

  /// The next frame; its bytes are good until the next call.
  func next() -> Frame {
    while true {
      let bytes = UnsafeRawBufferPointer(rebasing: input[used])
      switch FrameScanner.scan(bytes, limit: Framing.outboundMaximum) {
      case .frame(let frame):
        used = used.lowerBound + frame.length..<used.upperBound
        return frame
      case .needMore: fill()
      case .failed(let error): BenchFailure.stop("bytes that are no frame: \(error)")
      }
    }
  }

  private func fill() {
    if used.isEmpty {
      used = 0..<0
    } else if used.upperBound > input.count / 2 {
      input.baseAddress!.copyMemory(
        from: input.baseAddress! + used.lowerBound, byteCount: used.count)
      used = 0..<used.count
    }
    let count = read(
      descriptor, input.baseAddress! + used.upperBound, input.count - used.upperBound)
    guard count > 0 else { BenchFailure.stop("the other side closed the connection") }
    used = used.lowerBound..<used.upperBound + count
  }
}

/// A measurement that can't be made ends the program.
enum BenchFailure {
  static func stop(_ text: String) -> Never {
    FileDescriptorText.write("SluiceBench: \(text)\n", to: STDERR_FILENO)
    exit(1)
  }
}
