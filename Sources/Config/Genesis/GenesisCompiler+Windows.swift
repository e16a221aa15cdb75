// What holds for operation accounts before closes, as commands.

import Domain
import Messages

extension GenesisCompiler {
  mutating func setWindows(_ account: OperationAccountSettings, _ id: OperationAccountID) {
    if let overnight = account.overnight {
      append(
        .setOvernight(
          SetOvernight(
            account: id, measure: overnight.measure, basis: overnight.basis,
            excess: overnight.excess, limit: overnight.limit)))
    }
    for flat in account.sessionFlat {
      append(
        .setSessionFlat(
          SetSessionFlat(
            account: id, close: flat.close, action: flat.action, everything: flat.everything)))
      for commodity in flat.commodities {
        append(
          .setSessionFlatCommodity(
            SetSessionFlatCommodity(
              account: id, close: flat.close, commodity: CommodityID(UInt32(commodity)),
              isIn: true)))
      }
    }
  }
}
