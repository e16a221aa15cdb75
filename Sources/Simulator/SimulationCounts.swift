import Domain
import Messages
import ReferenceModel

/// How often everything happened in a run, or in many.
public struct SimulationCounts: Sendable {
  public var runs = 0
  public var steps = 0
  /// Nanoseconds of simulated time.
  public var simulated: Int64 = 0
  public internal(set) var faults = [Int](repeating: 0, count: FaultKind.allCases.count)
  public internal(set) var crashPoints = [Int](repeating: 0, count: CrashPoint.allCases.count)
  /// From a state of an order to a state, itself included: 16 * from + to.
  var orderEdges = [Int](repeating: 0, count: 256)
  /// The same for children; 8 is added to a state that nobody is sure of.
  var childEdges = [Int](repeating: 0, count: 256)
  var reports = [Int](repeating: 0, count: 16)
  var notices = [Int](repeating: 0, count: 128)
  /// What liquidations told: by where they stood, and by how they ended.
  var liquidations = [Int](repeating: 0, count: 8)
  var liquidationEnds = [Int](repeating: 0, count: 8)
  public internal(set) var forcedCancels = 0
  public internal(set) var forcedOrders = 0
  var refusals: [UInt16: Int] = [:]
  /// Recoveries that found a torn record, or a command without its outcome.
  public internal(set) var tornTails = 0
  public internal(set) var lackingOutcomes = 0
  public internal(set) var snapshots = 0
  /// Recoveries that began with a snapshot, and snapshots that they passed over.
  public internal(set) var fromSnapshots = 0
  public internal(set) var snapshotsPassedOver = 0
  /// Graceful stops that came to their end, those that did not wait until all was in hand, and
  /// those whose journal has all of it.
  public internal(set) var stops = 0
  public internal(set) var hastyStops = 0
  public internal(set) var wholeStops = 0
  /// On the last segment: opening orders that were turned away, cancels and closing orders that
  /// were taken, and how often that segment was filled up too.
  public internal(set) var lowRefusals = 0
  public internal(set) var lowCancels = 0
  public internal(set) var lowClosings = 0
  public internal(set) var lowFilled = 0
  /// That terminals heard of their accounts.
  public internal(set) var noticesHeard = 0
  /// That a controller was shown of accounts.
  public internal(set) var rowsWatched = 0
  public internal(set) var commands = 0
  public internal(set) var recoveries = 0
  /// Comparisons of everything with the naive twin.
  public internal(set) var comparisons = 0

  public init() {}

  /// Every count under its name; names sort.
  public var rows: [(name: String, count: Int)] {
    var rows: [(String, Int)] = [
      ("runs", runs), ("steps", steps), ("simulated seconds", Int(simulated / 1_000_000_000)),
      ("commands", commands), ("recoveries", recoveries), ("recovery torn-tail", tornTails),
      ("recovery lacking-outcome", lackingOutcomes),
      ("recovery from-snapshot", fromSnapshots), ("snapshots", snapshots),
      ("snapshots passed over", snapshotsPassedOver), ("twin comparisons", comparisons),
      ("stop ended", stops), ("stop hasty", hastyStops), ("stop with a whole journal", wholeStops),
      ("low opening-refused", lowRefusals), ("low cancel-taken", lowCancels),
      ("forced orders", forcedOrders), ("forced cancels", forcedCancels),
      ("low closing-taken", lowClosings), ("low last-segment-filled", lowFilled),
      ("notices heard", noticesHeard), ("account rows watched", rowsWatched),
    ]
    for kind in FaultKind.allCases { rows.append(("fault \(kind.rawValue)", faults[kind.index])) }
    for point in CrashPoint.allCases {
      rows.append(("crash \(point)", crashPoints[point.rawValue]))
    }
    for edge in 0..<256 where orderEdges[edge] > 0 || isExpectedOfOrders(edge) {
      rows.append(("order \(orderState(edge >> 4)) -> \(orderState(edge & 15))", orderEdges[edge]))
    }
    for edge in 0..<256 where childEdges[edge] > 0 || isExpectedOfChildren(edge) {
      rows.append(("child \(childState(edge >> 4)) -> \(childState(edge & 15))", childEdges[edge]))
    }
    for (index, count) in reports.enumerated() where count > 0 {
      rows.append(("report \(ExecType(rawValue: UInt8(index)) ?? .unknown)", count))
    }
    for phase in LiquidationPhase.allCases where phase != .unknown {
      rows.append(("liquidation \(phase)", liquidations[Int(phase.rawValue)]))
    }
    for end in LiquidationEnd.allCases where end != .unknown {
      rows.append(("liquidation ended \(end)", liquidationEnds[Int(end.rawValue)]))
    }
    for (index, count) in notices.enumerated() where count > 0 {
      rows.append(("notice \(NoticeKind(rawValue: UInt16(index)) ?? .unknown)", count))
    }
    for (rule, count) in refusals.sorted(by: { $0.key < $1.key }) {
      rows.append(("rule \(RuleID(rawValue: rule).map { "\($0)" } ?? "\(rule)")", count))
    }
    return rows
  }

  private func orderState(_ raw: Int) -> String {
    raw == 0 ? "none" : OrderState(rawValue: UInt8(raw)).map { "\($0)" } ?? "\(raw)"
  }

  private func childState(_ raw: Int) -> String {
    let state = TwinChild.State(rawValue: UInt8(raw & 7)).map { "\($0)" } ?? "none"
    return raw & 8 == 0 ? state : "\(state)?"
  }

  /// Edges of the life of an order (routing.md) that every campaign has to meet.
  private func isExpectedOfOrders(_ edge: Int) -> Bool {
    let states: [(OrderState, [OrderState])] = [
      (.unknown, [.accepted, .rejected]),
      (.accepted, [.working, .partlyFilled, .filled, .cancelled, .rejected]),
      (.working, [.partlyFilled, .filled, .cancelled]),
      (.partlyFilled, [.partlyFilled, .filled, .cancelled]),
    ]
    return states.contains { from, ends in
      ends.contains { Int(from.rawValue) << 4 | Int($0.rawValue) == edge }
    }
  }

  private func isExpectedOfChildren(_ edge: Int) -> Bool {
    let sent = 1, working = 2, filled = 3, cancelled = 4, rejected = 5, never = 6, doubt = 8
    let edges = [
      (0, sent), (sent, working), (sent, filled), (sent, rejected), (sent, sent | doubt),
      (sent | doubt, working), (sent | doubt, rejected), (sent | doubt, never),
      (working, working), (working, filled), (working, cancelled), (working, working | doubt),
      (working | doubt, working), (working | doubt, filled), (working | doubt, cancelled),
    ]
    return edges.contains { $0.0 << 4 | $0.1 == edge }
  }
}
