// What exchanges call abnormal trading, as commands.

import Domain
import Messages

extension GenesisCompiler {
  mutating func setBudgets() {
    let budgets = configuration.budgets
    for (setting, value) in [
      (PlatformSetting.budgetWarnPercent, budgets.warnPercent),
      (.messagesInSecond, budgets.messagesInSecond), (.burstsADay, budgets.burstsADay),
    ] {
      if let value { append(.setPlatform(SetPlatform(setting: setting, value: value))) }
    }
    for row in budgets.rows {
      guard let scope = scope(row.scope) else { continue }
      for limit in row.limits {
        append(.setBudget(SetBudget(scope: scope, kind: limit.kind, limit: limit.limit)))
      }
    }
  }
}
