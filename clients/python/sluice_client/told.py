"""What the gateway tells a logged-on terminal, as events and as what is known by them."""

from __future__ import annotations

from ._codec import order_entry as wire
from ._codec.framing import Message
from .book import OrderBook
from .events import (
    AccountChanged,
    CancelRefused,
    Event,
    ExplainEnded,
    InstrumentDefined,
    MassCancelTaken,
    NoticeReceived,
    NoticesCompleted,
    NoticesLost,
    OrderChanged,
    PageEnded,
    PositionChanged,
    QueryEnded,
    RequestRefused,
    RowReceived,
    TickReceived,
)
from .orders import Order
from .refusal import Refusal
from .rules import rule_name

PositionKey = tuple[str, wire.Exchange, wire.PositionSide, wire.HedgeFlag]


class Told:
    """The terminal's picture: orders in the book, the newest of everything else here."""

    def __init__(self, book: OrderBook) -> None:
        self._book = book
        self.account: wire.AccountUpdate | None = None
        self.positions: dict[PositionKey, wire.PositionUpdate] = {}
        self.ticks: dict[tuple[str, wire.Exchange], wire.Tick] = {}
        #: Number of the newest notice that came, or is known to be none of the account's.
        self.newest_notice = 0
        #: What asked for notices; None = nothing did.
        self.notice_subscription: wire.SubscribeNotices | None = None

    def message(self, message: Message) -> list[Event] | None:
        """Takes a message in; None when a gateway has no business to send it."""
        match message:
            case wire.ExecutionReport():
                return self._report(message)
            case wire.BusinessReject():
                return self._reject(message)
            case wire.MassCancelReport():
                return [MassCancelTaken(message.request_id, message.orders)]
            case wire.Tick():
                self.ticks[(message.instrument, message.exchange)] = message
                return [TickReceived(message)]
            case wire.AccountUpdate():
                self.account = message
                if message.request_number:
                    return [RowReceived(message.request_number, message)]
                return [AccountChanged(message)]
            case wire.PositionUpdate():
                self.positions[
                    (message.instrument, message.exchange, message.side, message.hedge)
                ] = message
                if message.request_number:
                    return [RowReceived(message.request_number, message)]
                return [PositionChanged(message)]
            case wire.OrderRow() | wire.TradeRow() | wire.LimitRow():
                return [RowReceived(message.request_number, message)]
            case wire.QueryEnd():
                return [QueryEnded(message)]
            case wire.FindingRow() | wire.RouteRow() | wire.RoomRow():
                return [RowReceived(message.request_number, message)]
            case wire.ExplainEnd():
                return [ExplainEnded(message)]
            case wire.InstrumentDefinition():
                return [InstrumentDefined(message.request_number, message)]
            case wire.InstrumentsEnd():
                return [PageEnded(message.request_number, message.remaining)]
            case wire.Notice():
                self.newest_notice = max(self.newest_notice, message.number)
                return [NoticeReceived(message)]
            case wire.NoticesComplete():
                self.newest_notice = max(self.newest_notice, message.last_number)
                return [NoticesCompleted(message.request_number, message.last_number)]
            case wire.NoticesTruncated():
                return [NoticesLost(message.request_number, message.first_available)]
            case _:
                return None

    def missed_notices(self) -> wire.SubscribeNotices | None:
        """What asks for notices again, behind those that came."""
        request = self.notice_subscription
        if request is not None:
            request.after = max(request.after, self.newest_notice)
        return request

    def given_up(self, order: Order) -> Event:
        """An order without any answer has ended with its day."""
        return OrderChanged(order, None)

    def _report(self, report: wire.ExecutionReport) -> list[Event]:
        order = self._book.reported(report)
        events: list[Event] = [] if order is None else [OrderChanged(order, report)]
        if report.exec_type is wire.ExecType.CANCEL_REJECTED:
            refusal = Refusal.of(report.refusal) or _unnamed()
            events.append(CancelRefused(report.request_id, refusal, order))
        return events

    def _reject(self, reject: wire.BusinessReject) -> list[Event]:
        refusal = Refusal.of(reject.refusal, reject.text) or _unnamed(reject.text)
        order = self._book.rejected(reject, refusal)
        template = reject.ref_template_id
        if template == wire.NewOrder.TEMPLATE_ID and order is not None:
            return [OrderChanged(order, None)]
        if template == wire.CancelOrder.TEMPLATE_ID:
            return [CancelRefused(reject.ref_request_id, refusal, order)]
        return [RequestRefused(template, reject.ref_request_id, refusal)]


def _unnamed(text: str = "") -> Refusal:
    """A refusal whose rule the gateway did not name."""
    return Refusal(
        code=0, rule=rule_name(0) or "unnamed", unit=wire.Unit.UNKNOWN, observed=None,
        limit=None, asked=None, scope_kind=wire.ScopeKind.UNKNOWN, scope_name="", text=text)
