import Domain
import Ledger

/// The terminal's address is on the account's list of addresses and ranges.
///
/// IPv4 and IPv6, both ends of a range included; an empty list allows any. Source: AMS manual 4.4.
/// `CTP: error 49`.
enum IPWhitelist {
  static func evaluate(_ context: LogonContext, _ ledger: borrowing Ledger) -> Finding {
    guard let record = context.record, record.pointee.firstAddress != 0 else {
      return .off(.ipWhitelist, .unset)
    }
    return .condition(
      .ipWhitelist,
      lists(record.pointee.firstAddress, context.address, ledger),
      observed: Int64(bitPattern: context.address.low), scope: context.scope,
      scopeID: context.scopeID)
  }

  private static func lists(
    _ firstRow: UInt32, _ address: (UInt64, UInt64), _ ledger: borrowing Ledger
  ) -> Bool {
    var number = firstRow
    while number != 0 {
      let row = ledger.accessRow(number)
      if (row.pointee.fromHigh, row.pointee.fromLow) <= address,
        address <= (row.pointee.toHigh, row.pointee.toLow)
      {
        return true
      }
      number = row.pointee.next
    }
    return false
  }
}
