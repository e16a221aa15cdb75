"""A terminal's session without I/O: bytes and times in, events and bytes out.

One ``TerminalSession`` lives over many connections. Its owner opens them, tells what happened
(``connected``, ``received``, ``time_reached``, ``disconnected``), and after each call sends
``bytes_to_send()`` and closes the connection once ``wants_close``. Times are seconds of a monotonic
clock.

    down --connected--> logging on --LogonAccepted--> resuming --ResumeComplete--> logged on
      ^                                                                               |
      +------disconnected------ closing <----- Logout, silence, nonsense, leave ------+
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from ._codec import order_entry as wire
from ._codec.framing import Message, WireError, scan
from .book import OrderBook
from .errors import (
    ConnectionLost,
    GatewaySilent,
    InvalidRequest,
    LogonRefused,
    NotLoggedOn,
    ProtocolFault,
    ReportsForgotten,
    ReportsMissed,
    SessionEnded,
    SluiceError,
    TooMuchPending,
)
from .events import Ended, Event, LoggedOn, Resumed
from .logon import LogonSettings, ResumePoint
from .rules import ONE_SESSION, rule_name
from .secret import Secret
from .told import Told

#: The gateway decides about a logon within this.
VERDICT_SECONDS = 45.0
#: A side silent for so many heartbeat intervals is taken for dead.
SILENT_INTERVALS = 2.5
#: Most bytes that wait to be sent.
PENDING_MAXIMUM = 1 << 20

_Reason = wire.LogoutReason
#: After these another try would have the same end.
_FINAL_REASONS = frozenset({_Reason.REFUSED, _Reason.REPLACED, _Reason.DROPPED,
                            _Reason.VERSION_UNSUPPORTED})


class Phase(Enum):
    """Where a session stands."""

    DOWN = "down"
    LOGGING_ON = "logging on"
    #: Logged on; missed reports are still coming.
    RESUMING = "resuming"
    LOGGED_ON = "logged on"
    #: Everything is said: send what is pending, then close.
    CLOSING = "closing"


class TerminalSession:
    """One operation account's session. See the module."""

    def __init__(
        self, logon: LogonSettings, resume: ResumePoint = ResumePoint(),
        resends_unanswered: bool = True,
    ) -> None:
        self.logon = logon
        self.phase = Phase.DOWN
        self.book = OrderBook()
        #: The current trading day; 0 before the first logon.
        self.trading_day = 0
        #: Positions, money and prices that were pushed.
        self.told = Told(self.book)
        self._resends = resends_unanswered
        self._seen = resume
        self._day_token = Secret()
        self._used_token = False
        self._was_logged_on = False
        #: Of the last session; a later one has a larger one.
        self._epoch = 0
        self._leaving = False
        self._incoming = bytearray()
        self._pending = bytearray()
        self._interval = float(logon.heartbeat_interval_seconds)
        self._last_sent = 0.0
        self._last_heard = 0.0
        #: The first report behind the last gap of a resume; 0 = there was none.
        self._gap_end = 0
        #: Orders and cancels that had no answer when the session began.
        self._asked_before: list[wire.NewOrder | wire.CancelOrder] = []
        self._subscriptions: dict[tuple[str, wire.Exchange], None] = {}
        #: What updates of the account were asked for.
        self._account_subscription: wire.SubscribeAccount | None = None

    def __repr__(self) -> str:
        return f"<TerminalSession {self.logon.account} {self.phase.value}>"

    @property
    def resume_point(self) -> ResumePoint:
        """The newest report seen; to be kept by a program that wants to go on from here."""
        return self._seen

    @property
    def is_logged_on(self) -> bool:
        """Whether orders may be sent."""
        return self.phase in (Phase.RESUMING, Phase.LOGGED_ON)

    @property
    def wants_close(self) -> bool:
        """Whether the connection is to be closed behind what is pending."""
        return self.phase is Phase.CLOSING

    def bytes_to_send(self) -> bytes:
        """What is to be sent now; it is not given twice."""
        data = bytes(self._pending)
        self._pending.clear()
        return data

    # The connection.

    def connected(self, now: float) -> None:
        """A connection stands: the logon is pending."""
        assert self.phase is Phase.DOWN, "a session has one connection at a time"
        self._incoming.clear()
        self._pending.clear()
        self.phase = Phase.LOGGING_ON
        self._leaving = False
        self._interval = float(self.logon.heartbeat_interval_seconds)
        self._last_sent = self._last_heard = now
        self._used_token = bool(self._day_token)
        self._write(self.logon.message(self._seen, self._day_token), now)

    def disconnected(self, now: float) -> list[Event]:
        """The connection is gone; its end is told unless it was told before."""
        was, self.phase = self.phase, Phase.DOWN
        self._incoming.clear()
        self._pending.clear()
        if was in (Phase.DOWN, Phase.CLOSING):
            return []
        if self._leaving:
            return [Ended(None, True)]
        words = "the gateway closed the connection without a word, or it broke"
        return [Ended(ConnectionLost(words), False)]

    def leave(self, now: float) -> None:
        """Says goodbye. The gateway answers with its own Logout and closes; one that has not
        answered the logon is not waited for."""
        if self.phase in (Phase.LOGGING_ON, Phase.RESUMING, Phase.LOGGED_ON):
            self._leaving = True
            self._write(wire.Logout(reason=_Reason.REQUESTED), now)
        if self.phase is Phase.LOGGING_ON:
            self.phase = Phase.CLOSING

    # Time.

    @property
    def deadline(self) -> float | None:
        """When ``time_reached`` is to be called; early calls do nothing."""
        match self.phase:
            case Phase.LOGGING_ON:
                return self._last_sent + VERDICT_SECONDS
            case Phase.RESUMING | Phase.LOGGED_ON:
                silence = self._last_heard + SILENT_INTERVALS * self._interval
                return min(silence, self._last_sent + self._interval)
            case Phase.DOWN | Phase.CLOSING:
                return None

    def time_reached(self, now: float) -> list[Event]:
        """Sends a heartbeat when one is owed; ends a session that is silent."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        if self.phase is Phase.LOGGING_ON:
            error = GatewaySilent(f"no answer to the logon within {VERDICT_SECONDS:g} s")
            return [self._close(error, _Reason.HEARTBEAT_TIMEOUT, now)]
        if now >= self._last_heard + SILENT_INTERVALS * self._interval:
            error = GatewaySilent(f"nothing heard for {now - self._last_heard:.1f} s")
            return [self._close(error, _Reason.HEARTBEAT_TIMEOUT, now)]
        self._write(wire.Heartbeat(), now)
        return []

    # What the gateway said.

    def received(self, data: bytes, now: float) -> list[Event]:
        """Takes bytes, in whatever parts they come, and gives back what they mean."""
        events: list[Event] = []
        if self.phase in (Phase.DOWN, Phase.CLOSING):
            return events
        self._incoming += data
        while self.phase not in (Phase.DOWN, Phase.CLOSING):
            try:
                frame = scan(self._incoming)
                if frame is None:
                    break
                del self._incoming[: frame.length]
                self._last_heard = now
                is_newer = frame.schema_id == wire.SCHEMA_ID and (
                    frame.template_id not in wire.MESSAGES)
                if is_newer and self.is_logged_on:
                    # A newer gateway may tell what this version does not know.
                    continue
                events += self._message(wire.decode(frame), now)
            except WireError as fault:
                error = ProtocolFault(f"the gateway sent what is no message: {fault}")
                events.append(self._close(error, _Reason.BAD_FRAME, now))
        return events

    def _message(self, message: Message, now: float) -> list[Event]:
        if isinstance(message, wire.Heartbeat):
            return []
        if isinstance(message, wire.Logout):
            return [self._logout_received(message)]
        if isinstance(message, wire.LogonAccepted) and self.phase is Phase.LOGGING_ON:
            return [self._logon_accepted(message, now)]
        if self.phase is Phase.RESUMING:
            if isinstance(message, wire.ResumeComplete):
                return self._resumed(message.last_report_sequence, 0, message.trading_day, now)
            if isinstance(message, wire.ResumeTruncated):
                return self._resumed(message.last_report_sequence,
                                     message.first_available_sequence, message.trading_day, now)
        if self.is_logged_on:
            if isinstance(message, wire.ExecutionReport):
                fault = self._misplaced(message)
                if fault is not None:
                    return [self._close(fault, _Reason.REQUESTED, now)]
                if not self._is_new(message):
                    return []
            events = self.told.message(message)
            if events is not None:
                return events
        error = ProtocolFault(f"{type(message).__name__} while {self.phase.value}")
        return [self._close(error, _Reason.UNEXPECTED_MESSAGE, now)]

    def _logon_accepted(self, accepted: wire.LogonAccepted, now: float) -> Event:
        newest, seen = accepted.next_report_sequence - 1, self._seen.report_sequence
        forgotten = ""
        if newest < seen:
            forgotten = f"the gateway's newest report is {newest}, this terminal has seen {seen}"
        elif accepted.session_epoch <= self._epoch:
            forgotten = "the gateway does not know of this terminal's last session"
        if forgotten:
            return self._close(ReportsForgotten(forgotten), _Reason.REQUESTED, now, is_final=True)
        self._epoch = accepted.session_epoch
        self.phase = Phase.RESUMING
        self._was_logged_on = True
        self._gap_end = 0
        self._asked_before = self.book.unanswered()
        asked = accepted.heartbeat_interval_seconds or self.logon.heartbeat_interval_seconds
        self._interval = float(min(max(asked, 1), 60))
        self._day_token = Secret(accepted.day_token)
        self.trading_day = accepted.trading_day
        self.book.day_began(accepted.trading_day)
        return LoggedOn(
            trading_day=accepted.trading_day,
            maximum_in_flight=accepted.max_in_flight,
            messages_per_second=accepted.messages_per_second,
            heartbeat_interval_seconds=int(self._interval),
            server_time=accepted.server_time,
        )

    def _resumed(self, last: int, first: int, day: int, now: float) -> list[Event]:
        seen = self._seen.report_sequence
        # From the first on that is kept nothing may be left out; without a number of ours and
        # without a report, the day has none yet.
        is_empty = last < first if first else seen == 0
        if self._gap_end > first or last < seen or (last != seen and not is_empty):
            error = ReportsMissed(f"resumed up to {last}, but {seen} is the newest that came")
            return [self._close(error, _Reason.REQUESTED, now)]
        self._seen = ResumePoint(day, last)
        self.trading_day = day
        self.phase = Phase.LOGGED_ON
        events: list[Event] = []
        # What is behind a loss may have been about them.
        if first == 0:
            events += [self.told.given_up(order) for order in self.book.given_up(day)]
        # What was sent since the logon is on its way.
        again = [
            request for request in self._asked_before
            if self.book.is_asked(request)
            and (isinstance(request, wire.CancelOrder) or self._is_of_today(request.cl_ord_id))
        ] if self._resends else []
        for request in again:
            self._write(request, now)
        self._send_subscriptions(list(self._subscriptions), now)
        for subscription in (self._account_subscription, self.told.missed_notices()):
            if subscription is not None:
                self._write(subscription, now)
        return [Resumed(last, first, len(again)), *events]

    def _is_of_today(self, cl_ord_id: str) -> bool:
        order = self.book.find(cl_ord_id)
        return order is not None and order.trading_day == self.trading_day

    def _misplaced(self, report: wire.ExecutionReport) -> SluiceError | None:
        if report.account != self.logon.account:
            return ProtocolFault("a report of another account")
        number = report.report_sequence
        expected = self._seen.report_sequence + 1
        if self.phase is Phase.LOGGED_ON and number > expected:
            return ReportsMissed(f"report {number} came where {expected} was next")
        return None

    def _is_new(self, report: wire.ExecutionReport) -> bool:
        number = report.report_sequence
        if number == 0:
            return True
        seen = self._seen.report_sequence
        if number <= seen:
            return False
        if seen and number > seen + 1:
            self._gap_end = number
        self._seen = ResumePoint(report.trading_day, number)
        if report.trading_day > self.trading_day:
            self.trading_day = report.trading_day
            self.book.day_began(report.trading_day)
        return True

    # Ends.

    def _logout_received(self, logout: wire.Logout) -> Event:
        reason, pause = logout.reason, logout.retry_after_milliseconds / 1_000
        was_logging_on = self.phase is Phase.LOGGING_ON
        self.phase = Phase.CLOSING
        if self._leaving:
            return Ended(None, True)
        is_final = reason in _FINAL_REASONS
        if was_logging_on and reason is _Reason.REFUSED:
            if self._used_token:
                # The token may be of another day or run: the password is still to be tried.
                is_final = False
            elif logout.rule == ONE_SESSION and self._was_logged_on:
                # The gateway has not noticed yet that the last connection broke.
                is_final = False
            if logout.rule != ONE_SESSION:
                self._day_token = Secret()
        error: SessionEnded = SessionEnded(reason, logout.text, pause)
        if was_logging_on:
            error = LogonRefused(reason, rule_name(logout.rule), logout.text, pause)
        return Ended(error, is_final, pause)

    def _close(
        self, error: SluiceError, word: wire.LogoutReason, now: float, is_final: bool = False
    ) -> Event:
        self._write(wire.Logout(reason=word), now)
        self.phase = Phase.CLOSING
        self._incoming.clear()
        return Ended(error, is_final)

    # What this terminal sends.

    def send(self, message: Message, now: float) -> None:
        """Sends an order, a cancel or a request; raises when it can't be."""
        if not self.is_logged_on or self._leaving:
            raise NotLoggedOn(f"the session is {self.phase.value}")
        if len(self._pending) > PENDING_MAXIMUM:
            raise TooMuchPending(f"{len(self._pending)} bytes wait to be sent")
        self._write(message, now)

    def subscribe(self, keys: list[tuple[str, wire.Exchange]], now: float) -> None:
        """Asks for ticks; subscriptions are made again after each logon."""
        new = [key for key in dict.fromkeys(keys) if key not in self._subscriptions]
        self._send_subscriptions(new, now, checks=True)
        self._subscriptions.update(dict.fromkeys(new))

    def unsubscribe(self, keys: list[tuple[str, wire.Exchange]], now: float) -> None:
        """Ends subscriptions; all of them when none is named."""
        entry = wire.UnsubscribeTicksInstrumentsEntry
        for start in range(0, max(len(keys), 1), 120):
            part = [entry(*key) for key in keys[start : start + 120]]
            self.send(wire.UnsubscribeTicks(instruments=part), now)
        for key in keys or list(self._subscriptions):
            self._subscriptions.pop(key, None)

    def subscribe_account(self, request: wire.SubscribeAccount, now: float) -> None:
        """Asks for updates of money and positions, and again after each logon."""
        self.send(request, now)
        self._account_subscription = request if request.kinds else None

    def _send_subscriptions(
        self, keys: list[tuple[str, wire.Exchange]], now: float, checks: bool = False
    ) -> None:
        write: Callable[[Message, float], None] = self.send if checks else self._write
        for start in range(0, len(keys), 120):
            part = [wire.SubscribeTicksInstrumentsEntry(*key) for key in keys[start : start + 120]]
            write(wire.SubscribeTicks(instruments=part), now)

    def _write(self, message: Message, now: float) -> None:
        try:
            self._pending += message.encode()
        except WireError as fault:
            raise InvalidRequest(str(fault)) from fault
        self._last_sent = now
