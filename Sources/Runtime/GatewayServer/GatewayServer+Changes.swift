import Gateway

// Changes of the configuration, between other messages: some settings a turn.
extension GatewayServer {
  /// Most settings of one turn: their commands are small, and so is what each of them does.
  private static let settingsPerTurn = 64

  mutating func goOnChanging(_ loop: inout EventLoop) {
    guard let batch = changes.first else { return }
    var left = GatewayServer.settingsPerTurn
    while left > 0, let command = batch.next {
      let answer = gateway.change(command)
      // The journal is full for this turn, or refuses: the beat asks again.
      if answer == .notNow { return }
      batch.took(answer)
      left -= 1
    }
    if batch.next != nil { return loop.hurry() }
    guard batch.isToDrop else { return }
    log.dropped(gateway.dropUnfit(), at: gateway.sequencer.now)
  }

  /// Who asked is told once it is on record.
  mutating func tellChanges() {
    guard let batch = changes.first, batch.next == nil else { return }
    // Who asks behind the answer is told no older state.
    control.publish(gateway)
    guard batch.tell(released: released) else { return }
    changes.removeFirst()
    log.configurationChanged(batch, at: gateway.sequencer.now)
  }
}
