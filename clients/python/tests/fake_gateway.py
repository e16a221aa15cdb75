"""A gateway in memory: enough of order entry to hold a session without I/O against it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from ssl import SSLContext

from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message, scan

DAY = 20261123
ACCOUNT = "desk-1"
PASSWORD = "geheim-geheim"
TOKEN = "token-of-the-day"


def report(number: int, cl_ord_id: str = "a-1", **fields: object) -> wire.ExecutionReport:
    """A report that an order of ten lots at 3120 works, but for what is given."""
    base = wire.ExecutionReport(
        report_sequence=number, account=ACCOUNT, order_id=1_000 + sum(cl_ord_id.encode()),
        cl_ord_id=cl_ord_id, exec_type=wire.ExecType.NEW, state=wire.OrderState.ACCEPTED,
        exchange=wire.Exchange.SHFE, instrument="rb2701", side=wire.Side.BUY,
        offset=wire.Offset.OPEN, hedge=wire.HedgeFlag.SPECULATION, type=wire.OrderType.LIMIT,
        time_in_force=wire.TimeInForce.DAY, price=31_200_000, lots=10, cumulative_lots=0,
        leaves_lots=10, unknown_lots=0, last_lots=0, transact_time=1, trading_day=DAY)
    return replace(base, **fields)  # type: ignore[arg-type]


class FakeGateway:
    """What is there on the gateway's side, over every connection of one account."""

    def __init__(self) -> None:
        self.reports: list[wire.ExecutionReport] = []
        self.orders: dict[str, wire.NewOrder] = {}
        self.logons: list[wire.Logon] = []
        self.messages: list[Message] = []
        #: Looks at each message first; what it gives back is sent instead of the usual answer.
        self.answers: Callable[[Message], list[Message] | None] = lambda message: None

    def accepted(self, **fields: object) -> wire.LogonAccepted:
        """The usual answer to a logon."""
        base = wire.LogonAccepted(
            session_epoch=max(len(self.logons), 1), server_time=1, trading_day=DAY,
            heartbeat_interval_seconds=30, schema_version=1, max_in_flight=100,
            messages_per_second=500, next_report_sequence=len(self.reports) + 1, day_token=TOKEN)
        return replace(base, **fields)  # type: ignore[arg-type]

    def tell(self, cl_ord_id: str, **fields: object) -> wire.ExecutionReport:
        """Makes the account's next report."""
        made = report(len(self.reports) + 1, cl_ord_id, **fields)
        self.reports.append(made)
        return made

    def received(self, message: Message) -> list[Message]:
        """What a gateway answers."""
        self.messages.append(message)
        if isinstance(message, wire.Logon):
            self.logons.append(message)
        answer = self.answers(message)
        return self._usual(message) if answer is None else answer

    def _usual(self, message: Message) -> list[Message]:
        match message:
            case wire.Logon():
                if message.password != PASSWORD and message.day_token != TOKEN:
                    return [wire.Logout(wire.LogoutReason.REFUSED, rule=101, text="no")]
                missed = self.reports[message.last_report_sequence :]
                return [
                    self.accepted(
                        heartbeat_interval_seconds=message.heartbeat_interval_seconds),
                    *(replace(one, flags=wire.ReportFlags.REPLAYED) for one in missed),
                    wire.ResumeComplete(len(self.reports), DAY),
                ]
            case wire.Logout():
                return [wire.Logout(wire.LogoutReason.REQUESTED)]
            case wire.NewOrder():
                if message.cl_ord_id in self.orders:
                    return [report(0, message.cl_ord_id, exec_type=wire.ExecType.RESTATED)]
                self.orders[message.cl_ord_id] = message
                return [self.tell(message.cl_ord_id, price=message.price, lots=message.lots,
                                  leaves_lots=message.lots)]
            case wire.CancelOrder():
                return [self.tell(
                    message.target_cl_ord_id, exec_type=wire.ExecType.CANCELLED,
                    state=wire.OrderState.CANCELLED, leaves_lots=0)]
            case wire.MassCancel():
                return [wire.MassCancelReport(message.request_id, message.account, 0, 1, DAY)]
            case wire.InstrumentsRequest():
                return [wire.InstrumentsEnd(message.request_number, 0, 0)]
            case _:
                return []


class Wire:
    """Bytes in, messages out, for one connection of the fake."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def received(self, data: bytes) -> list[Message]:
        """Whole messages in what came."""
        self._bytes += data
        messages = []
        while (frame := scan(self._bytes)) is not None:
            del self._bytes[: frame.length]
            messages.append(wire.decode(frame))
        return messages


class LoopbackGateway:
    """The fake on a free port of 127.0.0.1, in the running event loop."""

    def __init__(self, fake: FakeGateway, tls: SSLContext | None = None) -> None:
        self.fake = fake
        if tls is not None:
            tls.sni_callback = lambda *_: self.handshakes.append(1)
        self._tls = tls
        self.port = 0
        self.connections: list[_Peer] = []
        #: Handshakes that peers began, however they ended.
        self.handshakes: list[object] = []
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> LoopbackGateway:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Peer(self), "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Breaks every connection."""
        for peer in self.connections:
            peer.transport.abort()
        self.connections.clear()

    def send(self, *messages: Message | bytes) -> None:
        """Sends to every connection."""
        for peer in self.connections:
            for message in messages:
                peer.transport.write(message if isinstance(message, bytes) else message.encode())


class _Peer(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, gateway: LoopbackGateway) -> None:
        self._gateway = gateway
        self._wire = Wire()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._gateway.connections.append(self)

    def data_received(self, data: bytes) -> None:
        for message in self._wire.received(data):
            for answer in self._gateway.fake.received(message):
                self.transport.write(answer.encode())
                if isinstance(answer, wire.Logout):
                    self.transport.close()
