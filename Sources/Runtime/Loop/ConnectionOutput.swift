import CUV

extension EventLoop {
  /// Queues bytes for a peer; they leave at the end of the turn, all in one write.
  public mutating func send(
    _ connection: ConnectionID, _ bytes: UnsafeRawBufferPointer
  ) -> SendResult {
    switch reserve(connection, bytes.count) {
    case .room(let room):
      room.copyMemory(from: bytes)
      commit(connection, bytes.count)
      return .queued
    case .full: return .full
    case .gone: return .gone
    }
  }

  /// Room for at most `count` bytes for a peer, to be filled in place and then committed. A
  /// second reservation before the commit replaces the first.
  public mutating func reserve(_ connection: ConnectionID, _ count: Int) -> Reservation {
    let limits = core.pointee.limits
    precondition(count >= 0 && count <= limits.outputBytes, "a message fits an empty output")
    guard let slot = core.pointee.open(connection) else { return .gone }
    let end = slot.pointee.filling.end
    guard end + count <= limits.outputBytes else {
      slot.pointee.wantsDrain = true
      return .full
    }
    return .room(
      UnsafeMutableRawBufferPointer(start: slot.pointee.filling.base + end, count: count))
  }

  /// Queues the first `count` bytes of the last reservation.
  public mutating func commit(_ connection: ConnectionID, _ count: Int) {
    guard let slot = core.pointee.open(connection) else { return }
    precondition(
      count >= 0 && slot.pointee.filling.end + count <= core.pointee.limits.outputBytes,
      "only reserved bytes are committed")
    slot.pointee.filling.end += count
    core.pointee.markDirty(slot)
  }

  /// Bytes that wait for the peer; 0 for a connection that is gone.
  public func backlog(of connection: ConnectionID) -> Int {
    core.pointee.slot(of: connection)?.pointee.backlog ?? 0
  }
}

/// What a reservation of output came to.
public enum Reservation {
  case room(UnsafeMutableRawBufferPointer)
  /// As `SendResult.full`.
  case full
  /// As `SendResult.gone`.
  case gone
}

extension LoopCore {
  /// Writes what was sent in this turn, a write for each connection.
  mutating func flush() {
    // A write that fails marks nothing dirty, so this ends.
    for _ in 0..<dirty.count {
      guard let index = dirty.pop() else { break }
      let slot = slots + Int(index)
      slot.pointee.isDirty = false
      if slot.pointee.state == .open || slot.pointee.state == .finishing { write(slot) }
    }
  }

  private mutating func write(_ slot: SlotPointer) {
    if slot.pointee.isWriting || slot.pointee.isShuttingDown { return }
    if slot.pointee.tls != nil { return writeCipher(slot) }
    if !slot.pointee.filling.isEmpty {
      switch tryWrite(&slot.pointee.filling, of: slot) {
      case .all: break
      case .part: return writeWhenPossible(slot)
      case .failed: return
      }
    }
    outputMoved(slot)
  }

  enum Written { case all, part, failed }

  /// Hands a buffer to the system, as far as the peer takes it at once; what it took is gone from
  /// the buffer.
  mutating func tryWrite(_ bytes: inout ByteBuffer, of slot: SlotPointer) -> Written {
    var buffer = bytes.buffer
    counts.writes += 1
    let status = uv_try_write(slot.pointee.stream, &buffer, 1)
    if status == bytes.count {
      counts.bytesWritten += Int64(status)
      bytes.clear()
      return .all
    }
    guard status >= 0 || status == UV_EAGAIN.rawValue else {
      failed(slot, CloseReason(status: status))
      return .failed
    }
    let written = max(0, Int(status))
    counts.bytesWritten += Int64(written)
    counts.slowWrites += 1
    bytes.start += written
    return .part
  }

  /// Gives the rest to libuv, and the driver another buffer to fill meanwhile.
  private mutating func writeWhenPossible(_ slot: SlotPointer) {
    swap(&slot.pointee.filling, &slot.pointee.sending)
    writeSending(slot)
  }

  mutating func writeSending(_ slot: SlotPointer) {
    slot.pointee.isWriting = true
    var buffer = slot.pointee.sending.buffer
    slot.pointee.write.pointee.data = UnsafeMutableRawPointer(slot)
    let status = uv_write(slot.pointee.write, slot.pointee.stream, &buffer, 1, bytesWereWritten)
    if status != 0 {
      slot.pointee.isWriting = false
      failed(slot, CloseReason(status: status))
    }
  }

  mutating func wrote(_ status: Int32, _ slot: SlotPointer) {
    slot.pointee.isWriting = false
    if slot.pointee.tls != nil { return wroteCipher(status, slot) }
    counts.bytesWritten += status == 0 ? Int64(slot.pointee.sending.count) : 0
    slot.pointee.sending.clear()
    guard slot.pointee.state == .open || slot.pointee.state == .finishing else { return }
    if status != 0 {
      failed(slot, CloseReason(status: status))
    } else if slot.pointee.filling.isEmpty {
      outputMoved(slot)
    } else {
      markDirty(slot)
    }
  }

  /// Some of the output has left: there may be room again, or nothing more to say.
  mutating func outputMoved(_ slot: SlotPointer) {
    if slot.pointee.wantsDrain, slot.pointee.backlog <= limits.outputBytes / 2 {
      slot.pointee.wantsDrain = false
      setPending(.drained, of: slot)
    }
    if slot.pointee.state == .finishing, slot.pointee.backlog == 0 { endOutput(of: slot) }
  }
}

extension ByteBuffer {
  var buffer: uv_buf_t {
    uv_buf_t(base: (base + start).assumingMemoryBound(to: CChar.self), len: count)
  }
}

private func bytesWereWritten(_ request: UnsafeMutablePointer<uv_write_t>?, _ status: Int32) {
  let slot = slot(of: request!.pointee.data)
  slot.pointee.core.pointee.wrote(status, slot)
}
