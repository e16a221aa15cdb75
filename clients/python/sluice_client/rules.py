"""Names of the rules that refuse: docs/RULES.md says what each of them asks."""

from __future__ import annotations

#: Rule names by code. Codes never change and are never used again.
RULES: dict[int, str] = {
    101: "login-credentials",
    102: "login-lockout",
    103: "ip-whitelist",
    104: "mac-whitelist",
    105: "one-session",
    201: "unknown-instrument",
    202: "bad-side",
    203: "bad-offset",
    204: "bad-hedge",
    205: "bad-quantity",
    206: "bad-price-tick",
    207: "trading-session",
    208: "price-limits",
    209: "delivery-multiple",
    210: "duplicate-order",
    211: "stale-market-data",
    212: "bad-order-type",
    301: "not-bound",
    302: "account-enabled",
    303: "open-permission",
    304: "hedge-permission",
    305: "not-tradable",
    306: "delivery-month",
    307: "limit-band",
    308: "order-size",
    309: "fat-finger",
    310: "position-limit",
    311: "margin-limit",
    312: "cancel-limit",
    313: "open-orders",
    314: "order-rate",
    315: "traded-value",
    316: "position-available",
    317: "funds-available",
    401: "risk-degree",
    402: "daily-loss",
    403: "daily-loss-ratio",
    404: "total-loss-ratio",
    405: "position-margin-ratio",
    409: "drawdown",
    410: "slow-down",
    411: "liquidating",
    501: "no-fund-account",
    502: "fund-min-reserve",
    503: "fund-open-permission",
    504: "fund-hedge-permission",
    505: "fund-order-size",
    506: "fund-position-limit",
    507: "fund-position-available",
    508: "fund-link-down",
    509: "self-trade",
    510: "partial-placement",
    511: "counter-refused",
    512: "fund-open-volume",
    513: "fund-order-rate",
    514: "fund-not-tradable",
    515: "fund-cancel-quota",
    516: "fund-volume-quota",
    901: "capacity",
    902: "amount-overflow",
    903: "shutting-down",
    904: "unknown-order",
    905: "order-done",
    906: "stale-order",
    907: "journal-unavailable",
    908: "market-data-missing",
    909: "login-busy",
    910: "engine-not-ready",
    911: "rates-missing",
    912: "bad-command",
    913: "clock-unconfirmed",
}

#: A ClOrdID that was used already for another order of the day.
DUPLICATE_ORDER = 210
#: More terminals of the account than it may have at once.
ONE_SESSION = 105


def rule_name(code: int) -> str:
    """The rule's name; ``rule-999`` for one that this version does not know, empty for none."""
    return RULES.get(code, f"rule-{code}" if code else "")
