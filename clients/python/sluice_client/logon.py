"""Who logs on, and from where on reports are wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from ._codec.framing import WireError
from ._codec.order_entry import VERSION as SCHEMA_VERSION
from ._codec.order_entry import Logon
from .errors import InvalidRequest
from .secret import Secret

#: This package.
VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The newest report that a terminal has seen: what comes after it is sent again."""

    trading_day: int = 0
    #: 0 = every report of the current day.
    report_sequence: int = 0


@dataclass(frozen=True, slots=True)
class LogonSettings:
    """An operation account and how its terminal shows itself."""

    account: str
    #: A text is taken as one and hidden.
    password: Secret | str = field(repr=False)
    #: Network card of this machine as a number, first byte highest; 0 = not stated.
    mac_address: int = 0
    terminal_name: str = "sluice python"
    terminal_version: str = VERSION
    #: 1 to 60.
    heartbeat_interval_seconds: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.heartbeat_interval_seconds <= 60:
            raise InvalidRequest("a heartbeat interval is 1 to 60 seconds")
        if isinstance(self.password, str):
            object.__setattr__(self, "password", Secret(self.password))
        # Checked apart from the rest: what is wrong with a password is told without it.
        if not _is_password(self.secret().reveal()):
            raise InvalidRequest("a password has 1 to 128 bytes of UTF-8, none of them zero")
        if not self.account:
            raise InvalidRequest("an account has a name")
        try:
            self.message(ResumePoint(), Secret()).encode()
        except WireError as fault:
            raise InvalidRequest(str(fault)) from fault

    def message(self, seen: ResumePoint, day_token: Secret) -> Logon:
        """The logon; with a day token the password stays here."""
        return Logon(
            account=self.account,
            mac_address=self.mac_address,
            terminal_name=self.terminal_name,
            terminal_version=self.terminal_version,
            schema_version=SCHEMA_VERSION,
            heartbeat_interval_seconds=self.heartbeat_interval_seconds,
            last_trading_day=seen.trading_day,
            last_report_sequence=seen.report_sequence,
            password="" if day_token else self.secret().reveal(),
            day_token=day_token.reveal(),
        )

    def secret(self) -> Secret:
        """The password."""
        return self.password if isinstance(self.password, Secret) else Secret(self.password)


def _is_password(text: str) -> bool:
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return 1 <= len(raw) <= 128 and 0 not in raw
