"""Bytes to messages and back.

``order_entry`` and ``counter`` are generated from schema/*.xml; ``framing`` finds frames in bytes
and holds what every message shares. Nothing here touches a socket.
"""
