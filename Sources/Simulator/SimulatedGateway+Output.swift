import Gateway

// What leaves a gateway's process at the end of a turn, and what it asks of the network.
extension SimulatedGateway {
  func handOn() throws(GatewayCrash) {
    while let output = gateway.nextOutput() {
      guard let connection = connection(of: output.peer), connection.isOpenAtGateway else {
        gateway.outputTaken(output.peer)
        continue
      }
      guard connection.hasRoom(fromGateway: true, for: output.bytes.count) else {
        connection.gatewayWaits = true
        continue
      }
      try world.crashes.pass(.beforeSend)
      world.watch.sent(output.bytes, connection, world)
      world.send(output.bytes, connection, fromGateway: true)
      gateway.outputTaken(output.peer)
      try world.crashes.pass(.afterSend)
    }
  }

  func fulfil(_ request: GatewayRequest) throws(GatewayCrash) {
    switch request {
    case .connect(let link):
      try world.crashes.pass(.beforeConnect)
      links[Int(link.index)] = world.connectLink(Int(link.index))
      try world.crashes.pass(.afterConnect)
    case .pauseReading(let peer): connection(of: peer)?.isPausedAtGateway = true
    case .resumeReading(let peer):
      guard let connection = connection(of: peer), connection.isPausedAtGateway else { return }
      connection.isPausedAtGateway = false
      world.agenda.add(
        .arrival(connection: connection.id, atGateway: true), at: world.clock.now + 5_000)
    case .close(let peer):
      guard let connection = connection(of: peer), connection.isOpenAtGateway else {
        return giveUp(peer)
      }
      try world.crashes.pass(.beforeClose)
      let words = gateway.lastWords(for: peer, atMost: 4_096)
      if connection.hasRoom(fromGateway: true, for: words.count) {
        world.watch.sent(words, connection, world)
        world.send(words, connection, fromGateway: true)
      }
      world.close(connection, fromGateway: true)
      world.agenda.add(.closedAtGateway(connection: connection.id), at: world.clock.now + 100_000)
      try world.crashes.pass(.afterClose)
    case .cut(let peer):
      guard let connection = connection(of: peer), connection.isOpenAtGateway else {
        return giveUp(peer)
      }
      world.close(connection, fromGateway: true, isCut: true)
      world.agenda.add(.closedAtGateway(connection: connection.id), at: world.clock.now + 100_000)
    }
  }

  /// A link that is left while its connection does not stand yet is closed at once.
  private func giveUp(_ peer: Peer) {
    guard case .link(let link) = peer, let connection = links[Int(link.index)],
      !connection.isOpenAtGateway, !connection.isOpenAtPeer
    else { return }
    links[Int(link.index)] = nil
    gateway.linkClosed(link)
  }
}
