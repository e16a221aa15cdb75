"""The orders of an account, folded from what was sent and what was reported."""

from __future__ import annotations

from dataclasses import replace

from ._codec.order_entry import (
    BusinessReject,
    CancelOrder,
    ExecType,
    ExecutionReport,
    NewOrder,
    OrderState,
)
from .orders import Order
from .refusal import Refusal


class OrderBook:
    """Every order of the account that was heard of today, in the order of first hearing."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._by_order_id: dict[int, str] = {}
        #: Orders and cancels without an answer, as they were sent.
        self._orders_asked: dict[str, NewOrder] = {}
        self._cancels_asked: dict[str, CancelOrder] = {}
        self._trading_day = 0

    def __len__(self) -> int:
        return len(self._orders)

    @property
    def orders(self) -> tuple[Order, ...]:
        """All of them."""
        return tuple(self._orders.values())

    def find(self, key: str | int) -> Order | None:
        """By the client's id (text) or the gateway's (number)."""
        if isinstance(key, int):
            return self._orders.get(self._by_order_id.get(key, ""))
        return self._orders.get(key)

    # What this terminal asked.

    def order_sent(self, request: NewOrder, trading_day: int) -> Order:
        """An order left; one whose id is known stays as it was."""
        known = self._orders.get(request.cl_ord_id)
        if known is not None:
            return known
        order = Order.sent(request, trading_day)
        self._orders[order.cl_ord_id] = order
        self._orders_asked[order.cl_ord_id] = request
        return order

    def cancel_sent(self, request: CancelOrder, order: Order | None) -> None:
        """A cancel left."""
        self._cancels_asked[request.request_id] = request
        if order is not None:
            self._orders[order.cl_ord_id] = replace(
                order, pending_cancel=request.request_id, cancel_refusal=None
            )

    def is_asked(self, request: NewOrder | CancelOrder) -> bool:
        """Whether it waits for its answer."""
        if isinstance(request, NewOrder):
            return request.cl_ord_id in self._orders_asked
        return request.request_id in self._cancels_asked

    def unanswered(self) -> list[NewOrder | CancelOrder]:
        """What has had no answer, in the order it was sent, orders first."""
        return [*self._orders_asked.values(), *self._cancels_asked.values()]

    def given_up(self, trading_day: int) -> list[Order]:
        """Orders without an answer that were sent on another day than this: their ids would mean
        another order now. The gateway has no record of them, so they are done."""
        old = [
            order for order in map(self._orders.__getitem__, self._orders_asked)
            if order.trading_day != trading_day
        ]
        return [
            self._ended(order, replace(order, state=OrderState.CANCELLED, leaves_lots=0))
            for order in old
        ]

    # What the gateway told.

    def day_began(self, trading_day: int) -> None:
        """Orders of earlier days that are done are forgotten."""
        if trading_day <= self._trading_day:
            return
        self._trading_day = trading_day
        for order in self.orders:
            if order.is_final and order.trading_day < trading_day:
                del self._orders[order.cl_ord_id]
                self._by_order_id.pop(order.order_id, None)

    def reported(self, report: ExecutionReport) -> Order | None:
        """Folds a report; the order after it, None when it is of no order that is known."""
        if report.exec_type is ExecType.CANCEL_REJECTED:
            self._cancels_asked.pop(report.request_id, None)
        order = self._orders.get(report.cl_ord_id)
        if order is None:
            if not report.cl_ord_id or (
                report.exec_type is ExecType.CANCEL_REJECTED and not report.order_id
            ):
                return None
            return self._put(Order.reported(report))
        if order.order_id and report.order_id != order.order_id:
            # An id that was used before: on another day it is another order, today the second
            # is refused and the first is as it was.
            if not report.order_id or report.trading_day <= order.trading_day:
                return order
            self._by_order_id.pop(order.order_id, None)
            return self._put(Order.reported(report))
        return self._put(order.after(report))

    def rejected(self, reject: BusinessReject, refusal: Refusal) -> Order | None:
        """A message of ours cannot be served; the order it was about, if there is one."""
        cancel = self._cancels_asked.pop(reject.ref_request_id, None)
        if cancel is not None:
            order = self.find(cancel.target_cl_ord_id or cancel.target_order_id)
            if order is None or order.pending_cancel != cancel.request_id:
                return None
            return self._put(replace(order, pending_cancel="", cancel_refusal=refusal))
        order = self._orders.get(reject.ref_request_id)
        if order is None or reject.ref_template_id != NewOrder.TEMPLATE_ID or order.is_answered:
            return None
        return self._ended(
            order, replace(order, state=OrderState.REJECTED, leaves_lots=0, refusal=refusal)
        )

    def _ended(self, order: Order, end: Order) -> Order:
        self._orders_asked.pop(order.cl_ord_id, None)
        self._orders[order.cl_ord_id] = end
        return end

    def _put(self, order: Order) -> Order:
        self._orders[order.cl_ord_id] = order
        if order.order_id:
            self._by_order_id[order.order_id] = order.cl_ord_id
        if order.is_answered:
            self._orders_asked.pop(order.cl_ord_id, None)
        if order.is_final:
            done = [
                request_id for request_id, cancel in self._cancels_asked.items()
                if cancel.target_cl_ord_id == order.cl_ord_id
                or (cancel.target_order_id and cancel.target_order_id == order.order_id)
            ]
            for request_id in done:
                del self._cancels_asked[request_id]
        return order
