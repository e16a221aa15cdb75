import Domain
import Storage

/// Who is told what rules find, where it is not the standard: a byte by rule and level, the level
/// `.unknown` standing for any of which nothing is said. Nothing of it is read on an order's way.
public struct NoticeAudiences: ~Copyable {
  private static let codes = 1_024
  private static let levels = 4
  private let rows = Table<UInt8>(capacity: codes * levels)

  private static func place(_ rule: RuleID, _ level: LineLevel) -> Int {
    precondition(rule.rawValue < codes, "codes of rules have three digits")
    return Int(rule.rawValue) * levels + Int(level.rawValue)
  }

  /// Who is told a notice of a rule about somebody.
  public func audience(
    _ rule: RuleID, _ level: LineLevel, of scope: ScopeKind
  ) -> NoticeAudience {
    let ofLevel = self.set(rule, level)
    let set = ofLevel == .unknown ? self.set(rule, .unknown) : ofLevel
    return set == .unknown ? .standard(of: scope) : set
  }

  private func set(_ rule: RuleID, _ level: LineLevel) -> NoticeAudience {
    NoticeAudience(rawValue: rows.at(Self.place(rule, level)).pointee) ?? .unknown
  }

  func set(_ rule: RuleID, _ level: LineLevel, _ audience: NoticeAudience) {
    rows.at(Self.place(rule, level)).pointee = audience.rawValue
  }

  func pass<Archive: StateArchive & ~Copyable>(
    through archive: inout Archive
  ) throws(SnapshotFault) {
    try archive.pass(rows)
  }

  func hash(into hasher: inout StateHasher) {
    for place in 0..<rows.capacity where rows.at(place).pointee != 0 {
      hasher.combine(UInt64(place) << 8 | UInt64(rows.at(place).pointee))
    }
  }
}

extension Ledger {
  public mutating func setAudience(
    _ rule: RuleID, _ level: LineLevel, _ audience: NoticeAudience
  ) {
    noticeAudiences.set(rule, level, audience)
  }
}
