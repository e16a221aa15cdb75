import CSluice
import Domain
import Glibc

/// Round trips to one instant-answer counter by four ways, in turn, round after round: directly,
/// through a proxy that only forwards bytes, through the gateway, through the proxy once more.
enum RttBench {
  struct Ways {
    var counter: UInt16
    var proxy: UInt16
    var gateway: UInt16
    var users: (direct: Name, proxied: Name, again: Name)
    var account: Name
    var password: FixedText<128>
    var order: RttOrder
  }

  static func run(_ ways: Ways, rounds: Int, trips: Int) {
    guard
      let direct = CounterPeer(port: ways.counter, user: ways.users.direct, ways.order),
      let proxied = CounterPeer(port: ways.proxy, user: ways.users.proxied, ways.order),
      let again = CounterPeer(port: ways.proxy, user: ways.users.again, ways.order),
      let gateway = GatewayPeer(
        port: ways.gateway, account: ways.account, password: ways.password, ways.order)
    else { BenchFailure.stop("one of counter, proxy and gateway is not there") }
    var peers: [any RttPeer] = [direct, proxied, gateway, again]
    let names = ["direct", "proxy", "gateway", "proxy_again"]
    var rows: [[Samples.Sorted]] = Array(repeating: [], count: peers.count)
    for way in peers.indices { _ = measure(&peers[way], trips) }
    for _ in 0..<rounds {
      for way in peers.indices { rows[way].append(measure(&peers[way], trips)) }
    }
    for (way, name) in names.enumerated() {
      emit("rtt.\(name)_us.p50", median(rows[way].map { Double($0.p50) / 1_000 }))
      emit("rtt.\(name)_us.p99", median(rows[way].map { Double($0.p99) / 1_000 }))
    }
    emitRatios("rtt.gateway_over_proxy", rows[2], rows[1])
    emitRatios("rtt.proxy_over_proxy", rows[3], rows[1])
    emit("rtt.rounds", Double(rounds))
    emit("rtt.trips_per_round", Double(trips))
  }

  private static func emitRatios(_ key: String, _ left: [Samples.Sorted], _ right: [Samples.Sorted])
  {
    func ratios(_ part: Double) -> [Double] {
      zip(left, right).map { Double($0.percentile(part)) / Double($1.percentile(part)) }
    }
    emit(key + ".p50", median(ratios(0.5)))
    emit(key + ".p99", median(ratios(0.99)))
  }

  private static func measure(_ peer: inout any RttPeer, _ trips: Int) -> Samples.Sorted {
    var samples = Samples(capacity: trips)
    for _ in 0..<trips {
      let before = sluice_monotonic_nanoseconds()
      peer.roundTrip()
      samples.add(sluice_monotonic_nanoseconds() - before)
    }
    return samples.sorted()
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[sorted.count / 2]
  }

  private static func emit(_ key: String, _ value: Double) {
    let thousandths = Int64((value * 1_000).rounded())
    let part = String(thousandths % 1_000)
    let zeros = String(repeating: "0", count: 3 - part.count)
    FileDescriptorText.write("\(key) \(thousandths / 1_000).\(zeros)\(part)\n", to: STDOUT_FILENO)
  }
}
