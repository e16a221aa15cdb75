"""What happened at a terminal. The session has taken it in before it is told."""

from __future__ import annotations

from dataclasses import dataclass

from ._codec import order_entry as wire
from .errors import SluiceError
from .orders import Order
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """The logon was accepted; what was missed comes next."""

    trading_day: int
    #: Most orders and cancels that may wait for an answer at once; 0 = no bound.
    maximum_in_flight: int
    #: Above this rate the gateway reads more slowly; 0 = no bound.
    messages_per_second: int
    heartbeat_interval_seconds: int
    #: The gateway's clock, nanoseconds since 1970.
    server_time: int | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What was missed has come; from here on everything is new."""

    #: Number of the newest report.
    last_report_sequence: int
    #: Reports before this one are lost to this terminal; 0 = none are. After a loss, positions
    #: and money follow.
    first_available_sequence: int
    #: Orders and cancels that had no answer and were sent again under their first ids.
    resent: int


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """Something happened to an order."""

    #: The order after it.
    order: Order
    #: What the gateway said; None for an order that was refused without a report, or given up.
    report: wire.ExecutionReport | None


@dataclass(frozen=True, slots=True)
class CancelRefused:
    """A cancel was refused; ``order`` is as it is, None when nobody knows it."""

    request_id: str
    refusal: Refusal
    order: Order | None


@dataclass(frozen=True, slots=True)
class MassCancelTaken:
    """A mass cancel was taken; the orders that it ends are told one by one."""

    request_id: str
    #: How many working orders it asked to cancel.
    orders: int


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A message of this terminal was understood and cannot be served."""

    #: Template id of the message.
    template_id: int
    #: Its id, if it had one.
    request_id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class TickReceived:
    """An instrument's market now; prices in units of 0.0001 (``from_units``)."""

    tick: wire.Tick


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """The account's money now, in units of 0.0001 yuan."""

    account: wire.AccountUpdate


@dataclass(frozen=True, slots=True)
class PositionChanged:
    """One position now."""

    position: wire.PositionUpdate


@dataclass(frozen=True, slots=True)
class InstrumentDefined:
    """An instrument that was asked for."""

    request_number: int
    instrument: wire.InstrumentDefinition


@dataclass(frozen=True, slots=True)
class PageEnded:
    """A page of instruments is complete; ``remaining`` more lie behind it."""

    request_number: int
    remaining: int


#: What queries ask for: money and positions come as they are pushed, in the same form.
Row = (
    wire.OrderRow | wire.TradeRow | wire.LimitRow | wire.PositionUpdate | wire.AccountUpdate
    | wire.InstrumentDefinition | wire.FindingRow | wire.RouteRow | wire.RoomRow
)


@dataclass(frozen=True, slots=True)
class RowReceived:
    """A row that a query asked for."""

    request_number: int
    row: Row


@dataclass(frozen=True, slots=True)
class QueryEnded:
    """A page of rows is complete, or there is none."""

    end: wire.QueryEnd


@dataclass(frozen=True, slots=True)
class ExplainEnded:
    """A page about an order or about room is complete, or there is none."""

    end: wire.ExplainEnd


@dataclass(frozen=True, slots=True)
class NoticeReceived:
    """A breach, a warning, an automatic action, or what a risk controller did, that concerns the
    account."""

    notice: wire.Notice


@dataclass(frozen=True, slots=True)
class NoticesCompleted:
    """Every notice that was missed has come, up to this number; what follows is new."""

    request_number: int
    last_number: int


@dataclass(frozen=True, slots=True)
class NoticesLost:
    """Notices before this one are not kept any more."""

    request_number: int
    first_available: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over."""

    #: Why; None when this terminal wanted it.
    error: SluiceError | None
    #: Another try would have the same end.
    is_final: bool
    #: When another try makes sense.
    retry_after_seconds: float = 0.0


Event = (
    LoggedOn | Resumed | OrderChanged | CancelRefused | MassCancelTaken | RequestRefused
    | TickReceived | AccountChanged | PositionChanged | InstrumentDefined | PageEnded
    | RowReceived | QueryEnded | ExplainEnded | NoticeReceived | NoticesCompleted | NoticesLost
    | Ended
)
