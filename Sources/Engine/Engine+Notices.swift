import Domain
import Ledger
import Messages

// Who is told what rules find. Decides nothing of an order.
extension Engine {
  mutating func setNoticeAudience(_ set: SetNoticeAudience, _ effects: inout EffectBuffer) {
    guard set.rule.mayBeToldToAccounts else {
      return refuse(&effects, observed: Int64(set.rule.rawValue))
    }
    ledger.setAudience(set.rule, set.level, set.audience)
  }
}
