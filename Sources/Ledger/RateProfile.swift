import Domain
import Storage

/// Whose rates a holder has: its product's, its own fund account's, or those of all operation
/// accounts with the same settings. Independent of capacities: it is part of the state hash.
public struct RateSubject: Equatable, Sendable, BitwiseCopyable {
  public var raw: UInt32

  init(raw: UInt32) { self.raw = raw }
  /// The platform's alone.
  static var platform: RateSubject { RateSubject(raw: 0) }
  /// Operation accounts of a product that say nothing themselves.
  static func product(_ id: ProductID) -> RateSubject {
    id.isNone ? .platform : RateSubject(raw: id.raw << 2 | 1)
  }
  static func fund(_ id: FundAccountID) -> RateSubject { RateSubject(raw: id.raw << 2 | 2) }
  /// Operation accounts by the number of their profile.
  static func profile(_ number: UInt32) -> RateSubject { RateSubject(raw: number << 2 | 3) }

  var index: Int { Int(raw) }

  /// The profile's number; 0 for the others.
  var profileNumber: UInt32 { raw & 3 == 3 ? raw >> 2 : 0 }
}

/// How rates come about: for a fund account, for the accounts of a product, or for all operation
/// accounts with the same settings.
struct RateProfile: LinkedNode, Equatable {
  /// The next profile of accounts with the same remainder.
  var next: UInt32 = 0
  /// Operation accounts that have it.
  var references: UInt32 = 0
  /// A fund account's own; else `.none`.
  var fund = FundAccountID.none
  var product = ProductID.none
  /// Whose own rates come first; `.none` = nobody's.
  var account = OperationAccountID.none
  var marginTemplate = AccountTemplateID.none
  var feeTemplate = AccountTemplateID.none
  var marginMode = RateMode.system
  var feeMode = RateMode.system
  var padding: UInt16 = 0

  func mode(_ part: RatePart) -> RateMode { part == .margin ? marginMode : feeMode }
  func template(_ part: RatePart) -> AccountTemplateID {
    part == .margin ? marginTemplate : feeTemplate
  }

  /// Nothing but the product's.
  var saysNothing: Bool {
    account.isNone && marginTemplate.isNone && feeTemplate.isNone && marginMode == .system
      && feeMode == .system
  }

  func isLike(_ other: RateProfile) -> Bool {
    var other = other
    other.next = next
    other.references = references
    return self == other
  }

  /// Spreads profiles over buckets.
  var remainder: UInt64 {
    var mix =
      UInt64(product.raw) << 32 | UInt64(account.raw) ^ UInt64(marginTemplate.raw) << 20
      ^ UInt64(feeTemplate.raw) << 9 ^ UInt64(marginMode.rawValue) << 4 ^ UInt64(feeMode.rawValue)
    mix = (mix ^ mix >> 31) &* 0x9E37_79B9_7F4A_7C15
    return mix ^ mix >> 29
  }
}

/// The rates of a profile in an instrument as they were last looked up.
struct ResolvedRates: BitwiseCopyable {
  /// First, so that it is found at the record's address.
  var rates: RateSet
  /// When: a change of any rate makes all of them old.
  var epoch: UInt64
  /// 1 = there are rates.
  var isKnown: UInt64
}
