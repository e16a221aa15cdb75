import Domain
import RiskRules

/// All that decides on one order, asked of one state: what every rule finds, and where the order
/// would go.
public struct Explanation: Equatable, Sendable {
  public enum Verdict: Equatable, Sendable {
    /// So many of its lots find a place.
    case taken(Lots)
    case refused(Refusal)
    /// The same order is known: it gets the answer it had.
    case answeredAgain(OrderID)
  }

  /// One fund account of the product, asked for its share.
  public struct Share: Equatable, Sendable {
    public var fundAccount: FundAccountID
    /// Larger is asked first, where the mode goes by priority.
    public var priority: Int32
    /// What ratio mode divides by: equity, and the lots it holds of the instrument, both sides.
    public var equity: Money
    public var held: Int64
    /// Lots that could be closed there by the order's offset, were it large enough; 0 when it
    /// opens. What closing in ratio mode goes by.
    public var closable: Lots
    /// Most lots that it may take of the order.
    public var room: Lots
    /// Lots that it is given.
    public var lots: Lots
    /// Why it can't take more; none when nothing binds.
    public var refusal: Refusal
  }

  /// A child order to be.
  public struct Child: Equatable, Sendable {
    public var fundAccount: FundAccountID
    public var offset: Offset
    public var lots: Lots

    public init(fundAccount: FundAccountID, offset: Offset, lots: Lots) {
      self.fundAccount = fundAccount
      self.offset = offset
      self.lots = lots
    }
  }

  /// How the order is split.
  public struct Route: Equatable, Sendable {
    public var mode: RoutingMode
    /// The product's fund accounts, in the order they are asked.
    public var shares: [Share] = []
    public var children: [Child] = []
    /// Why lots are left; none when all of them find a place.
    public var refusal: Refusal
  }

  public internal(set) var verdict: Verdict
  /// In the order they are asked: what the engine needs to record an order, the rule book's rules,
  /// the routing, the room for what it would send. What a refusal leaves unasked is asked here.
  public internal(set) var findings: [Finding] = []
  /// Nil when the order can't be split at all: its terms make no sense, or it has no product.
  public internal(set) var route: Route?

  /// The place in `findings` of the one that decides: the first that does not pass. Nil when all
  /// do, and when the order is answered again, which no rule can stop.
  public internal(set) var decider: Int?

  /// The order would not get as far as the engine: what keeps it out decides, in front of all that
  /// was found. Nothing for no rule.
  public mutating func refuse(by rule: RuleID) {
    guard rule != .none else { return }
    let refusal = Refusal(rule, scope: .platform)
    findings.insert(Finding(passes: false, figures: refusal), at: 0)
    decider = 0
    verdict = .refused(refusal)
  }
}
