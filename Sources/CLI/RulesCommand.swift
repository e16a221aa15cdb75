import RiskRules

/// `sluice rules [--markdown]`: the rule book, as text or as docs/RULES.md.
enum RulesCommand {
  static let usage = """
    usage: sluice rules [--markdown]

      --markdown  as docs/RULES.md has it
    """

  static func run(_ arguments: [String]) -> Int32 {
    if let unknown = arguments.first(where: { $0 != "--markdown" }) {
      return CLI.misused("rules", Misuse(unknown: unknown))
    }
    Console.say(arguments.isEmpty ? RulesDocument.plainText : RulesDocument.markdown)
    return 0
  }
}
