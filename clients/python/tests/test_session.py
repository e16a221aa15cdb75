"""The session without I/O: logon, heartbeats, numbered reports, resuming, ends."""

import unittest
from dataclasses import replace

from sluice_client import (
    CancelRefused,
    ConnectionLost,
    Ended,
    Event,
    ExecType,
    GatewaySilent,
    LoggedOn,
    LogonRefused,
    LogonSettings,
    LogoutReason,
    NotLoggedOn,
    OrderChanged,
    OrderState,
    Phase,
    ProtocolFault,
    ReportsForgotten,
    ReportsMissed,
    RequestRefused,
    ResumePoint,
    Resumed,
    SessionEnded,
    TerminalSession,
    TickReceived,
    TooMuchPending,
)
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message
from sluice_client.session import PENDING_MAXIMUM, VERDICT_SECONDS

from .fake_gateway import ACCOUNT, DAY, PASSWORD, TOKEN, FakeGateway, Wire, report


def new_session(resume: ResumePoint = ResumePoint(), **fields: object) -> TerminalSession:
    settings = LogonSettings(ACCOUNT, PASSWORD, heartbeat_interval_seconds=10)
    return TerminalSession(replace(settings, **fields), resume)  # type: ignore[arg-type]


class SessionCase(unittest.TestCase):
    """A session and the fake, joined by hand; time stands still unless a test moves it."""

    def setUp(self) -> None:
        self.session = new_session()
        self.gateway = FakeGateway()
        self.now = 100.0

    def sent(self) -> list[Message]:
        """What the session sends now, as messages."""
        return Wire().received(self.session.bytes_to_send())

    def tell(self, *messages: Message) -> list[Event]:
        data = b"".join(message.encode() for message in messages)
        return self.session.received(data, self.now)

    def exchange(self) -> list[Event]:
        """Carries messages both ways until nobody has anything to say."""
        events: list[Event] = []
        while sent := self.sent():
            for message in sent:
                events += self.tell(*self.gateway.received(message))
        return events

    def log_on(self) -> list[Event]:
        self.session.connected(self.now)
        return self.exchange()

    def end_of(self, events: list[Event]) -> Ended:
        self.assertIsInstance(events[-1], Ended)
        assert isinstance(events[-1], Ended)
        self.assertTrue(self.session.wants_close or self.session.phase is Phase.DOWN)
        return events[-1]


class LogonTest(SessionCase):
    def test_a_logon_states_account_password_and_what_was_seen(self) -> None:
        self.session = new_session(ResumePoint(DAY, 3), mac_address=0x001122334455)
        self.session.connected(self.now)
        (logon,) = self.sent()
        self.assertEqual(logon, wire.Logon(
            account=ACCOUNT, mac_address=0x001122334455, terminal_name="sluice python",
            terminal_version="0.1.0", schema_version=wire.VERSION, heartbeat_interval_seconds=10,
            last_trading_day=DAY, last_report_sequence=3, password=PASSWORD))
        self.assertEqual(self.session.bytes_to_send(), b"")

    def test_an_accepted_logon_resumes_and_is_complete(self) -> None:
        self.gateway.tell("a-1")
        events = self.log_on()
        self.assertEqual([type(event) for event in events], [LoggedOn, OrderChanged, Resumed])
        self.assertEqual(events[-1], Resumed(1, 0, 0))
        self.assertEqual(self.session.phase, Phase.LOGGED_ON)
        self.assertEqual(self.session.resume_point, ResumePoint(DAY, 1))

    def test_a_refused_logon_says_the_rule_and_is_final(self) -> None:
        self.session = new_session(password="wrong")
        end = self.end_of(self.log_on())
        assert isinstance(end.error, LogonRefused)
        self.assertEqual((end.error.rule, end.is_final), ("login-credentials", True))
        self.assertNotIn("wrong", str(end.error))

    def test_busy_names_a_time_to_wait(self) -> None:
        self.gateway.answers = lambda _: [
            wire.Logout(LogoutReason.BUSY, rule=909, retry_after_milliseconds=1_500)]
        end = self.end_of(self.log_on())
        self.assertEqual((end.retry_after_seconds, end.is_final), (1.5, False))

    def test_the_day_token_spares_the_password_and_is_dropped_when_refused(self) -> None:
        self.log_on()
        self.session.disconnected(self.now)
        self.gateway.answers = lambda message: (
            [wire.Logout(LogoutReason.REFUSED, rule=101)]
            if isinstance(message, wire.Logon) and message.day_token else None)
        end = self.end_of(self.log_on())
        self.assertFalse(end.is_final)
        self.session.disconnected(self.now)
        self.assertIsInstance(self.log_on()[-1], Resumed)
        given = [(logon.password, logon.day_token) for logon in self.gateway.logons]
        self.assertEqual(given, [(PASSWORD, ""), ("", TOKEN), (PASSWORD, "")])

    def test_one_session_is_final_unless_the_last_connection_broke(self) -> None:
        refusal = wire.Logout(LogoutReason.REFUSED, rule=105)
        for was_logged_on, is_final in ((False, True), (True, False)):
            self.session, self.gateway = new_session(), FakeGateway()
            if was_logged_on:
                self.gateway.answers = lambda message: (
                    [self.gateway.accepted(day_token=""), wire.ResumeComplete(0, DAY)]
                    if isinstance(message, wire.Logon) else None)
                self.log_on()
                self.session.disconnected(self.now)
            self.gateway.answers = lambda _: [refusal]
            self.assertEqual(self.end_of(self.log_on()).is_final, is_final)

    def test_one_session_takes_no_day_token(self) -> None:
        self.log_on()
        self.session.disconnected(self.now)
        refusal = wire.Logout(LogoutReason.REFUSED, rule=105)
        self.gateway.answers = lambda _: [refusal]
        for _ in range(2):
            self.assertFalse(self.end_of(self.log_on()).is_final)
            self.session.disconnected(self.now)
        given = [(logon.password, logon.day_token) for logon in self.gateway.logons]
        self.assertEqual(given, [(PASSWORD, ""), ("", TOKEN), ("", TOKEN)])

    def test_a_gateway_that_has_forgotten_reports_is_not_believed(self) -> None:
        self.session = new_session(ResumePoint(DAY, 7))
        end = self.end_of(self.log_on())
        self.assertIsInstance(end.error, ReportsForgotten)
        self.assertTrue(end.is_final)

    def test_a_gateway_that_has_forgotten_sessions_is_not_believed(self) -> None:
        self.log_on()
        self.session.disconnected(self.now)
        self.gateway.logons.clear()
        end = self.end_of(self.log_on())
        self.assertIsInstance(end.error, ReportsForgotten)

    def test_a_logon_without_an_answer_ends(self) -> None:
        self.session.connected(self.now)
        self.assertEqual(self.session.time_reached(self.now + VERDICT_SECONDS - 1), [])
        end = self.end_of(self.session.time_reached(self.now + VERDICT_SECONDS))
        self.assertIsInstance(end.error, GatewaySilent)


class HeartbeatTest(SessionCase):
    def test_a_word_is_sent_when_none_was_for_the_interval(self) -> None:
        self.gateway.answers = lambda message: (
            [self.gateway.accepted(heartbeat_interval_seconds=4), wire.ResumeComplete(0, DAY)]
            if isinstance(message, wire.Logon) else None)
        self.log_on()
        self.assertEqual(self.session.deadline, self.now + 4)
        self.assertEqual(self.session.time_reached(self.now + 3.9), [])
        self.assertEqual(self.sent(), [])
        self.session.time_reached(self.now + 4)
        self.assertEqual(self.sent(), [wire.Heartbeat()])
        self.assertEqual(self.session.deadline, self.now + 8)

    def test_a_silent_gateway_is_left(self) -> None:
        self.log_on()
        for seconds, is_over in ((10, False), (20, False), (25, True)):
            events = self.session.time_reached(self.now + seconds)
            self.assertEqual(bool(events), is_over)
        self.assertIsInstance(self.end_of(events).error, GatewaySilent)
        *_, last = self.sent()
        self.assertEqual(last, wire.Logout(LogoutReason.HEARTBEAT_TIMEOUT))

    def test_any_whole_message_is_a_sign_of_life_and_part_of_one_is_not(self) -> None:
        self.log_on()
        self.now += 9
        self.tell(wire.Heartbeat())
        self.session.received(wire.Heartbeat().encode()[:-1], self.now + 9)
        self.session.time_reached(self.now + 20)
        self.assertTrue(self.session.time_reached(self.now + 25))


class ReportsTest(SessionCase):
    def test_a_report_is_taken_once_whatever_is_sent_again(self) -> None:
        self.log_on()
        filled = report(2, exec_type=ExecType.TRADE, state=OrderState.FILLED, last_lots=10,
                        last_price=1, cumulative_lots=10, leaves_lots=0)
        events = self.tell(report(1), report(1), filled, filled, report(1))
        self.assertEqual(len(events), 2)
        order = self.session.book.find("a-1")
        assert order is not None
        self.assertEqual(order.heard_lots, 10)

    def test_a_missing_report_ends_the_session_and_is_asked_for_again(self) -> None:
        self.log_on()
        self.tell(report(1))
        end = self.end_of(self.tell(report(3)))
        self.assertIsInstance(end.error, ReportsMissed)
        self.assertFalse(end.is_final)
        self.session.disconnected(self.now)
        self.session.connected(self.now)
        (logon,) = self.sent()
        assert isinstance(logon, wire.Logon)
        self.assertEqual(logon.last_report_sequence, 1)

    def test_a_resume_that_leaves_one_out_is_no_resume(self) -> None:
        for answers, is_good in (
            ([report(3), report(4), wire.ResumeComplete(4, DAY)], True),
            ([report(3), wire.ResumeComplete(4, DAY)], False),
            ([report(4), wire.ResumeComplete(4, DAY)], False),
            ([report(4), wire.ResumeTruncated(4, 4, DAY)], True),
            ([wire.ResumeTruncated(5, 4, DAY)], True),
            ([report(3), wire.ResumeTruncated(4, 4, DAY)], False),
            ([report(4), wire.ResumeTruncated(3, 4, DAY)], False),
            ([report(3), wire.ResumeComplete(2, DAY)], False),
        ):
            self.session = new_session(ResumePoint(DAY, 2))
            self.session.connected(self.now)
            self.sent()
            events = self.tell(self.gateway.accepted(next_report_sequence=5), *answers)
            self.assertEqual(isinstance(events[-1], Resumed), is_good, answers)

    def test_a_first_logon_of_a_day_begins_where_the_day_does(self) -> None:
        self.session.connected(self.now)
        self.sent()
        events = self.tell(self.gateway.accepted(next_report_sequence=42), report(40),
                           report(41), wire.ResumeComplete(41, DAY), report(42))
        self.assertEqual(len([one for one in events if isinstance(one, OrderChanged)]), 3)

    def test_a_report_of_another_account_ends_the_session(self) -> None:
        self.log_on()
        end = self.end_of(self.tell(report(1, account="desk-2")))
        self.assertIsInstance(end.error, ProtocolFault)


class ResendTest(SessionCase):
    def order(self, cl_ord_id: str) -> None:
        request = wire.NewOrder(cl_ord_id=cl_ord_id, account=ACCOUNT, instrument="rb2701", lots=1)
        self.session.send(request, self.now)
        self.session.book.order_sent(request, self.session.trading_day)

    def test_what_had_no_answer_is_sent_again_behind_the_resume(self) -> None:
        self.log_on()
        self.order("a-1")
        self.exchange()
        self.order("a-2")
        self.session.subscribe([("rb2701", wire.Exchange.SHFE)], self.now)
        cancel = wire.CancelOrder("c-1", ACCOUNT, target_cl_ord_id="a-1")
        self.session.send(cancel, self.now)
        self.session.book.cancel_sent(cancel, self.session.book.find("a-1"))
        self.sent()
        self.assertIsInstance(self.end_of(self.session.disconnected(self.now)).error,
                              ConnectionLost)
        events = self.log_on()
        self.assertIn(Resumed(1, 0, 2), events)
        self.assertEqual(list(self.gateway.orders), ["a-1", "a-2"])
        self.assertEqual(
            [type(message).__name__ for message in self.gateway.messages[-3:]],
            ["NewOrder", "CancelOrder", "SubscribeTicks"])
        self.assertEqual(self.session.book.unanswered(), [])

    def test_an_order_of_yesterday_is_given_up_and_not_sent(self) -> None:
        self.log_on()
        self.order("a-1")
        self.sent()
        self.session.disconnected(self.now)
        self.gateway.answers = lambda message: (
            [self.gateway.accepted(trading_day=DAY + 1), wire.ResumeComplete(0, DAY + 1)]
            if isinstance(message, wire.Logon) else None)
        events = self.log_on()
        changed = [event for event in events if isinstance(event, OrderChanged)]
        self.assertEqual([one.order.state for one in changed], [OrderState.CANCELLED])
        self.assertEqual(self.gateway.orders, {})

    def test_nothing_is_sent_without_a_session(self) -> None:
        for leave in (False, True):
            if leave:
                self.log_on()
                self.session.leave(self.now)
            with self.assertRaises(NotLoggedOn):
                self.order("a-1")
        self.assertEqual(len(self.session.book), 0)

    def test_what_waits_to_be_sent_is_bounded(self) -> None:
        self.log_on()
        with self.assertRaises(TooMuchPending):
            for _ in range(PENDING_MAXIMUM // 22 + 2):
                self.session.send(wire.Heartbeat(), self.now)


class EndsTest(SessionCase):
    def test_a_goodbye_is_answered_and_final(self) -> None:
        self.log_on()
        self.session.leave(self.now)
        self.assertEqual(self.end_of(self.exchange()), Ended(None, True))
        self.assertEqual(self.session.disconnected(self.now), [])

    def test_a_goodbye_before_the_verdict_waits_for_nobody(self) -> None:
        self.session.connected(self.now)
        self.session.leave(self.now)
        self.assertTrue(self.session.wants_close)
        self.assertEqual(self.sent()[-1], wire.Logout(LogoutReason.REQUESTED))
        self.assertEqual(self.session.disconnected(self.now), [])

    def test_a_gateway_that_stops_says_so(self) -> None:
        for reason, is_final in (
            (LogoutReason.SHUTTING_DOWN, False), (LogoutReason.SLOW_READER, False),
            (LogoutReason.REPLACED, True), (LogoutReason.DROPPED, True),
            (LogoutReason.UNKNOWN, False),
        ):
            self.session = new_session()
            self.log_on()
            end = self.end_of(self.tell(wire.Logout(reason, text="so")))
            assert isinstance(end.error, SessionEnded)
            self.assertEqual((end.error.reason, end.error.text, end.is_final),
                             (reason, "so", is_final))

    def test_a_message_out_of_place_ends_the_session(self) -> None:
        before: list[Message] = [
            report(1), wire.ResumeComplete(0, DAY), wire.Tick(), wire.InstrumentsEnd()]
        after: list[Message] = [
            self.gateway.accepted(), wire.ResumeComplete(0, DAY),
            wire.ResumeTruncated(1, 0, DAY), wire.Logon(), wire.NewOrder(), wire.MassCancel(),
            wire.SubscribeTicks(), wire.InstrumentsRequest(), wire.CancelOrder()]
        for message, is_logged_on in [(m, False) for m in before] + [(m, True) for m in after]:
            with self.subTest(message=message):
                self.session = new_session()
                self.session.connected(self.now)
                if is_logged_on:
                    self.exchange()
                end = self.end_of(self.tell(message))
                self.assertIsInstance(end.error, ProtocolFault)
                self.assertEqual(self.sent()[-1].TEMPLATE_ID, wire.Logout.TEMPLATE_ID)
                self.assertEqual(self.tell(report(1)), [])

    def test_a_template_of_a_newer_gateway_is_passed_over(self) -> None:
        self.log_on()
        newer = bytearray(wire.Heartbeat().encode())
        newer[8] = 99
        self.assertEqual(self.session.received(bytes(newer), self.now), [])
        self.assertTrue(self.session.is_logged_on)
        self.session = new_session()
        self.session.connected(self.now)
        self.end_of(self.session.received(bytes(newer), self.now))

    def test_rejects_and_pushes_are_told(self) -> None:
        self.log_on()
        figures = wire.RefusalFigures(rule=901)
        events = self.tell(
            wire.BusinessReject(30, "", figures, "full"),
            wire.BusinessReject(11, "c-1", figures),
            wire.Tick("rb2701", wire.Exchange.SHFE, DAY, last=1),
            wire.AccountUpdate(ACCOUNT), wire.PositionUpdate(ACCOUNT, "rb2701"))
        self.assertEqual(
            [type(event) for event in events[:3]], [RequestRefused, CancelRefused, TickReceived])
        self.assertEqual(len(events), 5)
        self.assertEqual(len(self.session.told.positions), 1)


if __name__ == "__main__":
    unittest.main()
