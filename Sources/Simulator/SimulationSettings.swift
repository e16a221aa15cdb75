/// What a run is made of: the seed decides everything else.
public struct SimulationSettings: Equatable, Sendable {
  public var seed: UInt64
  /// Events of the run, before everything calms down.
  public var steps: Int
  /// Kinds of faults that the seed may want and does not get.
  public var without: Set<FaultKind>
  /// Keep a line for each thing that happens.
  public var isTraced: Bool

  public static let stepsDefault = 1_000

  public init(
    seed: UInt64, steps: Int = SimulationSettings.stepsDefault, without: Set<FaultKind> = [],
    isTraced: Bool = false
  ) {
    self.seed = seed
    self.steps = steps
    self.without = without
    self.isTraced = isTraced
  }
}

/// What came of a run.
public struct SimulationResult: Sendable {
  /// What must hold and did not; nil = all did.
  public var failure: String?
  /// The step at which it was noticed; `steps` or more when everything had calmed down.
  public var failedAtStep: Int
  /// Of everything: bytes sent, bytes stored, books at the end. The same for a seed, always.
  public var hash: UInt64
  public var counts: SimulationCounts
  /// When it was asked for: what happened, in order.
  public var trace: [String]
}
