import Synchronization

/// All metrics of a process, registered at its start.
///
/// What it gives out points into it: it lives as long as anybody counts, which is to say for the
/// whole run. Registering is for the start and not for several threads at once.
public final class MetricsTable: @unchecked Sendable {
  struct Metric {
    enum Kind {
      case count(EventCount)
      case gauge(Gauge)
      case histogram(HistogramHandle)
    }
    var name: String
    var help: String
    var labels: [(name: String, value: String)]
    var unit: MetricUnit
    var kind: Kind
  }

  private(set) var metrics: [Metric] = []

  public init() {}

  deinit {
    for metric in metrics {
      switch metric.kind {
      case .count(let count): count.cell.deallocate()
      case .gauge(let gauge): gauge.cell.deallocate()
      case .histogram(let handle):
        handle.histogram.deinitialize(count: 1)
        handle.histogram.deallocate()
      }
    }
  }

  /// Something that happens: it only goes up. Its name ends in `_total`.
  public func eventCount(
    _ name: String, _ help: String, labels: [(name: String, value: String)] = []
  ) -> EventCount {
    let cell = UnsafeMutablePointer<Atomic<Int64>>.allocate(capacity: 1)
    cell.initialize(to: Atomic(0))
    precondition(name.hasSuffix("_total"), "the name of a count ends in _total")
    register(name, help, labels, .none, .count(EventCount(cell: cell)))
    return EventCount(cell: cell)
  }

  /// Something that goes up and down.
  public func gauge(
    _ name: String, _ help: String, labels: [(name: String, value: String)] = [],
    unit: MetricUnit = .none
  ) -> Gauge {
    let cell = UnsafeMutablePointer<Atomic<Int64>>.allocate(capacity: 1)
    cell.initialize(to: Atomic(0))
    register(name, help, labels, unit, .gauge(Gauge(cell: cell)))
    return Gauge(cell: cell)
  }

  /// Something that is measured each time it happens.
  public func histogram(
    _ name: String, _ help: String, labels: [(name: String, value: String)] = [],
    unit: MetricUnit = .nanoseconds
  ) -> HistogramHandle {
    let histogram = UnsafeMutablePointer<Histogram>.allocate(capacity: 1)
    histogram.initialize(to: Histogram())
    let handle = HistogramHandle(histogram: histogram)
    register(name, help, labels, unit, .histogram(handle))
    return handle
  }

  /// The histogram of this name; nil when there is none.
  public func histogram(named name: String) -> HistogramHandle? {
    for metric in metrics where metric.name == name {
      if case .histogram(let handle) = metric.kind { return handle }
    }
    return nil
  }

  private func register(
    _ name: String, _ help: String, _ labels: [(name: String, value: String)],
    _ unit: MetricUnit, _ kind: Metric.Kind
  ) {
    precondition(MetricsTable.isName(name), "a metric's name is letters, digits and _")
    for label in labels {
      precondition(MetricsTable.isName(label.name), "a label's name is letters, digits and _")
    }
    for metric in metrics where metric.name == name {
      precondition(
        metric.help == help && !metric.labels.elementsEqual(labels, by: { $0 == $1 }),
        "metrics of one name have one help text and differ in their labels")
    }
    metrics.append(Metric(name: name, help: help, labels: labels, unit: unit, kind: kind))
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first < 0x30 || first > 0x39 else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

/// What a metric's numbers are.
public enum MetricUnit: Sendable {
  case none
  /// Shown as seconds, as Prometheus wants them; the name ends in `_seconds`.
  case nanoseconds
}

/// A number of events. One thread adds; any may read.
public struct EventCount: @unchecked Sendable, BitwiseCopyable {
  @usableFromInline let cell: UnsafeMutablePointer<Atomic<Int64>>

  @inlinable public func add(_ amount: Int64 = 1) {
    cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  /// Takes over a number that somebody else counts.
  @inlinable public func set(_ value: Int64) { cell.pointee.store(value, ordering: .relaxed) }

  @inlinable public var value: Int64 { cell.pointee.load(ordering: .relaxed) }
}

/// A number that goes up and down. One thread sets; any may read.
public struct Gauge: @unchecked Sendable, BitwiseCopyable {
  @usableFromInline let cell: UnsafeMutablePointer<Atomic<Int64>>

  @inlinable public func set(_ value: Int64) { cell.pointee.store(value, ordering: .relaxed) }

  @inlinable public func add(_ amount: Int64) {
    cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  @inlinable public var value: Int64 { cell.pointee.load(ordering: .relaxed) }
}

/// A histogram of a table. One thread records; any may read.
public struct HistogramHandle: @unchecked Sendable, BitwiseCopyable {
  public let histogram: UnsafeMutablePointer<Histogram>

  public func record(_ value: Int64) { histogram.pointee.record(value) }
}
