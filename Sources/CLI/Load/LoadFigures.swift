import Domain
import Metrics

/// What a load came to.
final class LoadFigures {
  /// Most faults that are told one by one.
  static let faultsTold = 20

  /// From the moment an order was due to its first answer, in nanoseconds.
  let latency = Histogram()
  /// From the moment it was due to the moment it was sent: the generator's own lateness.
  let lateness = Histogram()
  /// From the moment it was sent to its first answer.
  let answer = Histogram()
  var sent = 0
  /// Due while their terminal was off the line, or the gateway did not read.
  var skipped = 0
  var accepted = 0
  var refused: [UInt16: Int] = [:]
  var fills = 0
  var filledLots: Int64 = 0
  var cancelled = 0
  var unanswered = 0
  var cuts = 0
  var resent = 0
  var audited = 0
  private(set) var faults: [String] = []
  private(set) var faultCount = 0

  func fault(_ words: String) {
    faultCount += 1
    if faults.count < LoadFigures.faultsTold { faults.append(words) }
  }

  var isSound: Bool { faultCount == 0 && unanswered == 0 }

  private static func microseconds(_ nanoseconds: UInt64) -> String {
    let tenths = (nanoseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }

  private var times: [(String, (UInt64, UInt64, UInt64, UInt64))] {
    [
      ("latency", (latency.p50, latency.p99, latency.p999, latency.largest)),
      ("lateness", (lateness.p50, lateness.p99, lateness.p999, lateness.largest)),
      ("answer", (answer.p50, answer.p99, answer.p999, answer.largest)),
    ]
  }

  /// Lines of `key value`, as the bench reads them.
  var lines: [String] {
    var lines: [String] = []
    for (name, values) in times {
      lines.append("load.\(name)_us.p50 \(LoadFigures.microseconds(values.0))")
      lines.append("load.\(name)_us.p99 \(LoadFigures.microseconds(values.1))")
      lines.append("load.\(name)_us.p999 \(LoadFigures.microseconds(values.2))")
      lines.append("load.\(name)_us.max \(LoadFigures.microseconds(values.3))")
    }
    let counts: [(String, Int)] = [
      ("sent", sent), ("skipped", skipped), ("accepted", accepted),
      ("refused", refused.values.reduce(0, +)), ("fills", fills),
      ("filled_lots", Int(filledLots)), ("cancelled", cancelled), ("cuts", cuts),
      ("resent", resent), ("unanswered", unanswered), ("terminals_audited", audited),
      ("faults", faultCount),
    ]
    for (name, count) in counts { lines.append("load.\(name) \(count)") }
    for (rule, count) in refused.sorted(by: { $0.key < $1.key }) {
      let name = RuleID(rawValue: rule).map { "\($0)" } ?? "\(rule)"
      lines.append("load.refused.\(name) \(count)")
    }
    return lines
  }
}
