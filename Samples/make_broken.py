"""Makes broken.csv and broken/: one row for every kind of fault that a repository can hold, good rows between them.

What a repository cannot hold (a FIFO, a link that leaves, a file of hundreds of megabytes) the tests make.
"""
import glob
import os
import struct
import sys
import zlib

SAMPLES = os.path.dirname(os.path.abspath(__file__))
OUT = sys.argv[1]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def write(name, data):
    with open(f"{OUT}/broken/{name}", "wb") as f:
        f.write(data)


def pictures(kind):
    return sorted(glob.glob(f"images/*.{kind}", root_dir=SAMPLES))


def read(name):
    with open(f"{SAMPLES}/{name}", "rb") as f:
        return f.read()


os.makedirs(f"{OUT}/broken/folder.jpg", exist_ok=True)
jpegs = [name.encode() for name in pictures("jpg")[:8]]
jpeg, webp = read(pictures("jpg")[0]), read(pictures("webp")[0])
rgb = b"".join(b"\x00" + bytes([40, 160, 90]) * 16 for _ in range(16))
whole = png(16, 16, 8, 2, rgb)
data = whole.index(b"IDAT") + 8
write("cut.jpg", jpeg[: len(jpeg) // 2])
write("cut.png", whole[: data + 4])
write("cut.webp", webp[: len(webp) // 2])
write("damaged.png", whole[:data] + b"\xff\xff\xff" + whole[data + 3:])
write("empty.jpg", b"")
write("page.jpg", b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n")
write("bitmap.jpg", b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\0\0\xff\0")
write("huge.png", png(8192, 8192, 1, 0, (b"\x00" + b"\x00" * 1024) * 8192))
write("folder.jpg/keep", b"A folder whose name looks like a picture's.\n")

good = [b"i love the train", b"the queue was terrible", b"so happy with my laptop", b"the gym never disappoints",
        b"zero stars for the wifi", b"five stars for the pizza", b"best thing ever , the garden"]
rows = [
    (b"missing", b"images/no-such-file.jpg"), (b"outside", b"../LICENSE"), (b"absolute", b"/etc/hostname"),
    (b"directory", b"broken/folder.jpg"), (b"empty-file", b"broken/empty.jpg"), (b"cut-jpeg", b"broken/cut.jpg"),
    (b"cut-png", b"broken/cut.png"), (b"cut-webp", b"broken/cut.webp"), (b"damaged", b"broken/damaged.png"),
    (b"not-a-picture", b"broken/page.jpg"), (b"bitmap", b"broken/bitmap.jpg"), (b"huge", b"broken/huge.png"),
]
out = [b"id,text,image,label\n"]


def sound(n):
    out.append(b"good-%d,%s,%s,\n" % (n, good[n % len(good)], jpegs[n]))


sound(0)
for key, image in rows:
    out.append(key + b",a post whose picture is in trouble," + image + b",ironic\n")
sound(1)
out.append(b"too-few,only two fields\n")
out.append(b"too-many,text,%s,ironic,one too many\n" % jpegs[1])
sound(2)
out.append(b"latin-1,caf\xe9 society,%s,ironic\n" % jpegs[1])
out.append(b"nul,a \x00 in the text,%s,ironic\n" % jpegs[1])
sound(3)
out.append(b",no key at all,%s,ironic\n" % jpegs[1])
out.append(b'stray-quote,"a quote that nobody closes,%s,ironic\n' % jpegs[1])
sound(4)
out.append(b"good-4,%s,%s,\n" % (good[4], jpegs[4]))
out.append(b"good-4,the same key with other words,%s,\n" % jpegs[4])
out.append(b"no-picture,a post without a picture,,\n")
out.append(b'two-lines,"a text on\ntwo lines",%s,\n' % jpegs[5])
out.append(b"no-text,,%s,\n" % jpegs[6])
sound(5)
out.append(b"nothing,, ,ironic\n")
with open(f"{OUT}/broken.csv", "wb") as f:
    f.write(b"".join(out))
