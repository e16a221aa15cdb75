/// Whether a holder pays an exchange's declaration fee (申报费), and whose (AMS manual 4.1).
public enum DeclarationMode: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// The platform's.
  case platform = 0
  case none = 1
  /// Its own.
  case own = 2
}

/// What a declaration fee is taken for.
public enum DeclarationUnit: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Every order and every cancel.
  case order = 0
  /// Every lot ordered and every lot cancelled.
  case lot = 1
}

/// A declaration fee: so much, in 1e-4 yuan, for each order or lot.
public struct DeclarationFee: Equatable, Sendable, BitwiseCopyable {
  public var amount: Money
  public var mode: DeclarationMode
  public var unit: DeclarationUnit
  @usableFromInline var padding16: UInt16
  @usableFromInline var padding32: UInt32

  @inlinable public init(
    amount: Money = .zero, mode: DeclarationMode = .platform, unit: DeclarationUnit = .order
  ) {
    self.amount = amount
    self.mode = mode
    self.unit = unit
    padding16 = 0
    padding32 = 0
  }

  /// For one declaration of so many lots.
  @inlinable public func fee(lots: Lots) -> Money {
    unit == .order ? amount : Money(units: amount.units * Int64(lots))
  }
}
