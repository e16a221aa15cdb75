import Testing

@testable import Metrics

@Suite struct PrometheusTextTests {
  @Test func allKindsAreWrittenByFamily() {
    let table = MetricsTable()
    let accepted = table.eventCount(
      "orders_total", "Orders by fate.", labels: [("fate", "accepted")])
    let open = table.gauge("sessions", "Sessions open.")
    let refused = table.eventCount(
      "orders_total", "Orders by fate.", labels: [("fate", "refused \"x\"\n")])
    let decision = table.histogram("decision_seconds", "Time of a decision.")
    let lag = table.gauge("lag_seconds", "Behind.", unit: .nanoseconds)
    accepted.add(41)
    accepted.add()
    refused.add(7)
    open.set(3)
    open.add(-1)
    lag.set(-1_500_000_000)
    for _ in 0..<99 { decision.record(100) }
    decision.record(2_000_000_000)

    #expect(
      table.prometheusText() == """
        # HELP orders_total Orders by fate.
        # TYPE orders_total counter
        orders_total{fate="accepted"} 42
        orders_total{fate="refused \\"x\\"\\n"} 7
        # HELP sessions Sessions open.
        # TYPE sessions gauge
        sessions 2
        # HELP decision_seconds Time of a decision.
        # TYPE decision_seconds summary
        decision_seconds{quantile="0.5"} 0.000000100
        decision_seconds{quantile="0.9"} 0.000000100
        decision_seconds{quantile="0.99"} 0.000000100
        decision_seconds{quantile="0.999"} 2.000000000
        decision_seconds_sum 2.000009900
        decision_seconds_count 100
        # HELP decision_seconds_max Largest: Time of a decision.
        # TYPE decision_seconds_max gauge
        decision_seconds_max 2.000000000
        # HELP lag_seconds Behind.
        # TYPE lag_seconds gauge
        lag_seconds -1.500000000

        """)
  }
}
