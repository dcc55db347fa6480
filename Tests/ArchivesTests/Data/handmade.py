"""Zips, pickles and tensors put together by hand: what make_archives.py and make_bad.py share."""
import io
import struct
import zipfile

# When the archives were first made: with the clock they would differ each time.
TIME = (2026, 11, 28, 8, 11, 16)


def zipped(data, storages=None, name="x", compression=zipfile.ZIP_STORED, more=()):
    out = io.BytesIO()
    storages = storages if storages is not None else {"0": struct.pack("<4f", 1, 2, 3, 4)}
    with zipfile.ZipFile(out, "w") as z:
        add(z, f"{name}/data.pkl", data, compression)
        add(z, f"{name}/byteorder", "little", compression)
        for k, v in storages.items():
            add(z, f"{name}/data/{k}", v, compression)
        for k, v in more:
            add(z, k, v, compression)
    return out.getvalue()


def add(z, name, data, compression=zipfile.ZIP_STORED):
    entry = zipfile.ZipInfo(name, TIME)
    entry.external_attr = 0o600 << 16
    z.writestr(entry, data, compression)


def text(s):
    b = s.encode()
    return b"X" + struct.pack("<I", len(b)) + b


def storage(key="0", kind="FloatStorage", count=4):
    return b"(" + text("storage") + b"ctorch\n" + kind.encode() + b"\n" + text(key) + text("cpu") + integer(count) + b"tQ"


def integer(n):
    return b"J" + struct.pack("<i", n) if -2**31 <= n < 2**31 else b"\x8a\x08" + struct.pack("<q", n)


def tuple_of(numbers):
    return b"(" + b"".join(map(integer, numbers)) + b"t"


def tensor(shape=(2, 2), strides=(2, 1), offset=0, **kinds):
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(**kinds) + integer(offset) + tuple_of(shape) + tuple_of(strides)
            + b"\x89ccollections\nOrderedDict\n)RtR")


def table(value=None, key="w"):
    return b"\x80\x02}" + text(key) + (value if value is not None else tensor()) + b"s."


def large():
    """A zip whose directory is of 64 bits."""
    whole = zipped(table())
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    count = struct.unpack_from("<H", whole, end + 10)[0]
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, end - central, central)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    last = bytearray(whole[end:])
    struct.pack_into("<HHII", last, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    good = whole[:end] + record + locator + bytes(last)
    bad = {}
    for name, offset, value in (("64-count", end + 32, 2**63), ("64-size", end + 40, 2**63), ("64-start", end + 48, 2**64 - 1),
                                ("64-locator", end + 56 + 8, 2**63), ("64-record", end, 0)):
        b = bytearray(good)
        struct.pack_into("<Q", b, offset, value)
        bad[name] = bytes(b)
    b = bytearray(good)
    struct.pack_into("<QQ", b, end + 24, 2**63, 2**63)
    bad["64-count"] = bytes(b)
    return good, bad
