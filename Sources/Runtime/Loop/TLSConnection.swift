import COpenSSL
import CUV

/// A connection's TLS. Its driver sees plaintext only.
///
/// OpenSSL reads from the slot's `cipher` and writes to its `sending`, nowhere else, so that what
/// waits for a peer is bounded as without TLS.
struct TLSConnection: BitwiseCopyable {
  /// `SSL`, and with it the BIO.
  let ssl: OpaquePointer
  /// The handshake is over.
  var isEstablished = false
  /// Nothing more can be encrypted or decrypted.
  var isBroken = false
  /// The peer was told that nothing more comes (close_notify).
  var hasSaidGoodbye = false
  /// How much of `sending` libuv writes from; more may come behind it meanwhile.
  var inFlight = 0

  /// Nil when there is no memory for it.
  init?(_ context: TLSContext, of slot: SlotPointer) {
    defer { ERR_clear_error() }
    guard let ssl = SSL_new(context.pointer) else { return nil }
    guard let bio = BIO_new(slotMethod) else {
      SSL_free(ssl)
      return nil
    }
    BIO_set_data(bio, UnsafeMutableRawPointer(slot))
    BIO_set_init(bio, 1)
    // One for both ways; it goes with the connection.
    SSL_set_bio(ssl, bio, bio)
    self.ssl = ssl
  }

  func free() { SSL_free(ssl) }
}

extension LoopCore {
  /// Makes a connection one under TLS. False when there is no memory for it.
  mutating func secure(_ slot: SlotPointer, as identity: TLSIdentity) -> Bool {
    slot.pointee.tls = TLSConnection(identity.context, of: slot)
    guard let tls = slot.pointee.tls else { return false }
    SSL_set_accept_state(tls.ssl)
    return true
  }

  mutating func secure(_ slot: SlotPointer, as client: TLSClient) -> Bool {
    slot.pointee.tls = TLSConnection(client.context, of: slot)
    guard let tls = slot.pointee.tls else { return false }
    SSL_set_connect_state(tls.ssl)
    return client.prepare(tls.ssl)
  }

  mutating func beginHandshake(_ slot: SlotPointer) {
    uv_update_time(uv)
    uv_timer_start(slot.pointee.timer, slotTimeIsOver, limits.handshakeMilliseconds, 0)
    // A client speaks first.
    decrypt(slot)
  }

  private mutating func endHandshake(_ slot: SlotPointer) {
    guard let tls = slot.pointee.tls, !tls.isEstablished, SSL_is_init_finished(tls.ssl) == 1
    else { return }
    slot.pointee.tls?.isEstablished = true
    counts.handshakes += 1
    uv_timer_stop(slot.pointee.timer)
  }

  /// Its TLS is over. What was read before is still handed over; what the driver sends is not
  /// sent any more, but the peer hears the alert that OpenSSL may have for it.
  mutating func breakTLS(of slot: SlotPointer, _ fault: TLSFault) {
    slot.pointee.tls?.isBroken = true
    stopReading(slot)
    guard slot.pointee.state == .open else { return }
    counts.tlsFailures += 1
    slot.pointee.reason = .tls(fault)
    setPending(.failed, of: slot)
  }

  // MARK: Input

  mutating func receivedCipher(_ count: Int, _ slot: SlotPointer) {
    guard slot.pointee.state == .open else { return }
    slot.pointee.cipher.end += count
    if slot.pointee.tls?.isEstablished == false {
      guard handshakeStepsLeft > 0 else {
        stopReading(slot)
        if slot.pointee.isShaking { return }
        slot.pointee.isShaking = true
        return shaking.push(slot.pointee.index)
      }
      handshakeStepsLeft -= 1
    }
    decrypt(slot)
  }

  /// A turn begins: those that had to wait come first.
  mutating func goOnShakingHands() {
    handshakeStepsLeft = limits.handshakeStepsPerTurn
    while handshakeStepsLeft > 0, let index = shaking.pop() {
      handshakeStepsLeft -= 1
      let slot = slots + Int(index)
      slot.pointee.isShaking = false
      // Another connection may have the slot by now; it loses nothing by being looked at.
      guard slot.pointee.state == .open, slot.pointee.tls != nil else { continue }
      decrypt(slot)
      let isBroken = slot.pointee.tls?.isBroken == true
      if !isBroken, !slot.pointee.isOutOfRoom, !slot.pointee.isPaused { startReading(slot) }
    }
  }

  /// Decrypts what was read, as far as there is room for it; the rest waits, and the peer with it.
  mutating func decrypt(_ slot: SlotPointer) {
    guard let tls = slot.pointee.tls, !tls.isBroken else { return }
    reading: while true {
      makeInputRoom(in: slot)
      let input = slot.pointee.input
      guard input.room > 0 else {
        holdInput(of: slot)
        break
      }
      ERR_clear_error()
      let count = SSL_read(tls.ssl, input.base + input.end, Int32(clamping: input.room))
      if count > 0 {
        slot.pointee.input.end += Int(count)
        setPending(.received, of: slot)
        continue
      }
      switch SSL_get_error(tls.ssl, count) {
      case SSL_ERROR_WANT_READ: break reading
      // It has something to answer and the peer does not read.
      case SSL_ERROR_WANT_WRITE:
        holdInput(of: slot)
        break reading
      case SSL_ERROR_ZERO_RETURN:
        stopReading(slot)
        slot.pointee.hasInputEnded = true
        setPending(.inputEnded, of: slot)
        break reading
      default:
        breakTLS(of: slot, TLSFault(of: tls.ssl))
        break reading
      }
    }
    endHandshake(slot)
    if slot.pointee.backlog > 0 { markDirty(slot) }
  }

  private func holdInput(of slot: SlotPointer) {
    stopReading(slot)
    slot.pointee.isOutOfRoom = true
  }

  // MARK: Output

  /// Encrypts what waits and writes it, all in one as long as it fits `sending`.
  mutating func writeCipher(_ slot: SlotPointer) {
    while true {
      encrypt(slot)
      if slot.pointee.sending.isEmpty { break }
      switch tryWrite(&slot.pointee.sending, of: slot) {
      case .all: continue
      case .part:
        slot.pointee.tls?.inFlight = slot.pointee.sending.count
        return writeSending(slot)
      case .failed: return
      }
    }
    outputMoved(slot)
    if slot.pointee.isOutOfRoom, !slot.pointee.isPaused, slot.pointee.state == .open {
      goOnReading(slot)
    }
  }

  mutating func wroteCipher(_ status: Int32, _ slot: SlotPointer) {
    guard slot.pointee.state == .open || slot.pointee.state == .finishing else {
      slot.pointee.sending.clear()
      return
    }
    guard status == 0, let inFlight = slot.pointee.tls?.inFlight else {
      failed(slot, CloseReason(status: status))
      return
    }
    counts.bytesWritten += Int64(inFlight)
    slot.pointee.sending.start += inFlight
    slot.pointee.sending.compact()
    // There may be more to encrypt, a goodbye at least; and whoever waits hears of the room.
    markDirty(slot)
  }

  /// As much as `sending` has room for; at the end of a connection its goodbye too.
  private mutating func encrypt(_ slot: SlotPointer) {
    guard let tls = slot.pointee.tls else { return }
    let isFinishing = slot.pointee.state == .finishing
    if tls.isBroken || isFinishing && !tls.isEstablished {
      // There is nobody any more who could read it.
      slot.pointee.filling.clear()
      return
    }
    if !tls.isEstablished { return }
    while !slot.pointee.filling.isEmpty {
      let room = slot.pointee.sending.room - TLSConnection.overhead
      guard room > 0 else { break }
      let filling = slot.pointee.filling
      ERR_clear_error()
      let count = SSL_write(
        tls.ssl, filling.base + filling.start,
        Int32(min(filling.count, room, TLSConnection.recordBytes)))
      if count > 0 {
        slot.pointee.filling.start += Int(count)
        continue
      }
      let error = SSL_get_error(tls.ssl, count)
      if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE { break }
      return breakTLS(of: slot, TLSFault(of: tls.ssl))
    }
    slot.pointee.filling.compact()
    if isFinishing, slot.pointee.filling.isEmpty, !tls.hasSaidGoodbye,
      slot.pointee.sending.room >= TLSConnection.overhead
    {
      slot.pointee.tls?.hasSaidGoodbye = true
      SSL_shutdown(tls.ssl)
      ERR_clear_error()
    }
  }
}

extension TLSConnection {
  /// The most plaintext of a record. Source: RFC 8446, 5.1.
  static let recordBytes = 16_384
  /// More than a record adds to its plaintext, and than a goodbye takes.
  static let overhead = 128
}

// MARK: OpenSSL's way to a slot's buffers

private nonisolated(unsafe) let slotMethod: OpaquePointer? = {
  let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice slot")
  BIO_meth_set_read(method, cipherIsWanted)
  BIO_meth_set_write(method, cipherIsMade)
  BIO_meth_set_ctrl(method, slotIsAsked)
  return method
}()

private func cipherIsWanted(
  _ bio: OpaquePointer?, _ room: UnsafeMutablePointer<CChar>?, _ count: Int32
) -> Int32 {
  let slot = slot(of: BIO_get_data(bio))
  BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
  let given = min(Int(count), slot.pointee.cipher.count)
  guard given > 0, let room else {
    BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
    return -1
  }
  let cipher = slot.pointee.cipher
  UnsafeMutableRawPointer(room).copyMemory(
    from: cipher.base + cipher.start, byteCount: given)
  slot.pointee.cipher.start += given
  return Int32(given)
}

private func cipherIsMade(
  _ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32
) -> Int32 {
  let slot = slot(of: BIO_get_data(bio))
  BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
  let taken = min(Int(count), slot.pointee.sending.room)
  guard taken > 0, let bytes else {
    BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
    return -1
  }
  let sending = slot.pointee.sending
  (sending.base + sending.end).copyMemory(from: bytes, byteCount: taken)
  slot.pointee.sending.end += taken
  return Int32(taken)
}

private func slotIsAsked(
  _ bio: OpaquePointer?, _ question: Int32, _ number: Int, _ argument: UnsafeMutableRawPointer?
) -> Int {
  // Nothing is kept back.
  question == BIO_CTRL_FLUSH ? 1 : 0
}
