/// How a product's fund accounts close (锁单): today's lots cost a dear fee to close where an
/// opposite opening costs margin alone. Source: AMS manual 2.1.
public enum LockMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// A close closes.
  case off = 0
  /// A close-today is sent as an opposite opening (平今转开仓).
  case closeTodayAsOpening = 1
  /// Yesterday's lots are closed first, the rest is sent as an opposite opening (优先平昨).
  case preferYesterday = 2
}

/// Whether second levels of a product's schemes have its accounts liquidated (ams 5.1).
public enum SchemeLiquidation: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case no = 0
  case yes = 1
  /// As the platform says.
  case followGlobal = 2
}

/// Whether trades at a counter that nobody here sent become an operation account's (报单自动映射).
public enum AutoMapping: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case no = 0
  /// Where one operation account alone is bound to the product.
  case yes = 1
  /// As the platform says.
  case followGlobal = 2
}
