"""The networks of a MaxMind database, read without any library that a server under test uses."""

import ipaddress
import struct

MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = 16  # zero bytes between the tree and the records


class Mmdb:
    """A database in memory; `networks()` walks all that it holds."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        start = self.bytes.rindex(MARKER) + len(MARKER)
        self.metadata, _ = Records(self.bytes[start:]).at(0)
        self.nodes = self.metadata["node_count"]
        self.node_bytes = self.metadata["record_size"] // 4
        self.records = Records(self.bytes[self.nodes * self.node_bytes + SEPARATOR :])

    def networks(self):
        """Every network with its record; those of IPv4 as such."""
        is_wide = self.metadata["ip_version"] == 6
        walk = [(0, 0, 0)]
        while walk:
            node, prefix, length = walk.pop()
            if node < self.nodes:
                left, right = self.children(node)
                walk.append((right, prefix << 1 | 1, length + 1))
                walk.append((left, prefix << 1, length + 1))
            elif node != self.nodes:
                record, _ = self.records.at(node - self.nodes - SEPARATOR)
                yield network(prefix, length, is_wide), record

    def children(self, node):
        held = self.bytes[node * self.node_bytes : (node + 1) * self.node_bytes]
        half = len(held) // 2
        if len(held) % 2 == 0:
            return int.from_bytes(held[:half], "big"), int.from_bytes(held[half:], "big")
        # Of 28 bits, the middle byte holds each half's highest four.
        left = (held[half] >> 4) << 24 | int.from_bytes(held[:half], "big")
        right = (held[half] & 15) << 24 | int.from_bytes(held[half + 1 :], "big")
        return left, right


def network(prefix, length, is_wide):
    """A tree of IPv6 holds IPv4 where the first 96 bits are 0."""
    if is_wide and 96 <= length and prefix >> (length - 96) == 0:
        return ipaddress.IPv4Network((prefix << (128 - length), length - 96))
    bits = 128 if is_wide else 32
    make = ipaddress.IPv6Network if is_wide else ipaddress.IPv4Network
    return make((prefix << (bits - length), length))


class Records:
    """The section of records, in MaxMind's own binary form."""

    def __init__(self, held):
        self.bytes = held

    def at(self, place):
        """The value at a place, and where the next begins."""
        control = self.bytes[place]
        kind, size, place = control >> 5, control & 31, place + 1
        if kind == 1:
            return self.pointed(size, place)
        if kind == 0:
            kind, place = self.bytes[place] + 7, place + 1
        if 29 <= size:
            more = size - 28
            told = int.from_bytes(self.bytes[place : place + more], "big")
            size, place = (29, 285, 65_821)[more - 1] + told, place + more
        return self.valued(kind, size, place)

    def pointed(self, size, place):
        more = (size >> 3) + 1
        told = int.from_bytes(self.bytes[place : place + more], "big")
        high = 0 if more == 4 else (size & 7) << 8 * more
        value, _ = self.at(high + told + (0, 2_048, 526_336, 0)[more - 1])
        return value, place + more

    def valued(self, kind, size, place):
        held, end = self.bytes[place : place + size], place + size
        if kind == 2:
            return held.decode(), end
        if kind == 3:
            return struct.unpack(">d", held)[0], end
        if kind in (5, 6, 9, 10):
            return int.from_bytes(held, "big"), end
        if kind == 7:
            return self.mapped(size, place)
        if kind == 11:
            return self.listed(size, place)
        if kind == 14:
            return size == 1, place
        raise ValueError(f"a record holds a value of kind {kind}, which is not read here")

    def mapped(self, size, place):
        told = {}
        for _ in range(size):
            key, place = self.at(place)
            told[key], place = self.at(place)
        return told, place

    def listed(self, size, place):
        told = []
        for _ in range(size):
            value, place = self.at(place)
            told.append(value)
        return told, place
