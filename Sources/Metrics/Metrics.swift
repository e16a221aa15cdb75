// Metrics: what the house counts and measures of itself.
//
// `MetricsTable` gives out counts, gauges and histograms at the start; whoever has one changes it
// without a lock or an allocation, and another thread reads them all as Prometheus text. Each has
// one writer. Start with `MetricsTable.swift`; `Histogram.swift` is also for benches, on its own.
// (A Counter is a 柜台 here, so what only goes up is called an `EventCount`.)
