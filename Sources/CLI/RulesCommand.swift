import RiskRules

/// `sluice rules [--markdown]`: the rule book, as text or as docs/RULES.md.
enum RulesCommand {
  static func run(_ arguments: [String]) -> Int32 {
    switch arguments {
    case []: Console.say(RulesDocument.plainText)
    case ["--markdown"]: Console.say(RulesDocument.markdown)
    default:
      Console.complain("usage: sluice rules [--markdown]")
      return 2
    }
    return 0
  }
}
