"""A gateway that runs under TLS, on both sides: with terminals and with its counter."""

import os
import pathlib
import shutil
import signal
import ssl
import time
import unittest

from sluice_client import (
    AsyncClient,
    Offset,
    OrderState,
    OrderTicket,
    Side,
    TLSFailed,
    TLSSettings,
)

from .certificates import Authority, needs_openssl
from .real_gateway import PATIENCE_SECONDS, RealGateway, needs_gateway

BUY_LOW = OrderTicket(Side.BUY, Offset.OPEN, "SHFE.rb2701", 1, "2950")


@needs_gateway
@needs_openssl
class GatewayTLSTest(unittest.IsolatedAsyncioTestCase):
    authority: Authority
    gateway: RealGateway
    certificate: pathlib.Path
    key: pathlib.Path
    trusting: TLSSettings

    @classmethod
    def setUpClass(cls) -> None:
        cls.authority = Authority("house")
        cls.addClassCleanup(cls.authority.close)
        cls.certificate, cls.key = cls.authority.certificate("gateway", "IP:127.0.0.1")
        counter, counter_key = cls.authority.certificate("counter", "DNS:north.example")
        cls.trusting = TLSSettings(ca_file=cls.authority.file)
        cls.gateway = RealGateway(
            tls=cls.trusting.context(),
            counter={"tls": {
                "enabled": True, "name": "north.example", "authority": str(cls.authority.file),
                "simulatedCertificate": str(counter), "simulatedKey": str(counter_key)}},
            metrics={"host": "127.0.0.1", "port": 0},
            terminals={"host": "127.0.0.1", "port": 0, "tls": {
                "certificate": str(cls.certificate), "key": str(cls.key)}})
        cls.addClassCleanup(cls.gateway.close)

    def client(self, tls: TLSSettings | None) -> AsyncClient:
        return AsyncClient("127.0.0.1", self.gateway.port, self.gateway.logon("desk-1"), tls=tls,
                           timeout_seconds=PATIENCE_SECONDS)

    def shown(self) -> str:
        """The certificate that a new connection is shown."""
        return ssl.get_server_certificate(
            ("127.0.0.1", self.gateway.port), timeout=PATIENCE_SECONDS)

    async def test_an_order_works_at_a_counter_under_tls(self) -> None:
        async with self.client(self.trusting) as client:
            order = await client.place(BUY_LOW)
            self.assertIsNone(order.refusal)
            self.assertEqual((await client.cancel(order)).state, OrderState.CANCELLED)

    async def test_a_stranger_is_not_trusted(self) -> None:
        with self.assertRaises(TLSFailed) as failed:
            async with self.client(TLSSettings()):
                pass
        self.assertIn("certificate is not accepted", str(failed.exception))

    async def test_a_hang_up_brings_another_certificate_and_drops_nobody(self) -> None:
        async with self.client(self.trusting) as client:
            before, expiry = self.shown(), "sluice_tls_certificate_expiry_seconds"
            self.assertAlmostEqual(self.gateway.metric(expiry), time.time() + 2 * 86_400, delta=600)
            again, key = self.authority.certificate("gateway-again", "IP:127.0.0.1", days=9)
            shutil.copy(again, self.certificate)
            shutil.copy(key, self.key)
            os.kill(self.gateway.pid, signal.SIGHUP)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while self.shown() == before or not self.gateway.log_lines("isNew=true"):
                self.assertLess(time.monotonic(), deadline, "the new certificate is shown")
            self.assertAlmostEqual(self.gateway.metric(expiry), time.time() + 9 * 86_400, delta=600)
            self.assertIsNone((await client.place(BUY_LOW)).refusal)
