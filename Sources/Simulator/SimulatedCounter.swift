import Domain
import Exchange

/// A counter with the exchange behind it, on the world's network.
final class SimulatedCounter {
  let index: Int
  /// The gateway's numbers of its fund accounts.
  let funds: [Int]
  var service: CounterService
  /// Nobody can reach it; what it has it keeps.
  var isDown = false
  /// When the world was asked to call again.
  var armedFor = Int64.max
  /// Connections by the counter's own number of them; nil = a free one.
  private(set) var connections: [SimulatedConnection?] = []

  init(_ index: Int, faults: FaultPlan) {
    self.index = index
    funds = SimulatedHouse.funds(of: index)
    service = CounterService(exchange: SimulatedHouse.exchange(index, faults: faults))
  }

  func open(_ connection: SimulatedConnection) -> LinkName {
    let place = connections.firstIndex { $0 == nil } ?? connections.count
    if place == connections.count { connections.append(nil) }
    connections[place] = connection
    connection.slot = UInt32(place)
    return name(connection)
  }

  func name(_ connection: SimulatedConnection) -> LinkName {
    LinkName(index: connection.slot, generation: UInt32(connection.id))
  }

  func forget(_ connection: SimulatedConnection) {
    if connections[Int(connection.slot)] === connection { connections[Int(connection.slot)] = nil }
  }

  func connection(_ name: LinkName) -> SimulatedConnection? {
    guard Int(name.index) < connections.count, let found = connections[Int(name.index)],
      found.id == Int(name.generation)
    else { return nil }
    return found
  }
}

/// What a counter writes goes to its connections.
struct CounterPort: CounterOutput {
  let counter: SimulatedCounter
  let world: Simulation
  private let scratch: UnsafeMutableRawBufferPointer

  init(_ counter: SimulatedCounter, _ world: Simulation) {
    self.counter = counter
    self.world = world
    scratch = world.counterScratch
  }

  mutating func reserve(_ link: LinkName, _ count: Int) -> UnsafeMutableRawBufferPointer? {
    guard let connection = counter.connection(link), connection.isOpenAtPeer,
      count <= scratch.count
    else { return nil }
    guard connection.hasRoom(fromGateway: false, for: count) else {
      connection.counterWaits = true
      return nil
    }
    return UnsafeMutableRawBufferPointer(rebasing: scratch[..<count])
  }

  mutating func commit(_ link: LinkName, _ count: Int) {
    guard let connection = counter.connection(link) else { return }
    world.send(UnsafeRawBufferPointer(rebasing: scratch[..<count]), connection, fromGateway: false)
  }

  mutating func close(_ link: LinkName, lastWords: UnsafeRawBufferPointer) {
    guard let connection = counter.connection(link) else { return }
    if !lastWords.isEmpty { world.send(lastWords, connection, fromGateway: false) }
    world.close(connection, fromGateway: false)
    counter.forget(connection)
  }

  mutating func cut(_ link: LinkName) {
    guard let connection = counter.connection(link) else { return }
    world.close(connection, fromGateway: false, isCut: true)
    counter.forget(connection)
  }
}
