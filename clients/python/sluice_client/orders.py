"""What a terminal wants done, and an order as its terminal knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ._codec.order_entry import (
    Exchange,
    ExecType,
    ExecutionReport,
    HedgeFlag,
    NewOrder,
    Offset,
    OrderState,
    OrderType,
    Side,
    TimeInForce,
)
from .amounts import Amount, from_units, to_units
from .errors import InvalidRequest
from .refusal import Refusal

FINAL_STATES = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED})


def split_instrument(name: str) -> tuple[str, Exchange]:
    """``SHFE.rb2701`` or ``rb2701`` as code and exchange; without one the code decides alone."""
    exchange, point, code = name.partition(".")
    if not point:
        return name, Exchange.UNKNOWN
    try:
        known = Exchange[exchange.upper()]
    except KeyError:
        known = Exchange.UNKNOWN
    if known is Exchange.UNKNOWN or not code:
        raise InvalidRequest(f"{name!r} names no exchange and instrument")
    return code, known


@dataclass(frozen=True, slots=True)
class OrderTicket:
    """An order without an id. ``price`` None is a market order."""

    side: Side
    offset: Offset
    #: ``rb2701`` or ``SHFE.rb2701``.
    instrument: str
    lots: int
    #: In the instrument's currency, a multiple of its tick.
    price: Amount | None = None
    hedge: HedgeFlag = HedgeFlag.SPECULATION
    time_in_force: TimeInForce = TimeInForce.DAY
    #: For immediate-or-cancel: this many at once or none; 0 = any.
    minimum_lots: int = 0
    #: Refuse it when it is older than this by its sending time; 0 = no bound. Needs a right clock.
    maximum_age_milliseconds: int = 0

    def message(self, cl_ord_id: str, account: str, sending_time: int | None) -> NewOrder:
        """As it is sent."""
        code, exchange = split_instrument(self.instrument)
        return NewOrder(
            cl_ord_id=cl_ord_id,
            account=account,
            instrument=code,
            exchange=exchange,
            side=self.side,
            offset=self.offset,
            hedge=self.hedge,
            type=OrderType.MARKET if self.price is None else OrderType.LIMIT,
            time_in_force=self.time_in_force,
            price=None if self.price is None else to_units(self.price),
            lots=self.lots,
            minimum_lots=self.minimum_lots,
            maximum_age_milliseconds=self.maximum_age_milliseconds,
            sending_time=sending_time,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """An order at one moment. A newer one takes its place with every report."""

    cl_ord_id: str
    instrument: str
    exchange: Exchange
    side: Side
    offset: Offset
    hedge: HedgeFlag
    #: Limit price in units of 0.0001; None for a market order.
    price_units: int | None
    lots: int
    leaves_lots: int
    #: The day it was sent on, or belongs to.
    trading_day: int
    #: The gateway's id; 0 before its first report, and when it was refused before it got one.
    order_id: int = 0
    #: ``UNKNOWN`` until the gateway has answered.
    state: OrderState = OrderState.UNKNOWN
    cumulative_lots: int = 0
    #: Of ``leaves_lots``: at counters whose link is down.
    unknown_lots: int = 0
    #: Sum of price x lots over the fills that were heard of, in price units, and their lots.
    filled_value: int = 0
    heard_lots: int = 0
    #: Fees of the fills that were heard of, in 0.0001 yuan.
    fee_units: int = 0
    #: Why it was refused.
    refusal: Refusal | None = None
    #: The id of the cancel that was sent last and has no answer; empty = none.
    pending_cancel: str = ""
    #: Why the last cancel that was answered was refused.
    cancel_refusal: Refusal | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the gateway has said anything about it."""
        return self.state is not OrderState.UNKNOWN

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in FINAL_STATES

    @property
    def is_working(self) -> bool:
        """Whether it was taken and may still fill."""
        return self.is_answered and not self.is_final

    @property
    def is_rejected(self) -> bool:
        """Whether it was refused as a whole."""
        return self.state is OrderState.REJECTED

    @property
    def price(self) -> Decimal | None:
        """Limit price; None for a market order."""
        return None if self.price_units is None else from_units(self.price_units)

    @property
    def average_price(self) -> Decimal | None:
        """Mean price of the fills that were heard of, rounded down to 0.0001; None without one."""
        return from_units(self.filled_value // self.heard_lots) if self.heard_lots else None

    @classmethod
    def sent(cls, request: NewOrder, trading_day: int) -> Order:
        """What is known of an order when it was sent."""
        lots = request.lots or 0
        return cls(
            cl_ord_id=request.cl_ord_id, instrument=request.instrument,
            exchange=request.exchange, side=request.side, offset=request.offset,
            hedge=request.hedge, price_units=request.price, lots=lots, leaves_lots=lots,
            trading_day=trading_day,
        )

    @classmethod
    def reported(cls, report: ExecutionReport) -> Order:
        """An order of another terminal, or of an earlier run, by its first report."""
        return cls(
            cl_ord_id=report.cl_ord_id, instrument=report.instrument, exchange=report.exchange,
            side=report.side, offset=report.offset, hedge=report.hedge,
            price_units=report.price, lots=report.lots or 0,
            leaves_lots=report.leaves_lots or 0, trading_day=report.trading_day,
        ).after(report)

    def after(self, report: ExecutionReport) -> Order:
        """The order as a report leaves it."""
        refusal = Refusal.of(report.refusal)
        refused_cancel = report.exec_type is ExecType.CANCEL_REJECTED
        is_trade = report.exec_type is ExecType.TRADE and (report.last_lots or 0) > 0
        last_lots = report.last_lots or 0 if is_trade else 0
        is_final = report.state in FINAL_STATES
        cancel_is_answered = is_final or (refused_cancel and report.request_id in (
            "", self.pending_cancel))
        return replace(
            self,
            order_id=report.order_id or self.order_id,
            instrument=report.instrument or self.instrument,
            exchange=report.exchange or self.exchange,
            trading_day=report.trading_day or self.trading_day,
            state=report.state if report.state else self.state,
            cumulative_lots=report.cumulative_lots or 0,
            leaves_lots=report.leaves_lots or 0,
            unknown_lots=report.unknown_lots or 0,
            filled_value=self.filled_value + (report.last_price or 0) * last_lots,
            heard_lots=self.heard_lots + last_lots,
            fee_units=self.fee_units + (report.fee or 0) * is_trade,
            refusal=self.refusal if refused_cancel or not refusal else refusal,
            pending_cancel="" if cancel_is_answered else self.pending_cancel,
            cancel_refusal=refusal if refused_cancel else self.cancel_refusal,
        )
