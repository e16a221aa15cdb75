"""The controllers' client against a gateway that runs."""

import unittest

from sluice_client import (
    Client,
    Desk,
    Ended,
    InvalidRequest,
    LogonRefused,
    LogonSettings,
    LogoutReason,
    NoticeReceived,
    NoticesCompleted,
    Offset,
    OrderTicket,
    Refused,
    RowKinds,
    ScopeKind,
    SessionEnded,
    Side,
    WatchEnd,
)
from sluice_client._codec.desk import (
    ControlKind,
    LiquidationEnd,
    LiquidationPhase,
    PositionSide,
)

from .real_gateway import RealGateway, needs_gateway

LOW = "2950"
BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, LOW)
#: Meets whoever sells in the simulated market.
BUY_NOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, "3250")


@needs_gateway
class DeskCase(unittest.TestCase):
    gateway: RealGateway

    @classmethod
    def setUpClass(cls) -> None:
        cls.gateway = RealGateway()
        cls.addClassCleanup(cls.gateway.close)

    def desk(self, controller: str = "risk-1", password: str | None = None) -> Desk:
        secret = self.gateway.desk_password(controller) if password is None else password
        return Desk("127.0.0.1", self.gateway.desk_port, controller, secret, timeout_seconds=20)

    def client(self, account: str) -> Client:
        return Client("127.0.0.1", self.gateway.port, self.gateway.logon(account),
                      timeout_seconds=20)

    def test_a_terminal_is_told_that_it_is_barred(self) -> None:
        with self.desk() as desk, self.client("desk-2") as client:
            events = client.events(timeout_seconds=20)
            client.subscribe_notices()
            while not isinstance(next(events), NoticesCompleted):
                pass
            desk.bar("desk-2", "not for the trader's eyes")
            desk.release("desk-2", "over")
            told = []
            while len(told) < 2:
                event = next(events)
                if isinstance(event, NoticeReceived):
                    told.append((event.notice.control.name, event.notice.scope_name))
            self.assertEqual(
                told, [("BAR_OPENING", "desk-2"), ("RELEASE_OPENING", "desk-2")])

    def test_a_bar_stops_opening_until_it_is_released(self) -> None:
        with self.desk() as desk, self.client("desk-1") as client:
            desk.bar("desk-1", "too fast")
            order = client.place(BUY_LOW)
            assert order.refusal is not None
            self.assertEqual(order.refusal.rule, "barred-by-controller")
            self.assertEqual(
                [(row.kind, row.scope_name, row.reason) for row in desk.standing()],
                [(ControlKind.BAR_OPENING, "desk-1", "too fast")])
            desk.release("desk-1", "checked")
            taken = client.place(BUY_LOW)
            self.assertIsNone(taken.refusal)
            desk.cancel(taken.order_id)
            client.wait_final(taken.cl_ord_id)
            self.assertEqual(desk.standing(), [])

    def test_accounts_are_watched_whole_and_as_they_change(self) -> None:
        every = RowKinds.ACCOUNTS | RowKinds.LINES | RowKinds.ORDERS | RowKinds.LINKS
        with self.desk() as desk, self.client("desk-1") as client:
            watch = desk.subscribe_accounts(every, interval_milliseconds=100)
            picture = watch.picture()
            self.assertTrue(picture.is_whole)
            self.assertIn("desk-1", picture.accounts)
            self.assertIn("desk-2", picture.accounts)
            self.assertTrue(picture.links)
            before = picture.accounts["desk-1"]
            funds = client.query_funds()
            self.assertEqual(before.equity, funds.equity)
            self.assertEqual(before.available, funds.available)
            taken = client.place(BUY_LOW)
            while taken.order_id not in picture.orders:
                picture = watch.wait(timeout_seconds=20)
            self.assertEqual(picture.orders[taken.order_id].account, "desk-1")
            while picture.accounts["desk-1"].working_orders != before.working_orders + 1:
                picture = watch.wait(timeout_seconds=20)
            self.assertEqual(
                picture.accounts["desk-1"].available, client.query_funds().available)
            desk.cancel(taken.order_id)
            while taken.order_id in picture.orders:
                picture = watch.wait(timeout_seconds=20)
            watch.close()
            self.assertEqual(len(list(watch.changes(timeout_seconds=20))) > 0, True)
            self.assertEqual(watch.reason, WatchEnd.REQUESTED)

    def test_an_account_that_nobody_has_is_not_watched(self) -> None:
        with self.desk() as desk, self.assertRaises(Refused) as refused:
            desk.subscribe_accounts(scope=ScopeKind.OPERATION_ACCOUNT, name="nobody")
        self.assertEqual(refused.exception.refusal.rule, "account-not-bound-to-controller")

    def test_a_kill_switch_cancels_and_is_told(self) -> None:
        with self.desk() as desk, self.desk() as watcher, self.client("desk-1") as client:
            watcher.subscribe_notices()
            taken = client.place(BUY_LOW)
            desk.kill(ScopeKind.PLATFORM, "", "nobody knows what is going on")
            done = client.wait_final(taken.cl_ord_id)
            self.assertEqual((done.cumulative_lots, done.leaves_lots), (0, 0))
            refused = client.place(BUY_LOW)
            assert refused.refusal is not None
            self.assertEqual(refused.refusal.rule, "kill-switch")
            desk.unkill(ScopeKind.PLATFORM, "", "all is well")
            seen = []
            for notice in watcher.notices(timeout_seconds=20):
                if notice.control is not ControlKind.UNKNOWN:
                    seen.append((notice.control, notice.controller, notice.reason))
                if notice.control is ControlKind.RELEASE_KILL_SWITCH:
                    break
            self.assertEqual(
                seen[-2:],
                [(ControlKind.KILL_SWITCH, "risk-1", "nobody knows what is going on"),
                 (ControlKind.RELEASE_KILL_SWITCH, "risk-1", "all is well")])

    def test_a_liquidation_closes_and_is_told(self) -> None:
        with self.desk() as desk, self.desk() as watcher, self.client("desk-2") as client:
            watcher.subscribe_liquidations()
            opened = client.wait_final(client.place(BUY_NOW).cl_ord_id)
            self.assertEqual(opened.cumulative_lots, 2)
            desk.liquidate(
                ScopeKind.OPERATION_ACCOUNT, "desk-2", "over limit", instrument="SHFE.rb2701",
                side=PositionSide.LONG)
            for told in (desk, watcher):
                seen = []
                for progress in told.liquidations(timeout_seconds=20):
                    seen.append(progress)
                    if progress.phase is LiquidationPhase.ENDED:
                        break
                self.assertEqual(seen[0].phase, LiquidationPhase.CANCELLING)
                last = seen[-1]
                self.assertEqual(
                    (last.account, last.controller, last.end, last.lots_held, last.lots_working),
                    ("desk-2", "risk-1", LiquidationEnd.DONE, 0, 0))
            with self.assertRaises(Refused):
                desk.stop_liquidation(ScopeKind.OPERATION_ACCOUNT, "desk-2", "it is over")
            with self.assertRaises(InvalidRequest):
                desk.liquidate(ScopeKind.PRODUCT, "alpha", "x", instrument="ABC.rb2701")

    def test_the_program_liquidates_and_shows_how_it_goes(self) -> None:
        with self.client("desk-3") as client:
            opened = client.wait_final(client.place(BUY_NOW).cl_ord_id)
            self.assertEqual(opened.cumulative_lots, 2)
            lines = self.gateway.desk_lines(
                "risk-1", ["liquidate account desk-3 all too much"],
                until=lambda line: line["event"] == "liquidation" and line["phase"] == "ended")
        answers = [line for line in lines if line["event"] == "answer"]
        self.assertEqual([(line["kind"], line["done"]) for line in answers],
                         [("forceLiquidation", True)])
        self.assertEqual(lines[-1]["account"], "desk-3")
        self.assertEqual(lines[-1]["end"], "done")
        self.assertEqual(lines[-1]["lotsHeld"], 0)

    def test_what_is_not_his_is_refused(self) -> None:
        with self.desk("risk-2") as desk:
            with self.assertRaises(Refused) as caught:
                desk.kill(ScopeKind.PLATFORM, "", "no")
            self.assertEqual(caught.exception.refusal.rule, "not-permitted")
            with self.assertRaises(Refused) as caught:
                desk.bar("desk-2", "no")
            self.assertEqual(
                caught.exception.refusal.rule, "account-not-bound-to-controller")
            with self.assertRaises(Refused) as caught:
                desk.bar("desk-1", "")
            self.assertEqual(caught.exception.refusal.rule, "reason-missing")
            self.assertEqual(desk.rights, 1 | 4)

    def test_passwords_of_the_other_door_do_not_fit(self) -> None:
        account = self.gateway.logon("desk-1")
        with self.assertRaises(LogonRefused) as caught:
            self.desk("desk-1", account.secret().reveal()).start()
        self.assertEqual(caught.exception.rule, "login-credentials")
        with self.assertRaises(LogonRefused) as refused:
            Client(
                "127.0.0.1", self.gateway.port,
                LogonSettings("risk-1", self.gateway.desk_password("risk-1"))).start()
        self.assertEqual(refused.exception.rule, "login-credentials")

    def test_sessions_are_ended(self) -> None:
        with self.desk() as desk, self.client("desk-3") as client:
            events = client.events()
            desk.kick("desk-3", "go home")
            *_, last = events
            assert isinstance(last, Ended) and isinstance(client.error, SessionEnded)
            self.assertEqual(client.error.reason, LogoutReason.DROPPED)
        # It is no bar: the account may come again.
        with self.client("desk-3") as client:
            client.ready(20)


if __name__ == "__main__":
    unittest.main()
