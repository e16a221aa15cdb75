"""Bytes to messages and back.

``order_entry``, ``counter`` and ``desk`` are generated from schema/*.xml; ``framing`` finds frames
in bytes and holds what every message shares. Nothing here touches a socket.
"""
