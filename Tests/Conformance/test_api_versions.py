"""API versions: the table that clients infer features from."""

import struct

from support import wire as w

# Kafka 4.2, broker listener, stable versions. Produce is advertised from 0 although 3 is the lowest served (KAFKA-18659).
KAFKA_4_2 = {
    0: (0, 13), 1: (4, 18), 2: (1, 11), 3: (0, 13), 8: (2, 10), 9: (1, 10), 10: (0, 6), 11: (0, 9), 12: (0, 4),
    13: (0, 5), 14: (0, 5), 15: (0, 6), 16: (0, 5), 17: (0, 1), 18: (0, 4), 19: (2, 7), 20: (1, 6), 21: (0, 2),
    22: (0, 5), 23: (2, 4), 24: (0, 5), 25: (0, 4), 26: (0, 5), 27: (1, 2), 28: (0, 5), 29: (1, 3), 30: (1, 3),
    31: (1, 3), 32: (1, 4), 33: (0, 2), 34: (1, 2), 35: (1, 4), 36: (0, 2), 37: (0, 3), 38: (1, 3), 39: (1, 2),
    40: (1, 2), 41: (1, 3), 42: (0, 2), 43: (0, 2), 44: (0, 1), 45: (0, 1), 46: (0, 0), 47: (0, 0), 48: (0, 1),
    49: (0, 1), 50: (0, 0), 51: (0, 0), 55: (0, 2), 57: (0, 2), 60: (0, 2), 61: (0, 0), 64: (0, 0), 65: (0, 0),
    66: (0, 2), 68: (0, 1), 69: (0, 1), 71: (0, 0), 72: (0, 0), 74: (0, 1), 75: (0, 0), 76: (1, 1), 77: (1, 1),
    78: (1, 2), 79: (1, 2), 80: (0, 1), 81: (0, 0), 83: (0, 0), 84: (0, 0), 85: (0, 1), 86: (0, 0), 87: (0, 1),
    88: (0, 0), 89: (0, 0), 90: (0, 1), 91: (0, 0), 92: (0, 0),
}
# Without these, clients of today cannot do the main job: produce, consume, groups, topics, configurations.
REQUIRED = {0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 33, 37, 42, 44, 60, 75}


def test_table_is_kafkas(wire):
    """Every served API is advertised with exactly the versions of Kafka 4.2"""
    served = wire.api_versions()
    assert served == {key: KAFKA_4_2.get(key) for key in served}


def test_required_apis(wire):
    """Every API of the main job is advertised"""
    assert REQUIRED - wire.api_versions().keys() == set()


def test_flexible_request_has_plain_answer_header(wire):
    """ApiVersions 3 is answered with the flexible body behind the old response header"""
    body = b"\x05test\x04" + b"1.0" + b"\0"
    reader = wire.call(w.API_VERSIONS, 3, body, flexible=True)
    assert reader.i16() == w.NONE

    def entry():
        row = reader.i16(), (reader.i16(), reader.i16())
        reader.tags()
        return row
    table = dict(reader.compact_array(entry))
    assert reader.i32() == 0
    reader.tags()
    reader.done()
    with_plain_body = wire.api_versions()
    assert table == with_plain_body


def test_unknown_version_of_api_versions(wire):
    """An unknown ApiVersions version is answered in version 0 with error 35 and the versions of key 18"""
    reader = wire.call(w.API_VERSIONS, 99, b"\x05test\x04" + b"1.0" + b"\0", flexible=True)
    assert reader.i16() == w.UNSUPPORTED_VERSION
    rows = reader.array(lambda: struct.unpack(">hhh", reader.take(6)))
    reader.done()
    assert rows == [(18, *KAFKA_4_2[18])]
    assert wire.api_versions()[18] == KAFKA_4_2[18], "the connection goes on"


def test_unsupported_version_of_another_api(cluster):
    """A version outside the advertised range is not answered as if it were known"""
    with cluster.connect() as connection:
        connection.send(w.METADATA, 99, b"")
        assert connection.is_closed_by_peer()
