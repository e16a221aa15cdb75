extension MetricsTable {
  /// All metrics in Prometheus' text format, version 0.0.4: families in the order of their first
  /// registration, histograms as summaries with their largest value beside them.
  public func prometheusText() -> String {
    var text = ""
    var done: Set<String> = []
    for first in metrics where done.insert(first.name).inserted {
      let family = metrics.filter { $0.name == first.name }
      text += "# HELP \(first.name) \(first.help.escapedHelp)\n"
      text += "# TYPE \(first.name) \(first.typeName)\n"
      for metric in family { text += metric.samples }
      if case .histogram = first.kind {
        text += "# HELP \(first.name)_max Largest: \(first.help.escapedHelp)\n"
        text += "# TYPE \(first.name)_max gauge\n"
        for metric in family { text += metric.largestSample }
      }
    }
    return text
  }
}

extension MetricsTable.Metric {
  fileprivate var typeName: String {
    switch kind {
    case .count: "counter"
    case .gauge: "gauge"
    case .histogram: "summary"
    }
  }

  fileprivate var samples: String {
    switch kind {
    case .count(let count):
      return "\(name)\(labelText()) \(count.value)\n"
    case .gauge(let gauge):
      let value = gauge.value
      let sign = value < 0 ? "-" : ""
      return "\(name)\(labelText()) \(sign)\(shown(value.magnitude))\n"
    case .histogram(let handle):
      let quantiles: [(String, UInt64)] = [
        ("0.5", 500_000), ("0.9", 900_000), ("0.99", 990_000), ("0.999", 999_000),
      ]
      var text = ""
      for (quantile, part) in quantiles {
        let value = handle.histogram.pointee.value(atPartsPerMillion: part)
        text += "\(name)\(labelText(and: ("quantile", quantile))) \(shown(value))\n"
      }
      text += "\(name)_sum\(labelText()) \(shown(handle.histogram.pointee.sum))\n"
      text += "\(name)_count\(labelText()) \(handle.histogram.pointee.count)\n"
      return text
    }
  }

  fileprivate var largestSample: String {
    guard case .histogram(let handle) = kind else { return "" }
    return "\(name)_max\(labelText()) \(shown(handle.histogram.pointee.largest))\n"
  }

  private func labelText(and extra: (name: String, value: String)? = nil) -> String {
    let all = labels + (extra.map { [$0] } ?? [])
    if all.isEmpty { return "" }
    return "{\(all.map { "\($0.name)=\"\($0.value.escapedLabel)\"" }.joined(separator: ","))}"
  }

  /// Nanoseconds as a decimal number of seconds; no floating point is asked.
  private func shown(_ value: UInt64) -> String {
    switch unit {
    case .none:
      return "\(value)"
    case .nanoseconds:
      let fraction = String(value % 1_000_000_000)
      let zeros = String(repeating: "0", count: 9 - fraction.count)
      return "\(value / 1_000_000_000).\(zeros)\(fraction)"
    }
  }
}

extension String {
  fileprivate var escapedHelp: String { escaped(quotes: false) }
  fileprivate var escapedLabel: String { escaped(quotes: true) }

  private func escaped(quotes: Bool) -> String {
    var text = ""
    for character in unicodeScalars {
      switch character {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
