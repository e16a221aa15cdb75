import CUV

extension LoopCore {
  /// The driver is done with `count` of the bytes it was last given.
  mutating func consumed(_ count: Int, of connection: ConnectionID) {
    guard let slot = open(connection) else { return }
    precondition(count >= 0 && count <= slot.pointee.input.count, "what was given is consumed")
    slot.pointee.input.start += count
    if slot.pointee.input.isEmpty {
      slot.pointee.input.clear()
      if slot.pointee.hasGrownInput { giveBackGrownInput(of: slot) }
    } else if count == 0, slot.pointee.input.count == limits.inputMaximumBytes {
      abort(slot, .inputOverflow)
      return
    }
    if slot.pointee.isOutOfRoom, !slot.pointee.isPaused { goOnReading(slot) }
  }

  /// Reads again from a peer that had to wait; first what was read of it and not decrypted.
  mutating func goOnReading(_ slot: SlotPointer) {
    if slot.pointee.isShaking, slot.pointee.tls != nil { return }
    if slot.pointee.tls != nil, slot.pointee.isOutOfRoom {
      slot.pointee.isOutOfRoom = false
      decrypt(slot)
      if slot.pointee.isOutOfRoom || slot.pointee.tls?.isBroken == true { return }
    }
    startReading(slot)
  }

  func startReading(_ slot: SlotPointer) {
    if slot.pointee.isReading || slot.pointee.hasInputEnded { return }
    slot.pointee.isReading = true
    slot.pointee.isOutOfRoom = false
    uv_read_start(slot.pointee.stream, roomIsNeeded, bytesWereRead)
  }

  func stopReading(_ slot: SlotPointer) {
    if !slot.pointee.isReading { return }
    slot.pointee.isReading = false
    uv_read_stop(slot.pointee.stream)
  }

  /// Room at the end of the input buffer: by moving what is left to its front, or by growing it.
  mutating func makeInputRoom(in slot: SlotPointer) {
    slot.pointee.input.compact()
    guard slot.pointee.input.room == 0, !slot.pointee.hasGrownInput,
      limits.inputMaximumBytes > limits.inputBytes
    else { return }
    guard let number = freeGrownInputs.pop() else {
      if !slot.pointee.isStarved {
        slot.pointee.isStarved = true
        starved.push(slot.pointee.index)
      }
      return
    }
    var grown = memory.grownInput(Int(number), limits)
    let held = slot.pointee.input.bytes
    if held.count > 0 { grown.base.copyMemory(from: held.baseAddress!, byteCount: held.count) }
    grown.end = held.count
    slot.pointee.input = grown
  }

  mutating func giveBackGrownInput(of slot: SlotPointer) {
    let number = memory.number(ofGrownInput: slot.pointee.input.base, limits)
    slot.pointee.input = ByteBuffer(base: slot.pointee.ownInput, capacity: limits.inputBytes)
    freeGrownInputs.push(UInt32(number))
    while let index = starved.pop() {
      let hungry = slots + Int(index)
      hungry.pointee.isStarved = false
      if hungry.pointee.state == .open, hungry.pointee.isOutOfRoom, !hungry.pointee.isPaused {
        goOnReading(hungry)
        break
      }
    }
  }

  mutating func received(_ count: Int, _ slot: SlotPointer) {
    if count > 0 {
      counts.reads += 1
      counts.bytesRead += Int64(count)
      if slot.pointee.tls != nil { return receivedCipher(count, slot) }
      guard slot.pointee.state == .open else { return slot.pointee.input.clear() }
      slot.pointee.input.end += count
      setPending(.received, of: slot)
      return
    }
    switch Int32(truncatingIfNeeded: count) {
    case 0: break
    case UV_ENOBUFS.rawValue:
      stopReading(slot)
      slot.pointee.isOutOfRoom = true
    case UV_EOF.rawValue:
      stopReading(slot)
      slot.pointee.hasInputEnded = true
      if slot.pointee.state == .open {
        if slot.pointee.tls?.isEstablished == false {
          return breakTLS(of: slot, TLSFault(.peerLeft))
        }
        setPending(.inputEnded, of: slot)
      } else if slot.pointee.hasOutputEnded {
        closeHandle(of: slot, resetting: false)
      }
    case let status:
      stopReading(slot)
      failed(slot, CloseReason(status: status))
    }
  }
}

extension EventLoop {
  /// Leaves what the peer sends in the system's buffers, so that it has to slow down.
  public mutating func pauseReading(_ connection: ConnectionID) {
    guard let slot = core.pointee.open(connection) else { return }
    slot.pointee.isPaused = true
    core.pointee.stopReading(slot)
  }

  /// Goes on reading; what was not consumed before the pause is handed over in the next turn.
  public mutating func resumeReading(_ connection: ConnectionID) {
    guard let slot = core.pointee.open(connection), slot.pointee.isPaused else { return }
    slot.pointee.isPaused = false
    if !slot.pointee.input.isEmpty { core.pointee.setPending(.received, of: slot) }
    if slot.pointee.hasInputEnded { core.pointee.setPending(.inputEnded, of: slot) }
    core.pointee.goOnReading(slot)
  }
}

func slot(of handle: UnsafeMutableRawPointer?) -> SlotPointer {
  handle!.assumingMemoryBound(to: ConnectionSlot.self)
}

private func roomIsNeeded(
  _ handle: UnsafeMutablePointer<uv_handle_t>?, _ suggested: Int,
  _ buffer: UnsafeMutablePointer<uv_buf_t>?
) {
  let slot = slot(of: handle!.pointee.data)
  if slot.pointee.tls != nil {
    // It was decrypted, or nobody wants it any more.
    slot.pointee.cipher.clear()
    let cipher = slot.pointee.cipher
    buffer!.pointee = uv_buf_t(
      base: cipher.base.assumingMemoryBound(to: CChar.self), len: cipher.capacity)
    return
  }
  if slot.pointee.state == .open {
    slot.pointee.core.pointee.makeInputRoom(in: slot)
  } else {
    // Nobody wants it any more; it is read to hear the peer's end.
    slot.pointee.input.clear()
  }
  let input = slot.pointee.input
  buffer!.pointee = uv_buf_t(
    base: (input.base + input.end).assumingMemoryBound(to: CChar.self), len: input.room)
}

private func bytesWereRead(
  _ stream: UnsafeMutablePointer<uv_stream_t>?, _ count: Int, _ buffer: UnsafePointer<uv_buf_t>?
) {
  let slot = slot(of: stream!.pointee.data)
  slot.pointee.core.pointee.received(count, slot)
}
