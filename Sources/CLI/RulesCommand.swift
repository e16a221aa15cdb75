import RiskRules

/// `sluice rules [--markdown]`: the rule book, as text or as docs/RULES.md.
enum RulesCommand {
  static let usage = """
    usage: sluice rules [--markdown]

      --markdown  as docs/RULES.md has it
    """

  static func run(_ arguments: [String]) -> Int32 {
    switch arguments {
    case []: Console.say(RulesDocument.plainText)
    case ["--markdown"]: Console.say(RulesDocument.markdown)
    default:
      Console.complain(usage)
      return 2
    }
    return 0
  }
}
