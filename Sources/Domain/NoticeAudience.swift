/// Who is told what a rule finds, narrowest first (rules.md 0, "Levels").
public enum NoticeAudience: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unknown = 0
  /// Risk controllers to whom every account is bound.
  case chiefs = 1
  /// And those to whom the account is bound, or an account of the product.
  case controllers = 2
  /// And terminals of the account, or of the product's accounts.
  case terminals = 3

  /// Where nothing is set: what is about an account alone is told to its terminals too; what is
  /// about a product or anything wider only to who has all accounts.
  public static func standard(of scope: ScopeKind) -> NoticeAudience {
    scope == .operationAccount ? .terminals : .chiefs
  }
}

extension RuleID {
  /// Whether notices of the rule are about an account or a product, and so may be told to others
  /// than those who have all accounts: sections 1 to 5 of the rule book.
  public var mayBeToldToAccounts: Bool {
    switch rawValue {
    case 100..<500, 600..<700: true
    default: false
    }
  }
}
