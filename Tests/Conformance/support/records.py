"""Record batches, written by hand so that tests can also write wrong ones."""

import struct
import time
from dataclasses import dataclass, field

# A checksum that is neither ours nor slow: compiled code of one of the clients.
from aiokafka.record.util import calc_crc32c as crc32c

def varint(value: int) -> bytes:
    """A zigzag varint."""
    return unsigned_varint(((value << 1) ^ (value >> 63)) & 0xFFFFFFFFFFFFFFFF)


def unsigned_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def record(delta: int, value, key=None, headers=(), timestamp_delta=0) -> bytes:
    def sized(data):
        return varint(-1) if data is None else varint(len(data)) + data
    body = b"\0" + varint(timestamp_delta) + varint(delta) + sized(key) + sized(value) + varint(len(headers))
    for name, content in headers:
        body += sized(name.encode()) + sized(content)
    return varint(len(body)) + body


# An hour ago, in milliseconds: old records would be subject to retention, and their producers to expiry.
RECENT = int(time.time() * 1000) - 3_600_000


@dataclass
class Batch:
    """A batch of format 2. Each header field may be set to something that the records contradict."""
    values: list = field(default_factory=list)
    base_offset: int = 0
    leader_epoch: int = -1
    magic: int = 2
    attributes: int = 0
    timestamp: int = RECENT
    producer_id: int = -1
    producer_epoch: int = -1
    sequence: int = -1
    length: int | None = None
    crc: int | None = None
    last_offset_delta: int | None = None
    count: int | None = None
    payload: bytes | None = None

    def encode(self) -> bytes:
        payload = self.payload
        if payload is None:
            payload = b"".join(record(i, value) for i, value in enumerate(self.values))
        count = len(self.values) if self.count is None else self.count
        last = len(self.values) - 1 if self.last_offset_delta is None else self.last_offset_delta
        tail = struct.pack(">hiqqqhii", self.attributes, last, self.timestamp, self.timestamp, self.producer_id,
                           self.producer_epoch, self.sequence, count) + payload
        crc = crc32c(tail) if self.crc is None else self.crc
        length = 9 + len(tail) if self.length is None else self.length
        return struct.pack(">qiibI", self.base_offset, length, self.leader_epoch, self.magic, crc) + tail


@dataclass(frozen=True)
class BatchHeader:
    """What the first 61 bytes of a stored batch say."""
    base_offset: int
    length: int
    leader_epoch: int
    attributes: int
    last_offset: int
    count: int
    data: bytes

    @property
    def body(self) -> bytes:
        """Everything that a broker never touches: from the attributes on."""
        return self.data[21:]

    @property
    def codec(self) -> str:
        return ("none", "gzip", "snappy", "lz4", "zstd")[self.attributes & 7]


def split(data: bytes) -> list[BatchHeader]:
    """The whole batches at the start of a fetched byte string; a partial one at the end is left out."""
    batches = []
    while len(data) >= 61:
        base, length, epoch, magic, crc = struct.unpack_from(">qiibI", data)
        if len(data) < 12 + length:
            break
        assert magic == 2, magic
        batch = data[:12 + length]
        assert crc32c(batch[21:]) == crc, f"wrong CRC in the batch at {base}"
        attributes, delta = struct.unpack_from(">hi", batch, 21)
        count, = struct.unpack_from(">i", batch, 57)
        batches.append(BatchHeader(base, length, epoch, attributes, base + delta, count, batch))
        data = data[12 + length:]
    return batches
