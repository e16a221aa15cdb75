"""A peer that is gone without a word: its machine lost power, or a cable was cut."""

from __future__ import annotations

import ctypes
import socket
import struct

#: SO_ATTACH_FILTER of Linux, which Python has no name for.
ATTACH_FILTER = 26
#: A program of one instruction, "keep 0 bytes of the packet": all are dropped, unanswered.
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)


def vanish(connection: socket.socket) -> None:
    """From now on what the peer sends is lost on its way here. It gets no acknowledgement and no
    reset; it has a connection with one end."""
    program = ctypes.create_string_buffer(DROP_ALL)
    connection.setsockopt(
        socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))
