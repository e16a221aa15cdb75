/// Somebody with a client of the gateway and a connection that anything may happen to: what is the
/// same for terminals and for controllers.
protocol Seat: AnyObject {
  associatedtype Event
  var connection: SimulatedConnection? { get }

  /// Has the client read bytes: how many it took, and what they say.
  func read(
    _ bytes: UnsafeRawBufferPointer, _ world: Simulation, _ says: (Event) -> Void
  ) -> Int
  func heard(_ event: Event, over connection: SimulatedConnection, _ world: Simulation)
  /// Sends what the client has to send and finds room.
  func sendPending(_ take: (UnsafeRawBufferPointer) -> Int)
  /// Asks the world to call when the client has something to do.
  func arm(_ world: Simulation)
  /// The connection came to nothing, or is gone.
  func disconnected(_ world: Simulation)
}

extension Seat {
  func isOn(_ connection: SimulatedConnection) -> Bool { self.connection === connection }

  func cut(_ world: Simulation) {
    guard let connection else { return }
    world.close(connection, fromGateway: false, isCut: true)
    disconnected(world)
  }

  func received(_ connection: SimulatedConnection, _ world: Simulation) {
    guard isOn(connection) else { return }
    let bytes = connection.fromGateway.unread
    var events: [Event] = []
    let used = bytes.withUnsafeBytes { bytes in read(bytes, world) { events.append($0) } }
    connection.fromGateway.unread.removeFirst(used)
    for event in events { heard(event, over: connection, world) }
    flush(world)
    if isOn(connection), connection.fromGateway.hasEnded {
      world.close(connection, fromGateway: false)
      disconnected(world)
    }
    arm(world)
  }

  func flush(_ world: Simulation) {
    guard let connection, connection.isOpenAtPeer else { return }
    sendPending { bytes in
      guard connection.hasRoom(fromGateway: false, for: bytes.count) else { return 0 }
      world.send(bytes, connection, fromGateway: false)
      return bytes.count
    }
  }
}
