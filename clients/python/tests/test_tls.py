"""Both clients over TLS, at a fake gateway: whom they trust, who they are, and what they say when
either is wrong."""

import asyncio
import logging
import pathlib
import socket
import ssl
import threading
import unittest
from dataclasses import replace

from sluice_client import (
    AsyncClient,
    BackOff,
    Client,
    ConnectFailed,
    ConnectionLost,
    Ended,
    InvalidRequest,
    LogonSettings,
    Offset,
    OrderState,
    OrderTicket,
    Resumed,
    Secret,
    Side,
    SluiceError,
    TLSFailed,
    TLSSettings,
)

from .certificates import KEY_PASSWORD, Authority, Pair, needs_openssl, serving
from .fake_gateway import ACCOUNT, PASSWORD, FakeGateway, LoopbackGateway

BUY = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 2, "3120.5")
LOGON = LogonSettings(ACCOUNT, PASSWORD)
HOST = "127.0.0.1"


def quick() -> BackOff:
    return BackOff(0.001, 0.01, seed=1)


@needs_openssl
class TLSTest(unittest.IsolatedAsyncioTestCase):
    authority: Authority
    another: Authority
    #: Certificates and their keys: three of gateways, one of a terminal.
    good: Pair
    expired: Pair
    unknown: Pair
    terminal: Pair
    trusting: TLSSettings

    @classmethod
    def setUpClass(cls) -> None:
        cls.authority = Authority("authority")
        cls.addClassCleanup(cls.authority.close)
        cls.another = Authority("another")
        cls.addClassCleanup(cls.another.close)
        stated = "DNS:gateway,IP:127.0.0.1"
        cls.good = cls.authority.certificate("gateway", stated)
        cls.expired = cls.authority.certificate("expired", stated, days=-1)
        cls.unknown = cls.another.certificate("gateway", stated)
        cls.terminal = cls.authority.certificate("terminal")
        cls.trusting = TLSSettings(ca_file=cls.authority.file)

    def setUp(self) -> None:
        self.fake = FakeGateway()
        # The loop complains about the gateway's end of handshakes that are meant to fail.
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)

    async def gateway(self, context: ssl.SSLContext | None) -> LoopbackGateway:
        """One that lives as long as the test."""
        return await self.enterAsyncContext(LoopbackGateway(self.fake, context))

    def asking(self, version: ssl.TLSVersion) -> ssl.SSLContext:
        """Of a gateway that wants a certificate of the authority."""
        context = serving(self.good)
        context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.authority.file)
        return context

    async def failure(self, gateway: LoopbackGateway, tls: TLSSettings) -> SluiceError:
        """Why both clients give up, however often they may try."""
        errors: list[SluiceError] = []
        with self.assertRaises(SluiceError) as caught:
            await AsyncClient(HOST, gateway.port, LOGON, tls=tls, reconnect=quick()).start()
        errors.append(caught.exception)

        def block() -> None:
            with Client(HOST, gateway.port, LOGON, tls=tls, reconnect=quick()):
                pass

        with self.assertRaises(SluiceError) as caught:
            await asyncio.to_thread(block)
        errors.append(caught.exception)
        self.assertEqual(str(errors[0]), str(errors[1]))
        self.assertIs(type(errors[0]), type(errors[1]))
        return errors[0]

    # What goes well.

    async def test_both_clients_trade(self) -> None:
        gateway = await self.gateway(serving(self.good))
        for tls in (self.trusting, TLSSettings(self.authority.file, server_name="gateway")):
            async with AsyncClient(HOST, gateway.port, LOGON, tls=tls) as client:
                self.assertEqual((await client.place(BUY)).state, OrderState.ACCEPTED)

            def block() -> OrderState:
                with Client(HOST, gateway.port, LOGON, tls=tls) as client:
                    return client.place(BUY).state

            self.assertEqual(await asyncio.to_thread(block), OrderState.ACCEPTED)
        self.assertEqual(len(self.fake.logons), 4)

    async def test_a_context_of_ones_own_does_too(self) -> None:
        gateway = await self.gateway(serving(self.good))
        context = ssl.create_default_context(cafile=str(self.authority.file))
        async with AsyncClient(HOST, gateway.port, LOGON, ssl=context,
                               server_hostname="gateway") as client:
            self.assertEqual((await client.place(BUY)).state, OrderState.ACCEPTED)

    async def test_a_broken_connection_is_made_again_over_tls(self) -> None:
        gateway = await self.gateway(serving(self.good))
        async with AsyncClient(HOST, gateway.port, LOGON, tls=self.trusting,
                               reconnect=quick()) as client:
            for _ in range(3):
                stream = client.events()
                gateway.cut()
                while not isinstance(event := await anext(stream), Resumed):
                    if isinstance(event, Ended):
                        self.assertIsInstance(event.error, ConnectionLost)
                self.assertEqual((await client.place(BUY)).state, OrderState.ACCEPTED)
        self.assertEqual([bool(one.day_token) for one in self.fake.logons],
                         [False, True, True, True])

    async def test_a_terminals_own_certificate_is_shown(self) -> None:
        file, key = self.terminal
        both = pathlib.Path(file.parent, "both.pem")
        both.write_bytes(file.read_bytes() + key.read_bytes())
        rows = [
            TLSSettings(self.authority.file, None, file, key),
            TLSSettings(self.authority.file, None, both),
            TLSSettings(self.authority.file, None, str(file), str(self.authority.protected(key)),
                        KEY_PASSWORD),
        ]
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            gateway = await self.gateway(self.asking(version))
            for tls in rows:
                with self.subTest(version=version, tls=tls):
                    async with AsyncClient(HOST, gateway.port, LOGON, tls=tls) as client:
                        self.assertTrue(client.is_logged_on)

    # What does not.

    async def test_a_gateway_that_is_not_the_one_meant_gets_no_password(self) -> None:
        certificate = "the gateway's certificate is not accepted: "
        rows = [
            ("another name", self.good, TLSSettings(self.authority.file, "another"),
             certificate + "Hostname mismatch, certificate is not valid for 'another'."),
            ("another address", self.good, TLSSettings(self.authority.file, "127.0.0.2"),
             certificate + "IP address mismatch, certificate is not valid for '127.0.0.2'."),
            ("an authority that nobody knows", self.unknown, self.trusting,
             certificate + "unable to get local issuer certificate"),
            ("an authority that the system does not know", self.good, TLSSettings(),
             certificate + "unable to get local issuer certificate"),
            ("expired", self.expired, self.trusting, certificate + "certificate has expired"),
        ]
        for words, shown, tls, expected in rows:
            with self.subTest(words):
                gateway = await self.gateway(serving(shown))
                error = await self.failure(gateway, tls)
                self.assertIsInstance(error, TLSFailed)
                self.assertEqual(str(error), expected)
                # Each client tried once.
                self.assertEqual(len(gateway.handshakes), 2)
        self.assertEqual(self.fake.logons, [])

    async def test_what_is_older_than_1_2_is_refused(self) -> None:
        self.assertEqual(self.trusting.context().minimum_version, ssl.TLSVersion.TLSv1_2)
        context = self.trusting.context()
        self.assertTrue(context.check_hostname)
        self.assertEqual(context.verify_mode, ssl.CERT_REQUIRED)

    async def test_a_gateway_that_wants_a_certificate_and_gets_none(self) -> None:
        for version, alert in ((ssl.TLSVersion.TLSv1_2, "handshake failure"),
                               (ssl.TLSVersion.TLSv1_3, "certificate required")):
            for tls in (self.trusting, replace(
                    self.trusting, certificate_file=self.unknown[0], key_file=self.unknown[1])):
                with self.subTest(version=version, tls=tls):
                    expected = "unknown ca" if tls.certificate_file else alert
                    port = self.turning_away(self.asking(version))
                    client = AsyncClient(HOST, port, LOGON, tls=tls, reconnect=quick())
                    with self.assertRaisesRegex(
                        TLSFailed, f"^the gateway refused the handshake: .*alert {expected}; does "
                        "it want a certificate of this terminal, or another one"
                    ):
                        await client.start()

    def turning_away(self, context: ssl.SSLContext) -> int:
        """The port of a server that says why it does not take a handshake; one connection."""
        listener = socket.create_server((HOST, 0))

        def serve() -> None:
            with listener, listener.accept()[0] as connection:
                # On a descriptor of its own: what comes behind the handshake is read before this
                # end closes, so that no reset takes the alert away.
                try:
                    context.wrap_socket(connection.dup(), server_side=True).close()
                except ssl.SSLError:
                    pass
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4_096):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        port: int = listener.getsockname()[1]
        return port

    async def answering(self, words: bytes) -> tuple[int, list[int]]:
        """The port of a server that says no more, and what counts its connections."""
        tries: list[int] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tries.append(1)
            await reader.read(1)
            writer.write(words)
            writer.close()

        server = await asyncio.start_server(answer, HOST, 0)
        self.addAsyncCleanup(server.wait_closed)
        self.addCleanup(server.close)
        port: int = server.sockets[0].getsockname()[1]
        return port, tries

    async def test_no_tls_at_the_other_end(self) -> None:
        port, tries = await self.answering(b"\0\0\0\x0e this is no TLS")
        with self.assertRaisesRegex(TLSFailed, "^what answers there does not speak TLS$"):
            await AsyncClient(HOST, port, LOGON, tls=self.trusting, reconnect=quick()).start()
        self.assertEqual(len(tries), 1)

    async def test_a_handshake_that_breaks_is_tried_again(self) -> None:
        port, tries = await self.answering(b"")
        client = AsyncClient(HOST, port, LOGON, tls=self.trusting, reconnect=quick())
        stream = client.events()
        starting = asyncio.create_task(client.start())
        for _ in range(3):
            event = await anext(stream)
            assert isinstance(event, Ended)
            self.assertIsInstance(event.error, ConnectFailed)
            self.assertNotIsInstance(event.error, TLSFailed)
            self.assertFalse(event.is_final)
        starting.cancel()
        await asyncio.wait([starting])
        self.assertGreaterEqual(len(tries), 3)

    # Settings.

    async def test_files_that_are_none_are_told_at_once(self) -> None:
        file, key = self.terminal
        missing = file.with_name("missing.pem")
        protected = self.authority.protected(key)
        rows = [
            (TLSSettings(ca_file=missing), "missing.pem: no certificates: no such file"),
            (TLSSettings(ca_file=key), "terminal.key: no certificates: "),
            (TLSSettings(certificate_file=missing), "missing.pem: no certificate with its key"),
            (TLSSettings(certificate_file=file), "terminal.pem: no certificate with its key"),
            (TLSSettings(certificate_file=file, key_file=self.good[1]), "key values mismatch"),
            (TLSSettings(certificate_file=file, key_file=protected), "another password"),
            (TLSSettings(certificate_file=file, key_file=protected, key_password="geheim"),
             "another password"),
        ]
        for tls, words in rows:
            for make in (AsyncClient, Client):
                with self.subTest(words, make=make), self.assertRaises(InvalidRequest) as caught:
                    make(HOST, 1, LOGON, tls=tls)
                self.assertIn(words, str(caught.exception).replace("No such", "no such"))
                self.assertNotIn("geheim", str(caught.exception))
                self.assertIsNone(caught.exception.__cause__)

    async def test_a_key_has_a_certificate_and_tls_is_told_in_one_way(self) -> None:
        with self.assertRaises(InvalidRequest):
            TLSSettings(key_file="key.pem")
        with self.assertRaises(InvalidRequest):
            AsyncClient(HOST, 1, LOGON, tls=TLSSettings(), server_hostname="gateway")
        with self.assertRaisesRegex(TypeError, "there is no option server_name"):
            AsyncClient(HOST, 1, LOGON, server_name="gateway")  # type: ignore[call-arg]
        with self.assertRaisesRegex(TypeError, "there is no option time_out"):
            Client(HOST, 1, LOGON, time_out=1)  # type: ignore[call-arg]

    async def test_the_keys_password_is_in_no_text(self) -> None:
        tls = TLSSettings(certificate_file="c", key_file="k", key_password=KEY_PASSWORD)
        self.assertIsInstance(tls.key_password, Secret)
        self.assertNotIn(KEY_PASSWORD, f"{tls!r} {tls} {tls.key_password}")


if __name__ == "__main__":
    unittest.main()
