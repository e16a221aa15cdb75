import Domain
import Wire

/// Rows about accounts that a line of `sluice desk` asks for: one subscription.
public struct DeskWatch: Equatable, Sendable {
  public var kinds: DeskProtocol.RowKinds
  /// `.none` = everything that is the controller's.
  public var scope = ScopeKind.none
  public var name = Name()
  /// 0 = as often as the gateway likes.
  public var milliseconds: UInt32 = 0

  public init(_ kinds: DeskProtocol.RowKinds) { self.kinds = kinds }

  /// As many as a session may have.
  static let namesMaximum = 8

  private static let kinds: [String: DeskProtocol.RowKinds] = [
    "accounts": .accounts, "lines": .lines, "positions": .positions, "orders": .orders,
    "products": .products, "funds": .fundAccounts, "links": .links,
  ]

  /// `accounts`, `positions desk-1`, `accounts product alpha every 1000`, ...
  static func read(
    _ verb: String, _ words: ArraySlice<String>
  ) throws(DeskLine.Fault) -> [DeskWatch] {
    let usage = DeskLine.Fault(
      english: "\(verb) [[product|fund] NAME...] [every MILLISECONDS], at most 8 names",
      chinese: "\(verb) [[product|fund] 名称...] [every 毫秒]，最多 8 个名称")
    guard let kinds = kinds[verb] else { throw usage }
    var words = words
    var watch = DeskWatch(kinds)
    if words.count >= 2, words[words.endIndex - 2] == "every" {
      guard let number = UInt32(words[words.endIndex - 1]), number > 0 else { throw usage }
      watch.milliseconds = number
      words = words.dropLast(2)
    }
    var scope: ScopeKind =
      switch verb {
      case "products": .product
      case "funds", "links": .fundAccount
      default: .operationAccount
      }
    if words.first == "product" || words.first == "fund" {
      scope = words.removeFirst() == "product" ? .product : .fundAccount
      guard !words.isEmpty else { throw usage }
    }
    guard !words.isEmpty else { return [watch] }
    guard words.count <= namesMaximum else { throw usage }
    var watches: [DeskWatch] = []
    for word in words {
      guard let name = Name(word), !name.isEmpty else { throw usage }
      watch.scope = scope
      watch.name = name
      watches.append(watch)
    }
    return watches
  }
}
