"""What a risk controller does: part of ``Desk`` and ``AsyncDesk``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ._codec import desk as wire
from ._codec.framing import Message
from ._codec.order_entry import ScopeKind
from .errors import InvalidRequest

#: Nothing for who waits here, something to await for who does not.
Done = TypeVar("Done")


class Controls(Generic[Done]):
    """Requests that change something; ``Desk`` and ``AsyncDesk`` send them."""

    def _done(self, make: Callable[[int], Message]) -> Done:
        raise NotImplementedError

    # What he does. Each waits for its answer and raises ``Refused``.

    def bar(self, account: str, reason: str) -> Done:
        """Opening orders of an account are refused from now on."""
        return self._control(
            wire.ControlKind.BAR_OPENING, ScopeKind.OPERATION_ACCOUNT, account, reason)

    def release(self, account: str, reason: str) -> Done:
        """They are taken again."""
        return self._control(
            wire.ControlKind.RELEASE_OPENING, ScopeKind.OPERATION_ACCOUNT, account, reason)

    def kill(self, scope: ScopeKind, name: str, reason: str) -> Done:
        """New orders of a scope are refused, and those that work are cancelled. The scope is an
        operation account, a product, a counter, or ``PLATFORM`` with an empty name."""
        return self._control(wire.ControlKind.KILL_SWITCH, scope, name, reason)

    def unkill(self, scope: ScopeKind, name: str, reason: str) -> Done:
        """Releases a kill switch."""
        return self._control(wire.ControlKind.RELEASE_KILL_SWITCH, scope, name, reason)

    def cancel(self, order_id: int, reason: str = "") -> Done:
        """Cancels what is left of any order, by the gateway's id."""
        return self._control(wire.ControlKind.CANCEL_ORDER, ScopeKind.UNKNOWN, "", reason, order_id)

    def kick(self, account: str, reason: str, session: int = 0) -> Done:
        """Ends an account's sessions, or the one of this epoch."""
        return self._control(
            wire.ControlKind.KICK_SESSION, ScopeKind.OPERATION_ACCOUNT, account, reason,
            session=session)

    def release_order_rate(self, scope: ScopeKind, name: str, reason: str = "") -> Done:
        """Takes away the bar of an operation account's or a fund account's order rate."""
        return self._control(wire.ControlKind.RELEASE_ORDER_RATE, scope, name, reason)

    def assign(
        self, trade: int, account: str, offset: wire.Offset, lots: int, reason: str = ""
    ) -> Done:
        """Gives an account lots of a trade that nobody has."""
        return self._control(
            wire.ControlKind.ASSIGN_TRADE, ScopeKind.OPERATION_ACCOUNT, account, reason,
            trade=trade, offset=offset, lots=lots)

    def liquidate(
        self, scope: ScopeKind, name: str, reason: str, *, instrument: str = "",
        side: wire.PositionSide = wire.PositionSide.UNKNOWN, to_line: bool = False,
    ) -> Done:
        """What works is cancelled, then what is held is closed: of an operation account, or of
        each of a product; only an instrument (``"SHFE.rb2701"``, or ``"rb2701"`` wherever it is
        listed), only one side of it. ``to_line``: until no line of level two is reached. How it
        goes comes by ``liquidations``."""
        exchange, _, code = instrument.rpartition(".")
        try:
            listed = wire.Exchange[exchange.upper()] if exchange else wire.Exchange.UNKNOWN
        except KeyError:
            raise InvalidRequest(f"no exchange is called {exchange}") from None
        return self._control(
            wire.ControlKind.FORCE_LIQUIDATION, scope, name, reason, exchange=listed,
            instrument=code, side=side,
            extent=wire.LiquidationExtent.TO_LINE if to_line else wire.LiquidationExtent.ALL)

    def stop_liquidation(self, scope: ScopeKind, name: str, reason: str) -> Done:
        """Stops the liquidation of an operation account, or those of a product's accounts, whoever
        began it: its orders are cancelled, and when none works it is over."""
        return self._control(wire.ControlKind.STOP_LIQUIDATION, scope, name, reason)

    def flatten(self, scope: ScopeKind, name: str, reason: str) -> Done:
        """A kill switch, and what the accounts of its scope hold is closed. The scope is an
        operation account, a product, or ``PLATFORM`` with an empty name."""
        return self._control(wire.ControlKind.KILL_AND_FLATTEN, scope, name, reason)

    def _control(
        self, kind: wire.ControlKind, scope: ScopeKind, name: str, reason: str,
        order_id: int = 0, *, session: int = 0, trade: int = 0,
        offset: wire.Offset = wire.Offset.UNKNOWN, lots: int = 0,
        exchange: wire.Exchange = wire.Exchange.UNKNOWN, instrument: str = "",
        side: wire.PositionSide = wire.PositionSide.UNKNOWN,
        extent: wire.LiquidationExtent = wire.LiquidationExtent.UNKNOWN,
    ) -> Done:
        return self._done(lambda number: wire.Control(
            request_id=number, kind=kind, scope_kind=wire.ScopeKind(scope), name=name,
            order_id=order_id, session=session, trade=trade, offset=offset, lots=lots,
            reason=reason, exchange=exchange, instrument=instrument, side=side, extent=extent))
