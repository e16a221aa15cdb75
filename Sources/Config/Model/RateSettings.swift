import Domain

/// rates.json5: whose rates accounts have, and templates.
public struct RateSettings: Equatable, Sendable {
  /// What accounts take that say 'system': `.own` or `.fundAccount`.
  public var marginMode: RateMode
  public var feeMode: RateMode
  /// For everybody.
  public var rates: [RateRow]
  public var declaration: DeclarationFee
  public var templates: [TemplateSettings]

  /// Without the file.
  public static let standard = RateSettings(
    marginMode: .fundAccount, feeMode: .fundAccount, rates: [],
    declaration: DeclarationFee(amount: Money(yuan: 1)), templates: [])
}

/// Settings for many operation accounts at once.
public struct TemplateSettings: Equatable, Sendable {
  public var name: String
  public var kind: TemplateKind
  /// Of margin and fee.
  public var rates: [RateRow]
  public var orderSizes: [OperationAccountSettings.OrderSize]
  public var tradable: TradableList
}

/// A template that an account has, by its place in the list.
public struct TemplateReference: Equatable, Sendable {
  public var kind: TemplateKind
  public var template: Int
}
