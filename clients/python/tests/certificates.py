"""Certificates of an authority that lasts as long as a test module; the system's openssl makes
them."""

from __future__ import annotations

import pathlib
import shutil
import ssl
import subprocess
import tempfile
import unittest
from typing import TypeAlias

OPENSSL = shutil.which("openssl")
needs_openssl = unittest.skipUnless(OPENSSL, "no openssl in the PATH, to make certificates with")
#: What protects the keys that are protected.
KEY_PASSWORD = "the-password-of-a-key"
#: A certificate's file and its key's.
Pair: TypeAlias = tuple[pathlib.Path, pathlib.Path]


class Authority:
    """Signs what it is asked to."""

    def __init__(self, name: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        self._name = name
        self.file, self._key = self._path(name, "pem"), self._path(name, "key")
        try:
            self._openssl("req", "-x509", *self._new_key(self._key), "-subj", f"/CN={name}",
                          "-days", "2", "-out", self.file)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Its certificates are gone with it."""
        self._folder.cleanup()

    def _path(self, name: str, ending: str) -> pathlib.Path:
        return pathlib.Path(self._folder.name, f"{name}.{ending}")

    def _new_key(self, path: pathlib.Path) -> list[str]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", str(path)]

    def _openssl(self, *words: str | pathlib.Path) -> None:
        assert OPENSSL is not None
        subprocess.run([OPENSSL, *words], check=True, capture_output=True)

    def certificate(self, name: str, stated: str = "", days: int = 2) -> Pair:
        """A certificate and its key; ``stated`` as subjectAltName has it, ``days`` below 0 are
        over."""
        file, key, asked, stating = (
            self._path(name, ending) for ending in ("pem", "key", "csr", "cnf"))
        self._openssl("req", "-new", *self._new_key(key), "-subj", f"/CN={name}", "-out", asked)
        stating.write_text(f"subjectAltName={stated or f'DNS:{name}'}\n", encoding="ascii")
        self._openssl("x509", "-req", "-in", asked, "-CA", self.file, "-CAkey", self._key,
                      "-set_serial", str(1 + abs(hash(name))), "-days", str(days),
                      "-extfile", stating, "-out", file)
        return file, key

    def protected(self, key: pathlib.Path) -> pathlib.Path:
        """A key under ``KEY_PASSWORD``."""
        protected = key.with_suffix(".protected")
        self._openssl("pkey", "-in", key, "-aes256", "-passout", f"pass:{KEY_PASSWORD}",
                      "-out", protected)
        return protected


def serving(certificate: Pair) -> ssl.SSLContext:
    """A server that shows it, and asks for none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context
