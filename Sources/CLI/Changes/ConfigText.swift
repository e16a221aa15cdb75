import Domain
import Gateway
import Messages
import RiskRules

/// What `sluice config` says.
enum ConfigText {
  static func differences(
    _ differences: [ConfiguredSettings.Difference], _ names: borrowing Names, _ isJSON: Bool
  ) -> [String] {
    if isJSON {
      return differences.map { difference in
        JournalValue.text([
          "before": difference.before.map(object), "after": difference.after.map(object),
        ])
      }
    }
    if differences.isEmpty { return ["the same: nothing to change"] }
    var lines = ["differences: \(differences.count)"]
    for difference in differences {
      lines.append("  " + SettingWords.change(difference, names))
    }
    if differences.contains(where: { $0.after.contains(where: isRiskDegreeMode) }) {
      lines.append(
        "  riskDegreeMode holds from the next trading day on: on a day that has begun accounts' "
          + "own lines of risk-degree that are meant for it wait until then, and today's stay")
    }
    return lines
  }

  private static func isRiskDegreeMode(_ command: Command) -> Bool {
    guard case .setPlatform(let set) = command else { return false }
    return set.setting == .riskDegreeMode
  }

  /// What a change would bring at once.
  static func preview(
    _ preview: borrowing ChangePreview, _ isJSON: Bool
  ) -> [String] {
    var lines: [String] = []
    for breach in preview.breaches {
      let account = preview.names.operationAccounts.name(breach.account.raw).string
      let instrument = preview.names.instruments.name(breach.instrument.raw).string
      let rule = RuleWords.name(breach.rule) ?? "\(breach.rule)"
      if isJSON {
        lines.append(
          JournalValue.text([
            "breach": rule, "account": account, "instrument": instrument,
            "observed": breach.observed, "limit": breach.limit, "unit": "\(breach.unit)",
          ]))
      } else {
        lines.append(
          """
            at once over a limit: account \(account), \(rule), \(instrument): has \
          \(RuleWords.figure(breach.observed, breach.unit)), limit \
          \(RuleWords.figure(breach.limit, breach.unit))
          """)
      }
    }
    for index in 0..<preview.notices.count {
      let notice = preview.notices[index]
      let (name, fields) = JournalValue.named(Effect.notice(notice))
      if isJSON {
        lines.append(JournalValue.text([name: fields]))
      } else {
        lines.append("  at once: " + words(notice, preview.names))
      }
    }
    return lines
  }

  private static func words(_ notice: Notice, _ names: borrowing Names) -> String {
    let rule = RuleWords.name(notice.rule).map { ", \($0)" } ?? ""
    let level = notice.level == .unknown ? "" : ", level \(notice.level)"
    let action = notice.action == .unknown ? "" : ", does \(notice.action)"
    let figures =
      notice.unit == .none
      ? ""
      : """
      : \(RuleWords.figure(notice.observed, notice.unit)), line \
      \(RuleWords.figure(notice.limit, notice.unit))
      """
    return """
      \(notice.kind) \(notice.scopeKind) \
      \(names.scopeName(notice.scopeKind, notice.scopeID).string)\(rule)\(level)\(action)\(figures)
      """
  }

  /// Everything that is set.
  static func export(_ live: borrowing LiveConfiguration) -> [String] {
    live.settings.commands.map { command in
      let words = SettingWords(command, live.names)
      return JournalValue.text([
        "subject": words.subject, "value": words.value, "setting": object(command),
      ])
    }
  }

  static func history(_ live: borrowing LiveConfiguration) -> [String] {
    guard !live.changes.isEmpty else { return ["nothing was changed since the journal began"] }
    var lines: [String] = []
    for change in live.changes {
      lines.append(
        """
        revision \(change.revision)  \(JournalTime.text(change.time.nanoseconds))  by \
        \(change.who): \(change.differences.count) of \(change.asked) settings\
        \(change.dropsUnfit ? ", and who no longer fits is dropped" : "")
        """)
      for difference in change.differences {
        lines.append("  " + SettingWords.change(difference, live.names))
      }
    }
    return lines
  }

  private static func object(_ command: Command) -> [String: Any] {
    let (name, fields) = JournalValue.named(command)
    return ["command": name, "fields": fields]
  }
}
