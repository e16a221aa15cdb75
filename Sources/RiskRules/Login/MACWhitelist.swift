import Domain
import Ledger

/// The network card that the terminal states is on the account's list.
///
/// An empty list allows any; with a list a terminal that states none is refused. Source: AMS manual
/// 4.5. `CTP: error 49`.
enum MACWhitelist {
  static func evaluate(_ context: LogonContext, _ ledger: borrowing Ledger) -> Finding {
    guard let record = context.record, record.pointee.firstMAC != 0 else {
      return .off(.macWhitelist, .unset)
    }
    var isListed = false
    var number = record.pointee.firstMAC
    while number != 0, !isListed {
      let row = ledger.accessRow(number)
      isListed = context.mac != 0 && row.pointee.fromLow == context.mac
      number = row.pointee.next
    }
    return .condition(
      .macWhitelist, isListed, observed: Int64(bitPattern: context.mac),
      scope: context.scope, scopeID: context.scopeID)
  }
}
