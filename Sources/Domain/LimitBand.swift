/// Whom a limit-band bars.
public enum LimitBandBar: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case all = 1
  case againstMove = 2
  case withMove = 3
}

/// What a limit-band counts in.
public enum LimitBandMeasure: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  case ticks = 1
  case percent = 2
}
