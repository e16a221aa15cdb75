import CUV

typealias SlotPointer = UnsafeMutablePointer<ConnectionSlot>
typealias CorePointer = UnsafeMutablePointer<LoopCore>

/// A place for one connection after the other. It never moves: libuv's handle points to it.
struct ConnectionSlot: BitwiseCopyable {
  enum State: UInt8 {
    case free
    case connecting
    case open
    /// The last words are on their way: they are written, then the end of output, then the peer's
    /// end is waited for, so that nothing unread by us makes the system forget what we wrote.
    case finishing
    /// libuv was told to close.
    case closing
    /// Closed; the driver is still to be told.
    case closed
  }

  /// What the driver is to be told of this slot, in this order.
  struct Pending: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    static var opened: Pending { Pending(rawValue: 1) }
    static var received: Pending { Pending(rawValue: 2) }
    static var inputEnded: Pending { Pending(rawValue: 4) }
    static var failed: Pending { Pending(rawValue: 8) }
    static var drained: Pending { Pending(rawValue: 16) }
    static var closed: Pending { Pending(rawValue: 32) }
  }

  let core: CorePointer
  let index: UInt32
  var generation: UInt32 = 1

  let tcp: UnsafeMutablePointer<uv_tcp_t>
  /// For connecting, for a handshake and for finishing.
  let timer: UnsafeMutablePointer<uv_timer_t>
  let connect: UnsafeMutablePointer<uv_connect_t>
  let write: UnsafeMutablePointer<uv_write_t>
  let shutdown: UnsafeMutablePointer<uv_shutdown_t>

  var state = State.free
  var pending: Pending = []
  /// It stands in the queue of slots with something pending.
  var isQueued = false
  /// It stands in the queue of slots with something to write.
  var isDirty = false
  var isReading = false
  /// The driver does not want to hear more for now.
  var isPaused = false
  /// Reading stopped because the input buffer is full.
  var isOutOfRoom = false
  /// It stands in the queue for a grown input buffer.
  var isStarved = false
  /// It stands in the queue for its next step of a handshake.
  var isShaking = false
  var hasInputEnded = false
  /// libuv writes from `sending`.
  var isWriting = false
  var isShuttingDown = false
  var hasOutputEnded = false
  /// The driver was told `.full` and waits to hear that there is room.
  var wantsDrain = false

  var tag: UInt64 = 0
  var peer = SocketAddress.none
  var reason = CloseReason.peerClosed

  /// Nil = plain TCP.
  var tls: TLSConnection?

  var input: ByteBuffer
  /// The first input buffer, while `input` is a grown one.
  let ownInput: UnsafeMutableRawPointer
  /// What the driver sends goes here.
  var filling: ByteBuffer
  /// What libuv writes, when the peer did not take it at once. Under TLS all that leaves passes
  /// through it, encrypted.
  var sending: ByteBuffer
  /// What was read and is still to be decrypted; unused without TLS.
  var cipher: ByteBuffer

  var id: ConnectionID { ConnectionID(index: index, generation: generation) }
  var stream: UnsafeMutablePointer<uv_stream_t> { tcp.cast(to: uv_stream_t.self) }
  var hasGrownInput: Bool { input.base != ownInput }
  /// Bytes that wait for the peer.
  var backlog: Int { filling.count + sending.count }

  /// Ready for another connection.
  mutating func reset() {
    generation &+= 1
    state = .free
    pending = []
    isReading = false
    isPaused = false
    isOutOfRoom = false
    hasInputEnded = false
    isWriting = false
    isShuttingDown = false
    hasOutputEnded = false
    wantsDrain = false
    tag = 0
    peer = .none
    tls = nil
    input.clear()
    filling.clear()
    sending.clear()
    cipher.clear()
  }
}

/// A stretch of memory and the part of it that is in use.
struct ByteBuffer: BitwiseCopyable {
  let base: UnsafeMutableRawPointer
  let capacity: Int
  var start = 0
  var end = 0

  init(base: UnsafeMutableRawPointer, capacity: Int) {
    self.base = base
    self.capacity = capacity
  }

  var count: Int { end - start }
  var isEmpty: Bool { start == end }
  var room: Int { capacity - end }
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: end - start)
  }

  mutating func clear() {
    start = 0
    end = 0
  }

  /// Moves what is in use to the front.
  mutating func compact() {
    if start == 0 { return }
    let kept = count
    if kept > 0 { base.copyMemory(from: base + start, byteCount: kept) }
    start = 0
    end = kept
  }
}

extension UnsafeMutablePointer {
  /// libuv's handles begin alike, and it expects its callers to cast them.
  func cast<Other>(to other: Other.Type) -> UnsafeMutablePointer<Other> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: other)
  }
}
