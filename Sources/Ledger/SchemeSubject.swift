import Domain
import Storage

/// Whose schemes: a product, or an operation account with shares of its own (rules.md 5: "there
/// 'product' means that account"). The raw value is a place in the tables of `Schemes`: products
/// come first.
public struct SchemeSubject: Equatable, Hashable, Sendable, BitwiseCopyable {
  public var raw: UInt32

  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  @inlinable public init(_ product: ProductID) { raw = product.raw }

  @inlinable public static var none: SchemeSubject { SchemeSubject(.max) }
  @inlinable public var isNone: Bool { raw == .max }
  @inlinable public var index: Int { Int(raw) }
}

/// What of a subject's figures a holder brings: a product's operation accounts have its lots, its
/// fund accounts its money; an account with shares of its own has both (rules.md 3a).
struct SchemePart: OptionSet {
  var rawValue: UInt8
  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let lots = SchemePart(rawValue: 1)
  static let money = SchemePart(rawValue: 2)
  static let all: SchemePart = [.lots, .money]
}

extension HolderRecord {
  /// Whether any schemes count what it has.
  @inlinable public var isInSchemes: Bool { schemes != 0 }

  static let inProduct: UInt8 = 1
  static let inOwn: UInt8 = 2
}

extension Ledger {
  // MARK: Who is a subject

  /// The subject whose figures a holder is part of with its product; `.none` = no scheme was ever
  /// bound there.
  @inline(__always) public func productSubject(_ holder: HolderID) -> SchemeSubject {
    productSubject(self.holder(holder))
  }
  @inline(__always) public func productSubject(
    _ holder: UnsafePointer<HolderRecord>
  ) -> SchemeSubject {
    let number = holder.pointee.schemeProduct
    return number == 0 ? .none : SchemeSubject(UInt32(number) - 1)
  }

  /// An operation account as a subject of its own; `.none` = it has no shares.
  @inline(__always) public func ownSubject(_ holder: HolderID) -> SchemeSubject {
    ownSubject(self.holder(holder))
  }
  @inline(__always) public func ownSubject(
    _ holder: UnsafePointer<HolderRecord>
  ) -> SchemeSubject {
    let number = holder.pointee.schemeAccount
    return number == 0 ? .none : SchemeSubject(UInt32(schemes.productCapacity) + UInt32(number) - 1)
  }
  public func ownSubject(_ account: OperationAccountID) -> SchemeSubject {
    ownSubject(holder(of: account))
  }

  /// The subject that a setting of schemes names, a product or an account; `.none` where neither
  /// is, or the account has no shares.
  public func subject(_ product: ProductID, _ account: OperationAccountID) -> SchemeSubject {
    if account.isNone { return exists(product) ? SchemeSubject(product) : .none }
    return product.isNone && exists(account) ? ownSubject(account) : .none
  }

  /// Subjects there are: every product, and the accounts with shares.
  public var subjectCount: Int { productCount + schemes.accountCount }

  /// The subject at a place among them.
  public func subject(at place: Int) -> SchemeSubject {
    SchemeSubject(
      UInt32(place < productCount ? place : schemes.productCapacity + place - productCount))
  }

  /// The places of accounts among them.
  public var subjectsOfAccounts: Range<Int> { productCount..<subjectCount }

  /// Makes an operation account a subject; false when there is no room for another one. It stays
  /// one: without shares nothing is bound to it.
  public mutating func addSubject(_ account: OperationAccountID) -> Bool {
    let holder = holders.at(self.holder(of: account).raw)
    guard holder.pointee.schemeAccount == 0 else { return true }
    guard schemes.accountCount < schemes.accounts.capacity else { return false }
    schemes.accounts.at(schemes.accountCount).pointee = account
    schemes.accountCount += 1
    holder.pointee.schemeAccount = UInt16(schemes.accountCount)
    return true
  }

  // MARK: What a position is part of

  /// The subjects whose figures a position is in, and what it brings; a position that is not
  /// counted yet is in none.
  @inline(__always) func shares(
    _ holder: UnsafeMutablePointer<HolderRecord>, _ position: UInt32
  ) -> SchemeShares {
    var shares = SchemeShares()
    let product = productSubject(UnsafePointer(holder))
    if !product.isNone, position <= schemes.subject(product).pointee.counted {
      shares.product = product
    }
    guard holder.pointee.schemes & HolderRecord.inOwn != 0 else { return shares }
    let own = ownSubject(UnsafePointer(holder))
    if position <= schemes.subject(own).pointee.counted { shares.own = own }
    return shares
  }
}

/// The subjects that one position is part of.
struct SchemeShares {
  var product = SchemeSubject.none
  var own = SchemeSubject.none
}
