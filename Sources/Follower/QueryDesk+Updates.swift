import Domain
import Engine
import Gateway
import Ledger
import MarketData
import Rings
import Wire

// What has changed, for those who asked to be told: each of them no more often than it wants, and
// only what is other than it was told. What changed twice in between is told once.
extension QueryDesk {
  /// Accounts that are looked through before records and questions have their turn again.
  private static let walksPerPass = 32

  /// Whether anything was put in.
  mutating func sendUpdates(
    _ engine: borrowing Engine, at now: Int64, _ answers: inout ByteProducer
  ) -> Bool {
    guard updates.deadline <= now else { return false }
    var hasSent = false
    var walks = 0
    for step in 0..<updates.count {
      let place = (updates.turn + step) % updates.count
      guard let subscription = updates.due(place, at: now) else { continue }
      walks += 1
      if walks > QueryDesk.walksPerPass {
        updates.turn = place
        return hasSent
      }
      var isDone = false
      while !isDone {
        guard let room = answers.reserve(pageBytes) else {
          // The others wait as well; who could not be told comes first the next time.
          updates.turn = place
          return hasSent
        }
        var page = Page(subscription.pointee.question, in: room, rowsLookedAt: .max)
        updates.begin(subscription)
        isDone = walk(subscription, &page, engine)
        if page.count > 0 {
          answers.commit(page.bytesUsed, kind: QueryDesk.answerKind)
          hasSent = true
        }
      }
      updates.end(subscription, at: now)
    }
    updates.findDeadline()
    return hasSent
  }

  /// Goes on with the walk over what a subscription wants; false when the page was full before its
  /// end.
  private mutating func walk(
    _ subscription: UnsafeMutablePointer<Updates.Subscription>, _ page: inout Page,
    _ engine: borrowing Engine
  ) -> Bool {
    let account = subscription.pointee.question.account
    guard engine.ledger.exists(account) else { return true }
    let wanted = subscription.pointee.question.updates
    if wanted.contains(.funds), !subscription.pointee.hasToldFunds {
      var update = funds(of: account, engine)
      update.time = .none
      let hasChanged = updates.hasChanged(account, update, for: subscription)
      update.time = engine.now
      if hasChanged, !page.add(update, cursor: 0) { return false }
      subscription.pointee.hasToldFunds = true
    }
    guard wanted.contains(.positions) else { return true }
    return walkPositions(subscription, &page, engine)
  }

  private mutating func walkPositions(
    _ subscription: UnsafeMutablePointer<Updates.Subscription>, _ page: inout Page,
    _ engine: borrowing Engine
  ) -> Bool {
    let account = subscription.pointee.question.account
    let holder = engine.ledger.holder(of: account)
    let name = names.operationAccounts.name(account.raw)
    var index = PositionCursor(raw: subscription.pointee.cursor).instrument
    while index < engine.market.instrumentCount {
      let instrument = InstrumentID(UInt32(index))
      index += 1
      guard engine.ledger.firstPosition(holder, instrument) != 0 else { continue }
      for hedge in QueryDesk.hedgeFlags {
        let number = engine.ledger.position(holder, instrument, hedge)
        guard number != 0 else { continue }
        for side in QueryDesk.sides {
          let cursor = PositionCursor(instrument, hedge, side).raw
          guard cursor > subscription.pointee.cursor else { continue }
          var update = BookMessages.position(number, side, name, names, engine, at: .none)
          let isIdle = engine.ledger.position(number).pointee.side(side).isIdle
          let hasChanged = updates.hasChanged(
            number, side, update, isIdle: isIdle, for: subscription)
          update.time = engine.now
          if hasChanged, !page.add(update, cursor: cursor) { return false }
          subscription.pointee.cursor = cursor
        }
      }
    }
    return true
  }
}
