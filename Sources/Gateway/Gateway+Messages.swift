import Domain
import Engine
import Ledger

/// Messages toward the counter of a fund account, as they stand (rules.md 8).
public struct MessageFigures: Equatable, Sendable {
  /// Messages a second that the counter takes; 0 = any number.
  public var quota: Int64
  /// That could leave at once; 0 without a quota.
  public var left: Int64
  public var liquidations: Int
  public var cancels: Int
  public var closings: Int

  /// That wait for their turn.
  public func waiting(_ priority: MessagePriority) -> Int {
    switch priority {
    case .liquidation: liquidations
    case .cancel: cancels
    case .closing: closings
    case .unknown: 0
    }
  }
}

extension Gateway {
  /// Fund accounts that have a link, and what they are called.
  public var linkedFundAccounts: [(id: FundAccountID, name: String)] {
    (0..<linkCount).map { index in
      let id = links.at(LinkID(index: UInt32(index))).pointee.fundAccount
      return (id, names.fundAccounts.name(id.raw).string)
    }
  }

  public func messages(of fundAccount: FundAccountID) -> MessageFigures {
    let fund = sequencer.engine.ledger.fundAccount(fundAccount)
    let quota = Int64(fund.pointee.messageQuota)
    let sent =
      quota == 0
      ? 0 : sequencer.engine.ledger.messagesOfLastSecond(fund, at: sequencer.now)
    return MessageFigures(
      quota: quota, left: max(quota - sent, 0),
      liquidations: sequencer.engine.ledger.waitingMessages(fundAccount, as: .liquidation),
      cancels: sequencer.engine.ledger.waitingMessages(fundAccount, as: .cancel),
      closings: sequencer.engine.ledger.waitingMessages(fundAccount, as: .closing))
  }
}
