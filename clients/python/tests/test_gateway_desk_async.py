"""The controllers' asyncio client against a gateway that runs: what ``Desk`` does."""

import asyncio
import unittest

from sluice_client import (
    AnswerTimeout,
    AsyncClient,
    AsyncDesk,
    ConnectFailed,
    ConnectionLost,
    InvalidRequest,
    LogonRefused,
    NotLoggedOn,
    Offset,
    OrderTicket,
    Refused,
    RowKinds,
    ScopeKind,
    Side,
    WatchEnd,
)
from sluice_client._codec.desk import ControlKind, LiquidationEnd, LiquidationPhase, PositionSide

from .real_gateway import RealGateway, needs_gateway

BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, "2950")
#: Meets whoever sells in the simulated market.
BUY_NOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, "3250")


@needs_gateway
class AsyncDeskCase(unittest.IsolatedAsyncioTestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def desk(self, controller: str = "risk-1", password: str | None = None) -> AsyncDesk:
        secret = self.gateway.desk_password(controller) if password is None else password
        return AsyncDesk(
            "127.0.0.1", self.gateway.desk_port, controller, secret, timeout_seconds=20,
            heartbeat_interval_seconds=1)

    def client(self, account: str) -> AsyncClient:
        return AsyncClient(
            "127.0.0.1", self.gateway.port, self.gateway.logon(account), timeout_seconds=20)

    async def test_a_bar_stops_opening_until_it_is_released(self) -> None:
        async with self.desk() as desk, self.client("desk-1") as client:
            await desk.bar("desk-1", "too fast")
            order = await client.place(BUY_LOW)
            assert order.refusal is not None
            self.assertEqual(order.refusal.rule, "barred-by-controller")
            standing = await desk.standing()
            self.assertEqual(
                [(row.kind, row.scope_name, row.reason) for row in standing],
                [(ControlKind.BAR_OPENING, "desk-1", "too fast")])
            await desk.release("desk-1", "checked")
            taken = await client.place(BUY_LOW)
            self.assertIsNone(taken.refusal)
            await desk.cancel(taken.order_id)
            await client.wait_final(taken.cl_ord_id)
            self.assertEqual(await desk.standing(), [])

    async def test_accounts_are_watched_whole_and_as_they_change(self) -> None:
        async with self.desk() as desk, self.client("desk-1") as client:
            watch = await desk.subscribe_accounts(
                RowKinds.ACCOUNTS | RowKinds.ORDERS, interval_milliseconds=100)
            picture = watch.picture()
            self.assertTrue(picture.is_whole)
            self.assertLessEqual({"desk-1", "desk-2"}, set(picture.accounts))
            before = picture.accounts["desk-1"]
            funds = await client.query_funds()
            self.assertEqual(before.available, funds.available)
            self.assertEqual(before.premium, funds.premium)
            self.assertEqual(before.market_equity, funds.market_equity)
            taken = await client.place(BUY_LOW)
            while taken.order_id not in picture.orders:
                picture = await watch.wait(timeout_seconds=20)
            while picture.accounts["desk-1"].working_orders != before.working_orders + 1:
                picture = await watch.wait(timeout_seconds=20)
            await desk.cancel(taken.order_id)
            while taken.order_id in picture.orders:
                picture = await watch.wait(timeout_seconds=20)
            watch.close()
            rows = [row async for row in watch.changes(timeout_seconds=20)]
            self.assertGreater(len(rows), 0)
            self.assertEqual(watch.reason, WatchEnd.REQUESTED)
            # Over: what was there last, and no more of it.
            self.assertTrue((await watch.wait(timeout_seconds=20)).is_whole)

    async def test_who_waits_for_nothing_is_told_so(self) -> None:
        async with self.desk() as desk:
            watch = await desk.subscribe_accounts(RowKinds.LINKS, interval_milliseconds=100)
            async for _ in watch.changes(timeout_seconds=20):
                break
            with self.assertRaises(AnswerTimeout):
                await watch.wait(timeout_seconds=0.2)
            with self.assertRaises(AnswerTimeout):
                async for _ in desk.notices(timeout_seconds=0.2):
                    pass

    async def test_a_kill_switch_cancels_and_is_told(self) -> None:
        async with self.desk() as desk, self.desk() as watcher, self.client("desk-1") as client:
            await watcher.subscribe_notices()
            taken = await client.place(BUY_LOW)
            await desk.kill(ScopeKind.PLATFORM, "", "nobody knows what is going on")
            done = await client.wait_final(taken.cl_ord_id)
            self.assertEqual((done.cumulative_lots, done.leaves_lots), (0, 0))
            await desk.unkill(ScopeKind.PLATFORM, "", "all is well")
            seen = []
            async for notice in watcher.notices(timeout_seconds=20):
                if notice.control is not ControlKind.UNKNOWN:
                    seen.append((notice.control, notice.controller, notice.reason))
                if notice.control is ControlKind.RELEASE_KILL_SWITCH:
                    break
            self.assertEqual(
                seen[-2:],
                [(ControlKind.KILL_SWITCH, "risk-1", "nobody knows what is going on"),
                 (ControlKind.RELEASE_KILL_SWITCH, "risk-1", "all is well")])

    async def test_a_liquidation_closes_and_is_told(self) -> None:
        async with self.desk() as desk, self.desk() as watcher, self.client("desk-2") as client:
            await watcher.subscribe_liquidations()
            opened = await client.wait_final((await client.place(BUY_NOW)).cl_ord_id)
            self.assertEqual(opened.cumulative_lots, 2)
            await desk.liquidate(
                ScopeKind.OPERATION_ACCOUNT, "desk-2", "over limit", instrument="SHFE.rb2701",
                side=PositionSide.LONG)
            for told in (desk, watcher):
                async for progress in told.liquidations(timeout_seconds=20):
                    if progress.phase is LiquidationPhase.ENDED:
                        self.assertEqual(
                            (progress.account, progress.end, progress.lots_held),
                            ("desk-2", LiquidationEnd.DONE, 0))
                        break
            with self.assertRaises(InvalidRequest):
                await desk.liquidate(
                    ScopeKind.PRODUCT, "alpha", "x", instrument="ABC.rb2701")

    async def test_many_requests_at_once_get_each_its_own_answer(self) -> None:
        async with self.desk("risk-2") as desk:
            answers = await asyncio.gather(
                desk.bar("desk-2", "no"), desk.kill(ScopeKind.PLATFORM, "", "no"),
                desk.bar("desk-1", ""), desk.standing(),
                desk.subscribe_accounts(scope=ScopeKind.OPERATION_ACCOUNT, name="nobody"),
                return_exceptions=True)
            rules = [
                answer.refusal.rule if isinstance(answer, Refused) else answer
                for answer in answers]
            self.assertEqual(
                rules,
                ["account-not-bound-to-controller", "not-permitted", "reason-missing", [],
                 "account-not-bound-to-controller"])
            self.assertEqual(desk.rights, 1 | 4)

    async def test_a_session_outlives_its_heartbeats(self) -> None:
        async with self.desk() as desk:
            # The gateway gives up who says nothing for two and a half intervals.
            with self.assertRaises(AnswerTimeout):
                async for _ in desk.liquidations(timeout_seconds=3.5):
                    pass
            self.assertIsNone(desk.error)
            self.assertEqual(await desk.standing(), [])

    async def test_who_is_not_let_in_is_told_and_nothing_stays_open(self) -> None:
        with self.assertRaises(LogonRefused) as caught:
            await self.desk("risk-1", "not it").start()
        self.assertEqual(caught.exception.rule, "login-credentials")
        with self.assertRaises(ConnectFailed):
            await AsyncDesk("127.0.0.1", 1, "risk-1", "x", timeout_seconds=5).start()
        with self.assertRaises(InvalidRequest):
            AsyncDesk("127.0.0.1", 1, "risk-1", "x", heartbeat_interval_seconds=61)

    async def test_nothing_is_asked_before_or_behind_the_session(self) -> None:
        desk = self.desk()
        with self.assertRaises(NotLoggedOn):
            await desk.standing()
        async with desk:
            notices = desk.notices(timeout_seconds=20)
            watch = await desk.subscribe_accounts()
        # It ends with the session.
        self.assertEqual([notice async for notice in notices], [])
        self.assertGreater(len([row async for row in watch.changes(timeout_seconds=20)]), 0)
        with self.assertRaises(NotLoggedOn):
            await desk.bar("desk-1", "late")
        await desk.close()
        self.assertIsNone(desk.error)


@needs_gateway
class LostGatewayCase(unittest.IsolatedAsyncioTestCase):
    async def test_a_gateway_that_is_gone_is_told_to_whoever_waits(self) -> None:
        gateway = RealGateway()
        self.addCleanup(gateway.close)
        desk = AsyncDesk(
            "127.0.0.1", gateway.desk_port, "risk-1", gateway.desk_password("risk-1"),
            timeout_seconds=20)
        async with desk:
            watch = await desk.subscribe_accounts()
            waiting = asyncio.create_task(watch.wait(timeout_seconds=20))
            await asyncio.to_thread(gateway.kill)
            with self.assertRaises(ConnectionLost):
                await waiting
            self.assertIsInstance(desk.error, ConnectionLost)
            with self.assertRaises(ConnectionLost):
                await desk.standing()


if __name__ == "__main__":
    unittest.main()
