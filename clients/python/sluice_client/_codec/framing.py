"""Frames, and what every message shares.

A frame is a framing header (length, big-endian, counting itself; encoding 0xEB50, big-endian), the
SBE message header (four little-endian u16) and a body: block, groups, texts. docs/PROTOCOL.md draws
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import ClassVar, TypeVar

ENCODING = 0xEB50
#: Longest frame a gateway or counter takes in.
INBOUND_MAXIMUM = 4_096
#: Longest frame a gateway or counter sends.
OUTBOUND_MAXIMUM = 16_384

_LENGTH = Struct(">I")
_FRAMING = Struct(">IH")
_HEADER = Struct("<HHHH")
_GROUP = Struct("<HH")
_TEXT = Struct("<H")
_HEADERS_LENGTH = _FRAMING.size + _HEADER.size


class WireError(ValueError):
    """Bytes that are no message, or a message that cannot be written."""


@dataclass(frozen=True)
class Frame:
    """A whole frame."""

    block_length: int
    template_id: int
    schema_id: int
    #: The sender's version of the schema.
    version: int
    #: Block, groups and texts.
    body: bytes

    @property
    def length(self) -> int:
        """Bytes from the start of this frame to the start of the next."""
        return _HEADERS_LENGTH + len(self.body)


def scan(buffer: bytes | bytearray, limit: int = OUTBOUND_MAXIMUM) -> Frame | None:
    """The frame at the front of ``buffer``; None when more bytes are needed.

    Raises ``WireError`` for bytes that are no frame: nothing behind them can be trusted.
    """
    if len(buffer) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack_from(buffer)
    if not _HEADERS_LENGTH <= length <= limit:
        raise WireError(f"a frame of {length} bytes")
    if len(buffer) < _FRAMING.size:
        return None
    _, encoding = _FRAMING.unpack_from(buffer)
    if encoding != ENCODING:
        raise WireError(f"encoding 0x{encoding:04X}")
    if len(buffer) < length:
        return None
    block_length, template_id, schema_id, version = _HEADER.unpack_from(buffer, _FRAMING.size)
    body = bytes(buffer[_HEADERS_LENGTH:length])
    return Frame(block_length, template_id, schema_id, version, body)


class Layout:
    """How the fields of a block, or of a group's entry, lie."""

    def __init__(self, form: str, nulls: tuple[int | bytes, ...], ends: tuple[int, ...]) -> None:
        self._struct = Struct(form)
        self._absent = self._struct.pack(*nulls)
        #: Where each field ends.
        self._ends = ends

    @property
    def length(self) -> int:
        return self._struct.size

    def pack(self, *values: int | bytes) -> bytes:
        try:
            return self._struct.pack(*values)
        except Exception as fault:
            raise WireError(f"a value does not fit its field: {fault}") from fault

    def unpack(self, block: bytes) -> tuple[int | bytes, ...]:
        """The fields; those that an older sender has not got are null."""
        if len(block) < self.length:
            whole = max((end for end in self._ends if end <= len(block)), default=0)
            block = block[:whole] + self._absent[whole:]
        return self._struct.unpack_from(block)


_M = TypeVar("_M", bound="Message")


class Message:
    """What every message can do."""

    SCHEMA_ID: ClassVar[int]
    VERSION: ClassVar[int]
    TEMPLATE_ID: ClassVar[int]
    LAYOUT: ClassVar[Layout]

    def encode(self) -> bytes:
        """The whole frame."""
        body = self._body()
        header = _HEADER.pack(
            self.LAYOUT.length, self.TEMPLATE_ID, self.SCHEMA_ID, self.VERSION
        )
        return _FRAMING.pack(_HEADERS_LENGTH + len(body), ENCODING) + header + body

    @classmethod
    def from_frame(cls: type[_M], frame: Frame) -> _M:
        """Reads a frame of this message."""
        if (frame.schema_id, frame.template_id) != (cls.SCHEMA_ID, cls.TEMPLATE_ID):
            raise WireError(f"schema {frame.schema_id} template {frame.template_id}")
        if frame.version == 0:
            raise WireError("version 0")
        if frame.block_length > len(frame.body):
            raise WireError(f"a block of {frame.block_length} bytes")
        return cls._read(Cursor(frame))

    def _body(self) -> bytes:
        raise NotImplementedError

    @classmethod
    def _read(cls: type[_M], cursor: Cursor) -> _M:
        raise NotImplementedError


class Cursor:
    """Walks the parts of a body: block, groups, texts."""

    def __init__(self, frame: Frame) -> None:
        self.block = frame.body[: frame.block_length]
        self.version = frame.version
        self._body = frame.body
        self._position = frame.block_length

    def _take(self, count: int) -> bytes:
        end = self._position + count
        if end > len(self._body):
            raise WireError("a frame that ends inside a part")
        part = self._body[self._position : end]
        self._position = end
        return part

    def group(self, maximum: int) -> list[bytes]:
        """The entries of a group, as the sender wrote them."""
        length, count = _GROUP.unpack(self._take(_GROUP.size))
        if count > maximum or (count > 0 and length == 0):
            raise WireError(f"a group of {count} entries of {length} bytes")
        return [self._take(length) for _ in range(count)]

    def text(self, maximum: int, encoding: str) -> str:
        (length,) = _TEXT.unpack(self._take(_TEXT.size))
        if length > maximum:
            raise WireError(f"a text of {length} bytes")
        text = read_text(self._take(length), encoding)
        if "\0" in text:
            raise WireError("a zero byte in a text")
        return text


def read_text(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as fault:
        raise WireError(str(fault)) from fault
    if encoding == "ascii" and not text.isprintable():
        raise WireError("a byte that is not printable ASCII")
    return text


def pack_text(text: str, maximum: int, encoding: str) -> bytes:
    """A text of changing length, with its length before it."""
    raw = pack_code(text, maximum, encoding)
    return _TEXT.pack(len(raw)) + raw


def pack_code(text: str, maximum: int, encoding: str) -> bytes:
    """A text for a field of ``maximum`` bytes; ``struct`` fills up with zeros."""
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError as fault:
        raise WireError(str(fault)) from fault
    if len(raw) > maximum or b"\0" in raw:
        raise WireError(f"{text!r} does not fit {maximum} bytes")
    return raw


def unpack_code(raw: bytes, encoding: str) -> str:
    """A field's text up to the first zero; bytes that are none are shown as such."""
    return raw.split(b"\0", 1)[0].decode(encoding, "backslashreplace")


def pack_group(length: int, entries: list[bytes], maximum: int) -> bytes:
    if len(entries) > maximum:
        raise WireError(f"a group of {len(entries)} entries")
    return _GROUP.pack(length, len(entries)) + b"".join(entries)
