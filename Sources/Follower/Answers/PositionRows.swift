import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Wire

/// A side of a position as a cursor: by instrument, hedge flag and side.
struct PositionCursor {
  var raw: UInt64

  init(raw: UInt64) { self.raw = raw }
  init(_ instrument: InstrumentID, _ hedge: HedgeFlag, _ side: PositionSide) {
    raw = (UInt64(instrument.raw) + 1) << 16 | UInt64(hedge.rawValue) << 8 | UInt64(side.rawValue)
  }

  /// The first instrument that may have rows behind it.
  var instrument: Int { raw >> 16 == 0 ? 0 : Int(clamping: raw >> 16) - 1 }
}

// What the account holds, and what it opened or closed today, by instrument.
extension QueryDesk {
  static let hedgeFlags: [HedgeFlag] = [.speculation, .arbitrage, .hedge]
  static let sides: [PositionSide] = [.long, .short]

  func addPositions(to page: inout Page, _ engine: borrowing Engine) {
    let holder = engine.ledger.holder(of: page.question.account)
    let account = names.operationAccounts.name(page.question.account.raw)
    var index = PositionCursor(raw: page.question.after).instrument
    while index < engine.market.instrumentCount {
      let instrument = InstrumentID(UInt32(index))
      index += 1
      guard engine.ledger.firstPosition(holder, instrument) != 0,
        page.wants(names.instruments.name(instrument.raw), names.exchange(instrument))
      else { continue }
      for hedge in QueryDesk.hedgeFlags {
        let number = engine.ledger.position(holder, instrument, hedge)
        guard number != 0 else { continue }
        for side in QueryDesk.sides {
          let cursor = PositionCursor(instrument, hedge, side)
          guard cursor.raw > page.question.after,
            !engine.ledger.position(number).pointee.side(side).isIdle
          else { continue }
          var row = BookMessages.position(number, side, account, names, engine, at: engine.now)
          row.requestNumber = page.question.requestNumber
          guard page.add(row, cursor: cursor.raw) else { return }
        }
      }
    }
  }

  func addFunds(to page: inout Page, _ engine: borrowing Engine) {
    guard page.question.after == 0 else { return }
    var row = funds(of: page.question.account, engine)
    row.requestNumber = page.question.requestNumber
    _ = page.add(row, cursor: 1)
  }

  /// The account's money, with what the ledger itself does not tell apart.
  func funds(
    of account: OperationAccountID, _ engine: borrowing Engine
  ) -> OrderEntry.AccountUpdate {
    let holder = engine.ledger.holder(of: account)
    let book = day.account(account)
    var funds = BookMessages.account(
      holder, names.operationAccounts.name(account.raw), engine, at: engine.now)
    funds.deposits = book.pointee.deposits
    funds.withdrawals = book.pointee.withdrawals
    funds.withdrawable = max(engine.ledger.holder(holder).pointee.available, .zero)
    return funds
  }
}

extension PositionSideRecord {
  /// Nothing is held, wanted or was traded today.
  var isIdle: Bool {
    held == 0 && workingOpen == 0 && frozen == 0 && openedToday == 0 && closedToday == 0
  }
}
