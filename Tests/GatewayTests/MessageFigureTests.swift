import Domain
import Engine
import Ledger
import Messages
import Testing

@testable import Gateway

/// How messages toward a counter stand: what metrics tell of them.
@Suite struct MessageFigureTests {
  private func order(_ id: String) -> Command {
    .newOrder(
      NewOrder(
        session: .none, account: SmallHouse.alice, instrument: SmallHouse.rb,
        clOrdID: ClOrdID(id)!, side: .buy, offset: .open, hedge: .speculation, type: .limit,
        timeInForce: .day, price: SmallHouse.price(3_500), lots: 1))
  }

  private func cancel(_ id: String) -> Command {
    .cancelOrder(
      CancelOrder(
        session: .none, account: SmallHouse.alice, requestID: ClOrdID("x-" + id)!,
        target: .none, targetClOrdID: ClOrdID(id)!))
  }

  private func figures(
    _ quota: Int64, left: Int64, liquidations: Int = 0, cancels: Int = 0
  ) -> MessageFigures {
    MessageFigures(
      quota: quota, left: left, liquidations: liquidations, cancels: cancels, closings: 0)
  }

  private func expect(
    _ desk: borrowing GatewayDesk, of fund: FundAccountID = SmallHouse.first,
    _ figures: MessageFigures, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let now = desk.gateway.messages(of: fund)
    #expect(now == figures, sourceLocation: sourceLocation)
  }

  private func take(_ desk: inout GatewayDesk, _ command: Command) {
    let isTaken = desk.gateway.take(command)
    #expect(isTaken)
    desk.turn()
  }

  /// Two orders fill the second; the cancel of one waits as a cancel, that of the other as the
  /// liquidation's that asks for it. A second later both have left.
  @Test func theyFollowWhatLeavesAndWhatWaits() throws {
    var desk = try GatewayDesk()
    expect(desk, figures(0, left: 0))
    take(
      &desk,
      .setFundAccount(
        SetFundAccount(fundAccount: SmallHouse.first, setting: .messageQuota, value: 2)))
    expect(desk, figures(2, left: 2))
    take(&desk, order("a"))
    expect(desk, figures(2, left: 1))
    take(&desk, order("b"))
    expect(desk, figures(2, left: 0))
    take(&desk, cancel("a"))
    expect(desk, figures(2, left: 0, cancels: 1))
    take(
      &desk,
      .forceLiquidate(
        ForceLiquidate(
          who: Name("desk")!, account: SmallHouse.alice, product: .none, instrument: .none,
          side: .unknown, hedge: .unknown, extent: .all)))
    desk.pass(0)
    expect(desk, figures(2, left: 0, liquidations: 1, cancels: 1))
    // The other fund account's link has no quota.
    expect(desk, of: SmallHouse.second, figures(0, left: 0))
    desk.pass(GatewayDesk.second)
    expect(desk, figures(2, left: 0))
    desk.pass(GatewayDesk.second)
    expect(desk, figures(2, left: 2))
  }
}
