"""Both clients on a loopback fake: reconnecting, timeouts, hostile gateways, clean ends."""

import asyncio
import logging
import threading
import unittest
from collections.abc import Callable

from sluice_client import (
    AnswerTimeout,
    AsyncClient,
    BackOff,
    Client,
    ConnectFailed,
    ConnectionLost,
    Ended,
    EventsOverflowed,
    GatewaySilent,
    LogonRefused,
    LogonSettings,
    LogoutReason,
    NotLoggedOn,
    Offset,
    OrderState,
    OrderTicket,
    ProtocolFault,
    Refused,
    Resumed,
    SessionEnded,
    Side,
    SluiceError,
    TickReceived,
)
from sluice_client._codec import order_entry as wire
from sluice_client._codec.framing import Message

from .fake_gateway import ACCOUNT, DAY, PASSWORD, TOKEN, FakeGateway, LoopbackGateway, report

BUY = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, "3120.5")
QUICK = BackOff(0.001, 0.01, seed=1)


def silent_to(kind: type[Message]) -> Callable[[Message], list[Message] | None]:
    """No answer to one kind of message."""
    return lambda message: [] if isinstance(message, kind) else None


class ClientCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.fake = FakeGateway()
        self.gateway = await self.enterAsyncContext(LoopbackGateway(self.fake))

    def client(self, reconnect: BackOff | None = None, **options: object) -> AsyncClient:
        return AsyncClient(
            "127.0.0.1", self.gateway.port, LogonSettings(ACCOUNT, PASSWORD),
            reconnect=reconnect, **{"timeout_seconds": 10.0, **options})  # type: ignore[arg-type]


class ReconnectTest(ClientCase):
    async def test_an_order_without_an_answer_outlives_its_connection(self) -> None:
        async with self.client(QUICK) as client:
            self.fake.answers = silent_to(wire.NewOrder)
            placing = asyncio.create_task(client.place(BUY))
            await self.heard(wire.NewOrder)
            self.fake.answers = lambda _: None
            self.gateway.cut()
            order = await placing
            self.assertEqual((order.state, order.lots), (OrderState.ACCEPTED, 2))
            self.fake.answers = silent_to(wire.CancelOrder)
            cancelling = asyncio.create_task(client.cancel(order))
            await self.heard(wire.CancelOrder)
            self.fake.answers = lambda _: None
            self.gateway.cut()
            self.assertEqual((await cancelling).state, OrderState.CANCELLED)
        self.assertEqual(len(self.fake.orders), 1)

    async def heard(self, kind: type[Message]) -> None:
        """Waits until the fake has heard one."""
        while not any(isinstance(message, kind) for message in self.fake.messages):
            await asyncio.sleep(0)

    async def test_what_is_asked_and_not_known_by_an_id_ends_with_its_connection(self) -> None:
        async with self.client(QUICK) as client:
            for ask, kind in ((client.instruments, wire.InstrumentsRequest),
                              (client.mass_cancel, wire.MassCancel)):
                self.fake.answers = silent_to(kind)
                self.fake.messages.clear()
                asking = asyncio.create_task(ask())
                await self.heard(kind)
                self.gateway.cut()
                with self.assertRaises(ConnectionLost):
                    await asking
                await client.ready()

    async def test_the_token_is_used_and_subscriptions_made_again(self) -> None:
        async with self.client(QUICK) as client:
            client.subscribe_ticks("SHFE.rb2701", "rb2705")
            await self.heard(wire.SubscribeTicks)
            self.fake.messages.clear()
            stream = client.events()
            self.gateway.cut()
            while not isinstance(await anext(stream), Resumed):
                pass
            await self.heard(wire.SubscribeTicks)
            self.gateway.send(wire.Tick("rb2705", trading_day=DAY))
            self.assertIsInstance(await anext(stream), TickReceived)
        self.assertEqual([one.day_token for one in self.fake.logons], ["", TOKEN])
        (last,) = [one for one in self.fake.messages if isinstance(one, wire.SubscribeTicks)]
        self.assertEqual([one.instrument for one in last.instruments], ["rb2701", "rb2705"])

    async def test_busy_and_a_broken_logon_are_tried_again(self) -> None:
        answers: list[list[Message]] = [
            [wire.Logout(LogoutReason.BUSY, retry_after_milliseconds=20)],
            [wire.Logout(LogoutReason.UNAVAILABLE)],
        ]
        self.fake.answers = lambda _: answers.pop(0) if answers else None
        async with self.client(QUICK) as client:
            self.assertTrue(client.is_logged_on)
        self.assertEqual(len(self.fake.logons), 3)

    async def test_what_is_final_is_not_tried_again(self) -> None:
        async with self.client(QUICK) as client:
            stream = client.events()
            self.gateway.send(wire.Logout(LogoutReason.DROPPED, text="by a controller"))
            events = [event async for event in stream]
            error = await client.closed()
        assert isinstance(error, SessionEnded) and isinstance(events[-1], Ended)
        self.assertEqual((error.reason, error.text), (LogoutReason.DROPPED, "by a controller"))
        self.assertTrue(events[-1].is_final)
        self.assertEqual(len(self.fake.logons), 1)

    async def test_without_reconnecting_a_broken_connection_is_the_end(self) -> None:
        async with self.client() as client:
            stream = client.events()
            self.fake.answers = silent_to(wire.NewOrder)
            placing = asyncio.create_task(client.place(BUY))
            await self.heard(wire.NewOrder)
            self.gateway.cut()
            with self.assertRaises(ConnectionLost):
                await placing
            self.assertIsInstance([event async for event in stream][-1], Ended)
            with self.assertRaises(NotLoggedOn):
                await client.place(BUY)
            self.assertEqual([event async for event in client.events()], [])

    async def test_a_client_can_leave_while_nobody_is_there(self) -> None:
        client = self.client(BackOff(60, 60))
        await client.start()
        stream = client.events()
        self.gateway.cut()
        self.assertIsInstance(await anext(stream), Ended)
        await client.close()
        await client.close()


class AnswersTest(ClientCase):
    async def test_an_answer_that_does_not_come_times_out(self) -> None:
        async with self.client() as client:
            self.fake.answers = lambda _: []
            for asking in (client.place(BUY, timeout_seconds=0.01),
                           client.cancel("a-1", timeout_seconds=0.01),
                           client.mass_cancel(timeout_seconds=0.01),
                           client.instruments(timeout_seconds=0.01)):
                with self.assertRaises(AnswerTimeout):
                    await asking
            self.fake.answers = lambda _: None
        with self.assertRaises(AnswerTimeout):
            self.fake.answers = lambda _: []
            await self.client(timeout_seconds=0.01).start()

    async def test_a_business_reject_answers_each_kind(self) -> None:
        full = wire.RefusalFigures(901)

        def refuse(message: Message) -> list[Message] | None:
            match message:
                case wire.NewOrder():
                    return [wire.BusinessReject(10, message.cl_ord_id, full, "no room")]
                case wire.CancelOrder() | wire.MassCancel():
                    return [wire.BusinessReject(message.TEMPLATE_ID, message.request_id, full)]
            return None

        async with self.client() as client:
            order = await client.place(BUY)
            self.fake.answers = refuse
            refused = await client.place(BUY)
            self.assertEqual(str(refused.refusal), "capacity (901) [no room]")
            for asking in (client.cancel(order), client.mass_cancel()):
                with self.assertRaises(Refused) as caught:
                    await asking
                self.assertEqual(caught.exception.refusal.rule, "capacity")

    async def test_who_does_not_read_events_is_told(self) -> None:
        async with self.client() as client:
            stream = client.events(maximum=3)
            for _ in range(5):
                await client.place(BUY)
            for _ in range(3):
                await anext(stream)
            with self.assertRaises(EventsOverflowed):
                await anext(stream)

    async def test_hostile_bytes_end_the_session_with_a_reason(self) -> None:
        for data in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 64,
                     report(5).encode()[:-1] + b"\xff\xff\xff", report(9).encode(),
                     wire.Logon().encode(), report(1, account="x").encode()):
            with self.subTest(data=data[:8]):
                async with self.client() as client:
                    self.gateway.send(data)
                    error = await client.closed()
                    self.assertIsInstance(error, ProtocolFault)
                    with self.assertRaises(NotLoggedOn):
                        await client.place(BUY)
                self.gateway.connections.clear()

    async def test_a_condition_that_fails_is_its_callers_trouble_alone(self) -> None:
        async with self.client() as client:
            order = await client.place(BUY)
            waiting = asyncio.create_task(
                client.wait_for(order.cl_ord_id, lambda one: one.is_final and bool(1 // 0)))
            await asyncio.sleep(0)
            self.assertEqual((await client.cancel(order)).state, OrderState.CANCELLED)
            with self.assertRaises(ZeroDivisionError):
                await waiting
            self.assertTrue(client.is_logged_on)

    async def test_heartbeats_go_on_by_themselves_and_silence_ends(self) -> None:
        async with self.client() as client:
            # A real interval is a second at least.
            client.session._interval = 0.08
            client._flush()
            error = await client.closed()
        self.assertIsInstance(error, GatewaySilent)
        beats = [one for one in self.fake.messages if isinstance(one, wire.Heartbeat)]
        self.assertIn(len(beats), (1, 2))

    async def test_secrets_are_in_no_text_and_no_log(self) -> None:
        async def texts() -> list[str]:
            async with self.client() as client:
                stream = client.events()
                await client.place(BUY)
                self.gateway.send(b"\xff" * 8)
                error = await client.closed()
                shown = [repr(client), repr(client.session), repr(error)]
                return shown + [repr(event) async for event in stream]

        with self.assertLogs("asyncio", logging.DEBUG) as logs:
            logging.getLogger("asyncio").debug("begin")
            asyncio.get_running_loop().set_debug(True)
            shown = await texts() + logs.output
            asyncio.get_running_loop().set_debug(False)
        for text in shown:
            self.assertNotIn(PASSWORD, text)
            self.assertNotIn(TOKEN, text)

    async def test_instruments_come_in_pages_that_may_be_empty(self) -> None:
        codes = ["ag2612", "al2612", "au2612"]

        def page(message: Message) -> list[Message] | None:
            if not isinstance(message, wire.InstrumentsRequest):
                return None
            number = message.request_number
            begin = codes.index(message.after_instrument) + 1 if message.after_exchange else 0
            listed = codes[begin : begin + number % 3]
            return [
                *(wire.InstrumentDefinition(number, wire.Exchange.SHFE, code) for code in listed),
                wire.InstrumentsEnd(number, len(listed), len(codes) - begin - len(listed)),
            ]

        self.fake.answers = page
        async with self.client() as client:
            for _ in range(3):
                self.assertEqual([one.instrument for one in await client.instruments()], codes)

    async def test_a_client_is_started_once(self) -> None:
        async with self.client() as client:
            with self.assertRaises(SluiceError):
                await client.start()


class BlockingTest(unittest.TestCase):
    """The fake has a thread of its own, as a gateway has a process."""

    def setUp(self) -> None:
        self.fake = FakeGateway()
        self.loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self.loop.run_forever)
        thread.start()
        self.gateway = LoopbackGateway(self.fake)
        self.wait(self.gateway.__aenter__())

        def stop() -> None:
            self.wait(self.gateway.__aexit__())
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join()
            self.loop.close()

        self.addCleanup(stop)

    def wait(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)  # type: ignore[arg-type]

    def client(self, password: str = PASSWORD, **options: object) -> Client:
        return Client("127.0.0.1", self.gateway.port, LogonSettings(ACCOUNT, password),
                      **options)  # type: ignore[arg-type]

    def test_it_leaves_no_thread_behind(self) -> None:
        before = threading.active_count()
        with self.client() as client:
            self.assertIn("Client desk-1@", repr(client))
            self.assertEqual(client.place(BUY).state, OrderState.ACCEPTED)
            self.assertEqual(threading.active_count(), before + 1)
            with self.assertRaises(SluiceError):
                client.wait_for(client.orders[0].cl_ord_id, lambda _: bool(client.orders))
        self.assertEqual(threading.active_count(), before)
        client.close()
        with self.assertRaises(NotLoggedOn):
            client.place(BUY)
        self.assertEqual(len(client.orders), 1)
        with self.assertRaises(LogonRefused), self.client("wrong"):
            pass
        self.gateway.port, port = 1, self.gateway.port
        with self.assertRaises(ConnectFailed), self.client():
            pass
        self.gateway.port = port
        self.assertEqual(threading.active_count(), before)

    def test_events_end_with_the_client_or_with_patience(self) -> None:
        with self.client() as client:
            with self.assertRaises(AnswerTimeout):
                next(client.events(timeout_seconds=0.01))
            events = client.events()
            client.submit(BUY)
            self.loop.call_soon_threadsafe(
                self.gateway.send, wire.Logout(LogoutReason.SHUTTING_DOWN))
            *_, last = events
            assert isinstance(last, Ended)
            self.assertIsInstance(client.error, SessionEnded)


if __name__ == "__main__":
    unittest.main()
