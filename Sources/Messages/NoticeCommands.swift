import Domain

/// Who is told what a rule finds, at one of its levels (rules.md 0, "Levels").
public struct SetNoticeAudience: Equatable, Sendable, BitwiseCopyable {
  public var rule: RuleID
  /// `.unknown` = at any of which nothing is said, and where there is none.
  public var level: LineLevel
  /// `.unknown` = the standard of whom a notice is about.
  public var audience: NoticeAudience

  @inlinable public init(rule: RuleID, level: LineLevel, audience: NoticeAudience) {
    self.rule = rule
    self.level = level
    self.audience = audience
  }
}
