import Domain
import Session
import Storage

/// A fund account's link to its counter; numbered as they were configured.
public struct LinkID: Equatable, Hashable, Sendable, BitwiseCopyable {
  public let index: UInt32

  public init(index: UInt32) { self.index = index }
}

/// A link as it is configured.
public struct LinkSettings: Equatable, Sendable {
  public var fundAccount: FundAccountID
  public var counter: CounterID
  public var login: CounterLogin
  public var password: FixedText<128>
  /// For the pauses between tries; another one for each link.
  public var seed: UInt64

  public init(
    fundAccount: FundAccountID, counter: CounterID, login: CounterLogin,
    password: FixedText<128>, seed: UInt64
  ) {
    self.fundAccount = fundAccount
    self.counter = counter
    self.login = login
    self.password = password
    self.seed = seed
  }
}

/// What the gateway keeps of a link.
struct Link: BitwiseCopyable {
  var state: CounterLinkState
  var fundAccount: FundAccountID
  var counter: CounterID
  var password: FixedText<128>
  /// It brings its counter's ticks: one link of each counter does.
  var bringsTicks: Bool
}

/// All links, by number and by fund account.
struct Links: ~Copyable {
  private let rows: Table<Link>
  /// Link + 1 by fund account; 0 = none.
  private let ofFundAccount: Table<UInt32>
  private(set) var count = 0

  init(capacity: Int, fundAccounts: Int) {
    rows = Table(capacity: capacity)
    ofFundAccount = Table(capacity: fundAccounts)
  }

  var capacity: Int { rows.capacity }

  mutating func add(_ link: Link) -> LinkID {
    precondition(count < rows.capacity, "there is a link for each fund account, no more")
    precondition(
      ofFundAccount.at(link.fundAccount.raw).pointee == 0, "a fund account has one link")
    rows.at(count).pointee = link
    count += 1
    ofFundAccount.at(link.fundAccount.raw).pointee = UInt32(count)
    return LinkID(index: UInt32(count - 1))
  }

  func at(_ link: LinkID) -> UnsafeMutablePointer<Link> {
    precondition(Int(link.index) < count, "a link was configured")
    return rows.at(link.index)
  }

  func of(_ fundAccount: FundAccountID) -> LinkID? {
    let number = ofFundAccount.at(fundAccount.raw).pointee
    return number == 0 ? nil : LinkID(index: number - 1)
  }
}
