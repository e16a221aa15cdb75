"""Sluice from Python: a terminal that speaks order entry with the gateway (docs/PROTOCOL.md).

``Client`` blocks, ``AsyncClient`` is for asyncio; both hold a ``TerminalSession``, the protocol
without I/O, which is the place to start reading. ``Desk`` and ``AsyncDesk`` are for risk
controllers. ``_codec`` is generated from schema/*.xml.
"""

from ._codec.desk import LinkState, RowKinds, WatchEnd
from ._codec.order_entry import (
    Exchange,
    ExecType,
    ExplainPart,
    ExplainVerdict,
    FindingFlags,
    FindingStanding,
    HedgeFlag,
    LogoutReason,
    Offset,
    OrderState,
    PositionSide,
    QueryResult,
    ScopeKind,
    Side,
    TimeInForce,
    Unit,
)
from .aio import AsyncClient
from .amounts import from_units, to_units
from .backoff import BackOff
from .blocking import Client
from .desk import Desk
from .desk_accounts import AccountsPicture, AccountsWatch, AsyncAccountsWatch
from .desk_aio import AsyncDesk
from .errors import (
    AnswerTimeout,
    ConnectFailed,
    ConnectionLost,
    EventsOverflowed,
    GatewaySilent,
    InvalidRequest,
    LogonRefused,
    NotLoggedOn,
    ProtocolFault,
    QueryFailed,
    Refused,
    ReportsForgotten,
    ReportsMissed,
    SessionEnded,
    SluiceError,
    TLSFailed,
    TooMuchPending,
)
from .events import (
    AccountChanged,
    CancelRefused,
    Ended,
    Event,
    ExplainEnded,
    InstrumentDefined,
    LoggedOn,
    MassCancelTaken,
    NoticeReceived,
    NoticesCompleted,
    NoticesLost,
    OrderChanged,
    PageEnded,
    PositionChanged,
    QueryEnded,
    RequestRefused,
    Resumed,
    RowReceived,
    TickReceived,
)
from .explain import Explanation
from .ids import ClOrdIDSource
from .logon import VERSION, LogonSettings, ResumePoint
from .options import ClientOptions
from .orders import Order, OrderTicket
from .refusal import Refusal
from .rules import RULES, rule_name
from .secret import Secret
from .session import Phase, TerminalSession
from .tls import TLSSettings

__version__ = VERSION
__all__ = [
    "AccountChanged", "AccountsPicture", "AccountsWatch", "AnswerTimeout", "AsyncAccountsWatch",
    "AsyncClient", "AsyncDesk", "BackOff", "CancelRefused", "ClOrdIDSource", "Client",
    "ClientOptions", "ConnectFailed",
    "ConnectionLost", "Desk", "Ended", "Event", "EventsOverflowed", "Exchange", "ExecType",
    "ExplainEnded", "ExplainPart", "ExplainVerdict", "Explanation", "FindingFlags",
    "FindingStanding", "GatewaySilent", "HedgeFlag", "InstrumentDefined", "InvalidRequest",
    "LoggedOn", "LogonRefused", "LogonSettings", "LinkState", "LogoutReason", "MassCancelTaken",
    "NotLoggedOn", "NoticeReceived", "NoticesCompleted", "NoticesLost", "Offset", "Order",
    "OrderChanged", "OrderState", "OrderTicket", "PageEnded", "Phase", "PositionChanged",
    "PositionSide", "ProtocolFault", "QueryEnded", "QueryFailed", "QueryResult", "RULES",
    "Refusal", "Refused", "ReportsForgotten", "ReportsMissed", "RequestRefused", "ResumePoint",
    "Resumed", "RowKinds", "RowReceived", "ScopeKind", "Secret", "SessionEnded", "Side",
    "SluiceError", "TLSFailed", "TLSSettings", "TerminalSession", "TickReceived", "TimeInForce",
    "TooMuchPending", "Unit", "WatchEnd", "from_units", "rule_name", "to_units",
]
