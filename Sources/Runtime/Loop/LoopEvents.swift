import CUV

extension LoopCore {
  /// What the driver is to be told next; nil when this turn has told everything.
  mutating func nextEvent() -> LoopEvent? {
    if isWoken {
      isWoken = false
      return .woken
    }
    if caughtSignals != 0 {
      let signal = caughtSignals.trailingZeroBitCount
      caughtSignals &= caughtSignals - 1
      return .signal(Int32(signal))
    }
    if firedTimers != 0 {
      let timer = firedTimers.trailingZeroBitCount
      firedTimers &= firedTimers - 1
      return .timer(timer)
    }
    if turnedAwayTold < turnedAway.count {
      let (peer, tag) = turnedAway[turnedAwayTold]
      turnedAwayTold += 1
      return .refused(peer, tag: tag)
    }
    turnedAway.removeAll(keepingCapacity: true)
    turnedAwayTold = 0
    while true {
      if let slot = current {
        if let event = nextEvent(of: slot) { return event }
        current = nil
      }
      // What becomes pending from here on is for the next turn, so that a turn ends.
      guard readyThisTurn > 0, let index = ready.pop() else { return nil }
      readyThisTurn -= 1
      let slot = slots + Int(index)
      currentPending = slot.pointee.pending
      slot.pointee.pending = []
      slot.pointee.isQueued = false
      current = slot
    }
  }

  private mutating func nextEvent(of slot: SlotPointer) -> LoopEvent? {
    while !currentPending.isEmpty {
      let bit = ConnectionSlot.Pending(
        rawValue: currentPending.rawValue & (~currentPending.rawValue &+ 1))
      currentPending.subtract(bit)
      if let event = event(bit, of: slot) { return event }
    }
    return nil
  }

  /// What a pending bit means by now; nil when it means nothing any more.
  private mutating func event(_ bit: ConnectionSlot.Pending, of slot: SlotPointer) -> LoopEvent? {
    let isOpen = slot.pointee.state == .open
    switch bit {
    case .opened where isOpen:
      return .opened(slot.pointee.id)
    case .received where isOpen && !slot.pointee.isPaused && !slot.pointee.input.isEmpty:
      return .received(slot.pointee.id, slot.pointee.input.bytes)
    case .inputEnded where isOpen && !slot.pointee.isPaused:
      return .inputEnded(slot.pointee.id)
    case .failed where isOpen:
      if slot.pointee.tls?.isBroken == true {
        // The peer hears in TLS's own words what was wrong.
        finish(slot, slot.pointee.reason)
      } else {
        closeHandle(of: slot, resetting: true)
      }
      return nil
    case .drained where isOpen:
      return .drained(slot.pointee.id)
    case .closed where slot.pointee.state == .closed:
      let event = LoopEvent.closed(
        slot.pointee.id, tag: slot.pointee.tag, slot.pointee.reason)
      free(slot)
      return event
    default:
      return nil
    }
  }

  /// Takes a slot back whose end was told.
  private mutating func free(_ slot: SlotPointer) {
    if slot.pointee.hasGrownInput { giveBackGrownInput(of: slot) }
    slot.pointee.tls?.free()
    slot.pointee.reset()
    // What this slot had pending or to write died with its connection.
    currentPending = []
    openCount -= 1
    counts.closed += 1
    freeSlots.pushFirst(slot.pointee.index)
  }
}

// MARK: Timers, signals, wake-ups

extension EventLoop {
  /// Lets `timerFired` come once, after at least this time and up to 2 ms more; a timer that runs
  /// starts again. Rounded up to milliseconds.
  public mutating func startTimer(_ timer: Int, afterNanoseconds: Int64) {
    precondition(timer >= 0 && timer < core.pointee.limits.timers, "a timer's number is known")
    // libuv counts whole milliseconds from the one that has begun, so one more than are asked for.
    let (whole, part) = UInt64(max(0, afterNanoseconds)).quotientAndRemainder(dividingBy: 1_000_000)
    let milliseconds = whole + (part > 0 ? 2 : 1)
    core.pointee.firedTimers &= ~(1 << UInt64(timer))
    uv_update_time(core.pointee.uv)
    uv_timer_start(core.pointee.timers + timer, timerHasFired, milliseconds, 0)
  }

  public mutating func stopTimer(_ timer: Int) {
    precondition(timer >= 0 && timer < core.pointee.limits.timers, "a timer's number is known")
    uv_timer_stop(core.pointee.timers + timer)
    core.pointee.firedTimers &= ~(1 << UInt64(timer))
  }

  /// Lets `signalReceived` come for this signal (1 to 63), instead of what the system would do.
  public mutating func watch(signal: Int32) {
    precondition((1..<64).contains(signal), "a signal's number has 6 bits")
    precondition(
      core.pointee.signalCount < LoopCore.signalsMaximum, "a loop watches at most 8 signals")
    let handle = core.pointee.signals + core.pointee.signalCount
    core.pointee.signalCount += 1
    uv_signal_init(core.pointee.uv, handle)
    handle.pointee.data = UnsafeMutableRawPointer(core)
    let status = uv_signal_start(handle, signalWasCaught, signal)
    precondition(status == 0, "a signal that can be caught is watched")
  }
}

private func timerHasFired(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
  let core = timer!.pointee.data.assumingMemoryBound(to: LoopCore.self)
  core.pointee.firedTimers |= 1 << UInt64(timer! - core.pointee.timers)
  // libuv runs timers that are due before it looks at sockets: it is not to wait for those then.
  uv_stop(core.pointee.uv)
}

private func signalWasCaught(_ handle: UnsafeMutablePointer<uv_signal_t>?, _ number: Int32) {
  let core = handle!.pointee.data.assumingMemoryBound(to: LoopCore.self)
  core.pointee.caughtSignals |= 1 << UInt64(number)
}

func loopWasWoken(_ async: UnsafeMutablePointer<uv_async_t>?) {
  let core = async!.pointee.data.assumingMemoryBound(to: LoopCore.self)
  core.pointee.isWoken = true
}
