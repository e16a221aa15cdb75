import Gateway

// A process that is told to stop, as `GatewayServer` does it: nobody new and nothing new, what is
// in hand is finished, everybody is told goodbye, and when every connection is closed it ends.
extension SimulatedGateway {
  /// How far it is.
  struct Stopping {
    /// It leaves by then at the latest; `.max` = it was not told to stop.
    var leavesAt = Int64.max
    var hasLeft = false
  }

  /// Nanoseconds behind its leaving within which every connection is closed.
  private static let lingerMaximum: Int64 = 30_000_000_000

  var isStopping: Bool { stopping.leavesAt != .max }

  /// - Parameter nanoseconds: that it waits for what is in hand.
  func stop(atMost nanoseconds: Int64) {
    beginTurn()
    stopping.leavesAt = world.clock.now + nanoseconds
    gateway.stop()
    goOnStopping()
  }

  func goOnStopping() {
    guard isStopping else { return }
    if !stopping.hasLeft, gateway.isQuiet || world.clock.now >= stopping.leavesAt {
      if !gateway.isQuiet { world.counts.hastyStops += 1 }
      stopping.hasLeft = true
      stopping.leavesAt = world.clock.now
      gateway.leave()
    }
    if stopping.hasLeft, world.clock.now > stopping.leavesAt + SimulatedGateway.lingerMaximum {
      world.fail("a gateway that has left keeps connections")
    }
  }

  /// Whether its process ends: everybody was told and is gone.
  var isOver: Bool { stopping.hasLeft && hasNoConnections }
}
