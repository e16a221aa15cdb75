import CUV
import Glibc

/// What an `EventLoop` owns, at an address that never changes. libuv's callbacks find it through
/// the slot that their handle points to.
struct LoopCore: ~Copyable {
  let limits: LoopLimits
  let uv: UnsafeMutablePointer<uv_loop_t>
  let memory: LoopMemory

  let slots: SlotPointer
  private var startedSlots = 0
  /// The slot that was freed last is taken first: its buffers' memory is there already.
  var freeSlots: IndexQueue
  /// Peers that found no slot, as the driver is to be told; their connections are closed.
  var turnedAway: [(peer: SocketAddress, tag: UInt64)] = []
  var turnedAwayTold = 0
  /// Slots with something pending for the driver.
  var ready: IndexQueue
  /// Slots with something to write at the end of the turn.
  var dirty: IndexQueue
  /// Slots whose input buffer is full while all grown ones are in use.
  var starved: IndexQueue
  var freeGrownInputs: IndexQueue
  /// Slots whose handshake waits for the next turn.
  var shaking: IndexQueue
  var handshakeStepsLeft = 0
  var openCount = 0

  let listeners: UnsafeMutablePointer<ListenerSlot>
  let listenerPolls: UnsafeMutablePointer<uv_poll_t>
  let listenerRests: UnsafeMutablePointer<uv_timer_t>
  var listenerCount = 0
  /// What listeners show their peers, in their order; nil = plain TCP.
  var identities: [TLSIdentity?] = []

  let timers: UnsafeMutablePointer<uv_timer_t>
  var firedTimers: UInt64 = 0
  let signals: UnsafeMutablePointer<uv_signal_t>
  var signalCount = 0
  /// Signals that came, one bit each.
  var caughtSignals: UInt64 = 0
  let async: UnsafeMutablePointer<uv_async_t>
  var isWoken = false

  /// How many entries of `ready` are still of this turn.
  var readyThisTurn = 0
  /// The slot being handed over, and what of it is still to be told.
  var current: SlotPointer?
  var currentPending: ConnectionSlot.Pending = []

  var now: Int64 = 0
  var isStopping = false
  var isInHurry = false
  var counts = LoopCounts()

  static let signalsMaximum = 8

  init(limits: LoopLimits, memory: consuming LoopMemory) {
    self.limits = limits
    uv = .allocate(capacity: 1)
    slots = .allocate(capacity: limits.connections)
    self.memory = memory
    freeSlots = IndexQueue(capacity: limits.connections)
    ready = IndexQueue(capacity: limits.connections)
    dirty = IndexQueue(capacity: limits.connections)
    starved = IndexQueue(capacity: limits.connections)
    shaking = IndexQueue(capacity: limits.connections)
    freeGrownInputs = IndexQueue(capacity: limits.grownInputs)
    listeners = .allocate(capacity: limits.listeners)
    listenerPolls = .allocate(capacity: limits.listeners)
    listenerRests = .allocate(capacity: limits.listeners)
    timers = .allocate(capacity: limits.timers)
    signals = .allocate(capacity: LoopCore.signalsMaximum)
    async = .allocate(capacity: 1)
    for index in 0..<limits.grownInputs { freeGrownInputs.push(UInt32(index)) }
  }

  deinit {
    for index in 0..<startedSlots { (slots + index).pointee.tls?.free() }
    for index in 0..<listenerCount where (listeners + index).pointee.isOpen {
      Glibc.close((listeners + index).pointee.descriptor)
    }
    slots.deallocate()
    listeners.deallocate()
    listenerPolls.deallocate()
    listenerRests.deallocate()
    timers.deallocate()
    signals.deallocate()
    async.deallocate()
    uv.deallocate()
  }

  /// Tells libuv of every handle that lives as long as the loop; `self` is at its final address.
  mutating func start(at core: CorePointer) -> Int32 {
    let status = uv_loop_init(uv)
    guard status == 0 else { return status }
    for index in 0..<limits.connections {
      let timer = memory.connectionTimers + index
      (slots + index).initialize(
        to: ConnectionSlot(
          core: core, index: UInt32(index), tcp: memory.tcps + index, timer: timer,
          connect: memory.connects + index, write: memory.writes + index,
          shutdown: memory.shutdowns + index, input: memory.input(of: index, limits),
          ownInput: memory.input(of: index, limits).base,
          filling: memory.output(of: index, half: 0, limits),
          sending: memory.output(of: index, half: 1, limits),
          cipher: memory.cipher(of: index, limits)))
      startedSlots += 1
      uv_timer_init(uv, timer)
      timer.pointee.data = UnsafeMutableRawPointer(slots + index)
      freeSlots.push(UInt32(index))
    }
    for index in 0..<limits.timers {
      uv_timer_init(uv, timers + index)
      (timers + index).pointee.data = UnsafeMutableRawPointer(core)
    }
    let asyncStatus = uv_async_init(uv, async, loopWasWoken)
    async.pointee.data = UnsafeMutableRawPointer(core)
    return asyncStatus
  }

  // MARK: What is pending

  mutating func setPending(_ what: ConnectionSlot.Pending, of slot: SlotPointer) {
    slot.pointee.pending.formUnion(what)
    if slot.pointee.isQueued { return }
    slot.pointee.isQueued = true
    ready.push(slot.pointee.index)
  }

  mutating func markDirty(_ slot: SlotPointer) {
    if slot.pointee.isDirty { return }
    slot.pointee.isDirty = true
    dirty.push(slot.pointee.index)
  }

  /// The slot of a connection that is neither closing nor gone.
  func open(_ connection: ConnectionID) -> SlotPointer? {
    guard let slot = slot(of: connection), slot.pointee.state == .open else { return nil }
    return slot
  }

  /// The slot of a connection that the driver has not been told the end of.
  func slot(of connection: ConnectionID) -> SlotPointer? {
    guard Int(connection.index) < limits.connections else { return nil }
    let slot = slots + Int(connection.index)
    guard slot.pointee.generation == connection.generation, slot.pointee.state != .free
    else { return nil }
    return slot
  }
}

/// The big pieces of memory: handles and buffers of all slots. Pages that no connection has
/// reached yet cost nothing.
struct LoopMemory: ~Copyable {
  let tcps: UnsafeMutablePointer<uv_tcp_t>
  let connectionTimers: UnsafeMutablePointer<uv_timer_t>
  let connects: UnsafeMutablePointer<uv_connect_t>
  let writes: UnsafeMutablePointer<uv_write_t>
  let shutdowns: UnsafeMutablePointer<uv_shutdown_t>
  private let inputs: UnsafeMutableRawPointer
  private let grownInputs: UnsafeMutableRawPointer
  private let outputs: UnsafeMutableRawPointer
  private let ciphers: UnsafeMutableRawPointer

  init(_ limits: LoopLimits) {
    let count = limits.connections
    tcps = .allocate(capacity: count)
    connectionTimers = .allocate(capacity: count)
    connects = .allocate(capacity: count)
    writes = .allocate(capacity: count)
    shutdowns = .allocate(capacity: count)
    inputs = .allocate(byteCount: count * limits.inputBytes, alignment: 4096)
    grownInputs = .allocate(
      byteCount: max(1, limits.grownInputs * limits.inputMaximumBytes), alignment: 4096)
    outputs = .allocate(
      byteCount: count * 2 * (limits.outputBytes + limits.farewellBytes), alignment: 4096)
    ciphers = .allocate(byteCount: count * limits.inputBytes, alignment: 4096)
  }

  deinit {
    tcps.deallocate()
    connectionTimers.deallocate()
    connects.deallocate()
    writes.deallocate()
    shutdowns.deallocate()
    inputs.deallocate()
    grownInputs.deallocate()
    outputs.deallocate()
    ciphers.deallocate()
  }

  func input(of slot: Int, _ limits: LoopLimits) -> ByteBuffer {
    ByteBuffer(base: inputs + slot * limits.inputBytes, capacity: limits.inputBytes)
  }

  func cipher(of slot: Int, _ limits: LoopLimits) -> ByteBuffer {
    ByteBuffer(base: ciphers + slot * limits.inputBytes, capacity: limits.inputBytes)
  }

  func grownInput(_ number: Int, _ limits: LoopLimits) -> ByteBuffer {
    ByteBuffer(
      base: grownInputs + number * limits.inputMaximumBytes, capacity: limits.inputMaximumBytes)
  }

  func number(ofGrownInput base: UnsafeMutableRawPointer, _ limits: LoopLimits) -> Int {
    (base - grownInputs) / limits.inputMaximumBytes
  }

  func output(of slot: Int, half: Int, _ limits: LoopLimits) -> ByteBuffer {
    let capacity = limits.outputBytes + limits.farewellBytes
    return ByteBuffer(base: outputs + (2 * slot + half) * capacity, capacity: capacity)
  }
}

/// Numbers in the order they came, never more than the capacity.
struct IndexQueue: ~Copyable {
  private let numbers: UnsafeMutablePointer<UInt32>
  private let mask: Int
  private var head = 0
  private var tail = 0

  init(capacity: Int) {
    var size = 1
    while size < capacity { size <<= 1 }
    numbers = .allocate(capacity: size)
    mask = size - 1
  }

  deinit { numbers.deallocate() }

  var count: Int { tail - head }

  mutating func push(_ number: UInt32) {
    precondition(count <= mask, "a slot stands once in a queue")
    numbers[tail & mask] = number
    tail += 1
  }

  /// Puts a number in front of all others.
  mutating func pushFirst(_ number: UInt32) {
    precondition(count <= mask, "a slot stands once in a queue")
    head -= 1
    numbers[head & mask] = number
  }

  mutating func pop() -> UInt32? {
    if head == tail { return nil }
    defer { head += 1 }
    return numbers[head & mask]
  }
}
