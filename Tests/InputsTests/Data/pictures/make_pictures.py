"""Makes the pictures of this folder and golden.json, the truth about them according to Pillow 12.0.0.

Pillow writes what it can write; PNG, GIF and WebP containers of the rarer kinds are put together here by hand.
"""
import hashlib
import io
import json
import os
import struct
import sys
import warnings
import zlib

import numpy as np
import PIL
from PIL import Image

assert PIL.__version__ == "12.0.0", PIL.__version__
warnings.simplefilter("ignore")
OUT = sys.argv[1]
RANDOM = np.random.RandomState(7)
FILES = {}


def scene(width, height, channels=3):
    """A smooth picture with an edge and a little noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [127 + 120 * np.sin(x / (5 + 3 * c) + c) * np.cos(y / (7 + 2 * c)) for c in range(channels)]
    a = np.stack(planes, -1)
    a[:, : width // 3] = 255 - a[:, : width // 3]
    return np.clip(a + RANDOM.normal(0, 6, a.shape), 0, 255).astype(np.uint8)


def image(width, height, mode="RGB"):
    channels = len(Image.new(mode, (1, 1)).getbands())
    a = scene(width, height, channels)
    return Image.fromarray(a[..., 0] if channels == 1 else a, mode)


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# JPEG


def segments(jpeg):
    """(marker, start, end) of each segment before the first scan."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        yield jpeg[at + 1], at, end
        at = end


def without(jpeg, marker):
    for found, start, end in segments(jpeg):
        if found == marker:
            return jpeg[:start] + jpeg[end:]
    raise ValueError(marker)


def reframed(jpeg, width, height, luma):
    """The same blocks under another size and another sampling of the first channel: legal as long as the number of
    blocks in a unit and of units stay. How to come by samplings that Pillow does not write."""
    out = bytearray(jpeg)
    for found, start, _ in segments(jpeg):
        if found in (0xC0, 0xC2):
            out[start + 5 : start + 9] = struct.pack(">HH", height, width)
            out[start + 11] = luma
    return bytes(out)


def jpegs():
    rgb = image(61, 43)
    for name, sampling in (("444", "4:4:4"), ("422", "4:2:2"), ("420", "4:2:0")):
        FILES[f"ycbcr-{name}.jpg"] = saved(rgb, "JPEG", subsampling=sampling, quality=80)
        FILES[f"ycbcr-{name}-progressive.jpg"] = saved(rgb, "JPEG", subsampling=sampling, quality=60, progressive=True)
    FILES["ycbcr-440.jpg"] = reframed(saved(image(64, 64), "JPEG", subsampling="4:2:2"), 61, 63, 0x12)
    FILES["ycbcr-411.jpg"] = reframed(saved(image(64, 64), "JPEG", subsampling="4:2:0"), 127, 31, 0x41)
    FILES["grey.jpg"] = saved(image(40, 57, "L"), "JPEG")
    FILES["grey-progressive.jpg"] = saved(image(40, 57, "L"), "JPEG", progressive=True)
    FILES["rgb.jpg"] = saved(rgb, "JPEG", keep_rgb=True)
    FILES["quality-1.jpg"] = saved(rgb, "JPEG", quality=1)
    FILES["quality-100.jpg"] = saved(image(33, 17), "JPEG", quality=100, optimize=True)
    FILES["restarts.jpg"] = saved(rgb, "JPEG", restart_marker_blocks=2)
    FILES["one-pixel.jpg"] = saved(image(1, 1), "JPEG")
    FILES["wide.jpg"] = saved(image(300, 2), "JPEG", subsampling="4:2:0")
    exif = Image.Exif()
    exif[0x0112] = 6
    FILES["turned.jpg"] = saved(rgb, "JPEG", exif=exif)
    cmyk = saved(image(37, 29, "CMYK"), "JPEG", quality=85)
    FILES["cmyk.jpg"] = cmyk
    FILES["cmyk-progressive.jpg"] = saved(image(37, 29, "CMYK"), "JPEG", progressive=True)
    FILES["cmyk-without-adobe.jpg"] = without(cmyk, 0xEE)
    adobe = next(start for found, start, _ in segments(cmyk) if found == 0xEE)
    FILES["ycck.jpg"] = cmyk[: adobe + 15] + b"\x02" + cmyk[adobe + 16 :]
    FILES["garbage-after.jpg"] = saved(rgb, "JPEG", quality=30) + b"garbage"


# PNG


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, step):
    """Scan lines, each under another of the five filters."""
    out, above = b"", bytes(len(rows[0]))
    for n, row in enumerate(rows):
        kind = n % 5
        line = bytearray()
        for i, x in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((x - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        out, above = out + bytes([kind]) + bytes(line), row
    return out


def packed(samples, depth):
    """One row of samples, flat, as bytes."""
    if depth == 16:
        return struct.pack(f">{len(samples)}H", *samples)
    bits = "".join(f"{s:0{depth}b}" for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def png(samples, depth, colour, interlaced=False, before=b"", split=0):
    """`samples`: rows × columns × channels of integers below 2**depth."""
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            data += filtered([packed([int(s) for s in row.reshape(-1)], depth) for row in part], step)
    data = zlib.compress(data, 9)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    idat = [data[:split], b"", data[split:]] if split else [data]
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + b"".join(chunk(b"IDAT", d) for d in idat)
            + chunk(b"IEND", b""))


def pngs():
    names = {0: ("grey", 1), 2: ("rgb", 3), 3: ("palette", 1), 4: ("grey-alpha", 2), 6: ("rgba", 4)}
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for colour, (name, channels) in names.items():
        for depth in depths[colour]:
            for interlaced in (False, True):
                width, height = (21, 13) if not interlaced else (19, 22)
                if depth == 16:
                    samples = RANDOM.randint(0, 1 << 16, (height, width, channels))
                    samples[:, ::2] //= 200  # small ones too: grey of 16 bits clips
                else:
                    samples = scene(width, height, channels).astype(int) >> (8 - depth)
                palette = RANDOM.bytes(3 << depth) if colour == 3 else b""
                before = chunk(b"PLTE", palette) if palette else b""
                FILES[f"{name}-{depth}{'-interlaced' if interlaced else ''}.png"] = png(
                    samples, depth, colour, interlaced, before)
    for width, height in ((1, 1), (1, 7), (5, 1), (3, 3)):
        FILES[f"interlaced-{width}x{height}.png"] = png(scene(width, height).astype(int), 8, 2, True)
    indices = RANDOM.randint(0, 256, (9, 11, 1))
    colours = RANDOM.bytes(768)
    FILES["palette-alpha.png"] = png(indices, 8, 3, before=chunk(b"PLTE", colours) + chunk(b"tRNS", bytes(range(256))))
    FILES["palette-hole.png"] = png(indices, 8, 3, before=chunk(b"PLTE", colours) + chunk(b"tRNS", b"\xff\xff\x00"))
    FILES["palette-short.png"] = png(indices, 8, 3, before=chunk(b"PLTE", colours[:300]))
    FILES["rgb-hole.png"] = png(scene(9, 9).astype(int), 8, 2, before=chunk(b"tRNS", bytes(6)))
    FILES["grey-hole.png"] = png(scene(9, 9, 1).astype(int), 8, 0, before=chunk(b"tRNS", b"\0\x40"))
    FILES["grey-16-hole.png"] = png(RANDOM.randint(0, 700, (9, 9, 1)), 16, 0, before=chunk(b"tRNS", b"\0\x40"))
    FILES["gamma.png"] = png(scene(9, 9).astype(int), 8, 2, before=chunk(b"gAMA", struct.pack(">I", 220000)))
    FILES["split.png"] = png(scene(30, 20).astype(int), 8, 2, split=100)
    FILES["without-end.png"] = png(scene(30, 20).astype(int), 8, 2)[:-12]
    FILES["animated.png"] = saved(image(16, 12), "PNG", save_all=True, append_images=[image(16, 12)])
    FILES["compressed-text.png"] = png(scene(9, 9).astype(int), 8, 2, before=chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(9999))))


# WebP


def riff(*chunks):
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for k, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def small(n):
    return struct.pack("<I", n)[:3]


def webps():
    rgb, rgba = image(45, 31), image(45, 31, "RGBA")
    FILES["lossy.webp"] = saved(rgb, "WEBP", quality=70)
    FILES["lossy-0.webp"] = saved(rgb, "WEBP", quality=0)
    FILES["lossless.webp"] = saved(rgb, "WEBP", lossless=True)
    FILES["lossy-alpha.webp"] = saved(rgba, "WEBP", quality=70)
    FILES["lossless-alpha.webp"] = saved(rgba, "WEBP", lossless=True, exact=True)
    FILES["one-pixel.webp"] = saved(image(1, 1), "WEBP")
    exif = Image.Exif()
    exif[0x0112] = 6
    FILES["turned.webp"] = saved(rgb, "WEBP", exif=exif)
    FILES["animated.webp"] = saved(rgb, "WEBP", save_all=True, append_images=[image(45, 31)], duration=40)
    FILES["animated-alpha.webp"] = saved(rgba, "WEBP", save_all=True, append_images=[image(45, 31, "RGBA")], duration=40)
    for name, frame, flags in (("lossy", saved(image(20, 14), "WEBP"), 0x02),
                               ("alpha", saved(image(20, 14, "RGBA"), "WEBP", lossless=True, exact=True), 0x12)):
        data = frame[12:]
        frames = [small(x // 2) + small(y // 2) + small(19) + small(13) + small(40) + b"\0" + data
                  for x, y in ((6, 4), (0, 0))]
        FILES[f"small-frame-{name}.webp"] = riff(
            (b"VP8X", bytes([flags, 0, 0, 0]) + small(39) + small(29)),
            (b"ANIM", b"\x10\x20\x30\xff\0\0"), *[(b"ANMF", f) for f in frames])


# GIF


def gif_data(indices, bits):
    """LZW without compression: a clear code before the table could outgrow the first code length."""
    clear, length, codes = 1 << bits, bits + 1, []
    for n, index in enumerate(indices):
        if n % (clear - 2) == 0:
            codes.append(clear)
        codes.append(int(index))
    stream = sum(code << (length * n) for n, code in enumerate(codes + [clear + 1]))
    data = stream.to_bytes((length * (len(codes) + 1) + 7) // 8, "little")
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return bytes([bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def gif(screen, frame, palette=b"", local=b"", clear=None, interlaced=False, bits=8, before=b"", end=b";"):
    """`frame`: (left, top, rows of indices)."""
    left, top, rows = frame
    size = lambda p: (len(p) // 3).bit_length() - 2  # noqa: E731
    out = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80 | size(palette) if palette else 0, 3, 0) + palette + before
    if clear is not None:
        out += b"!\xf9\x04" + bytes([1, 0, 0, clear]) + b"\0"
    flags = (0x80 | size(local) if local else 0) | (0x40 if interlaced else 0)
    out += b"," + struct.pack("<HHHHB", left, top, rows.shape[1], rows.shape[0], flags) + local
    if interlaced:
        rows = np.concatenate([rows[0::8], rows[4::8], rows[2::4], rows[1::2]])
    return out + gif_data(rows.reshape(-1), bits) + end


def gifs():
    rgb = image(50, 35)
    FILES["plain.gif"] = saved(rgb.quantize(64), "GIF", interlace=0)
    FILES["interlaced.gif"] = saved(rgb.quantize(200), "GIF", interlace=1)
    FILES["grey.gif"] = saved(image(50, 35, "L"), "GIF")
    FILES["bilevel.gif"] = saved(image(50, 35, "L").convert("1"), "GIF")
    FILES["transparent.gif"] = saved(rgb.quantize(16), "GIF", transparency=3)
    FILES["animated.gif"] = saved(rgb.quantize(32), "GIF", save_all=True, append_images=[image(50, 35).quantize(32)])
    rows = RANDOM.randint(0, 256, (11, 14))
    colours, others = RANDOM.bytes(768), RANDOM.bytes(768)
    ramp = bytes(i for i in range(256) for _ in range(3))
    FILES["global.gif"] = gif((14, 11), (0, 0, rows), colours)
    FILES["local.gif"] = gif((14, 11), (0, 0, rows), colours, others)
    FILES["only-local.gif"] = gif((14, 11), (0, 0, rows), b"", others)
    FILES["no-palette.gif"] = gif((14, 11), (0, 0, rows))
    FILES["ramp.gif"] = gif((14, 11), (0, 0, rows), ramp)
    FILES["ramp-short.gif"] = gif((14, 11), (0, 0, rows), ramp[:48])
    FILES["ramp-local.gif"] = gif((14, 11), (0, 0, rows), colours, ramp)
    FILES["palette-short.gif"] = gif((14, 11), (0, 0, rows), colours[:48])
    FILES["interlaced-11.gif"] = gif((14, 11), (0, 0, rows), colours, interlaced=True)
    FILES["interlaced-2.gif"] = gif((14, 2), (0, 0, rows[:2]), colours, interlaced=True)
    FILES["small-frame.gif"] = gif((30, 20), (5, 3, rows), colours)
    FILES["small-frame-transparent.gif"] = gif((30, 20), (5, 3, rows), colours, clear=77)
    FILES["small-frame-local.gif"] = gif((30, 20), (5, 3, rows), colours, others, clear=200)
    FILES["small-frame-grey.gif"] = gif((30, 20), (5, 3, rows), clear=9)
    FILES["frame-beyond.gif"] = gif((10, 5), (4, 2, rows), colours)
    FILES["two-bits.gif"] = gif((14, 11), (0, 0, rows % 4), colours[:12], bits=2)
    FILES["stray-bytes.gif"] = gif((14, 11), (0, 0, rows), colours, before=b"\0\0")
    FILES["comment.gif"] = gif((14, 11), (0, 0, rows), colours, before=b"!\xfe\x05hello\x03abc\0")
    FILES["without-trailer.gif"] = gif((14, 11), (0, 0, rows), colours, end=b"")
    FILES["without-terminator.gif"] = gif((14, 11), (0, 0, rows), colours, end=b"")[:-1]


def digest(data):
    return hashlib.sha256(data).hexdigest()


def resized(picture, width, height):
    return picture.resize((width, height), Image.BILINEAR)


def formula(width, height):
    """Samples that the Swift test computes too; whole numbers modulo 2**64."""
    i = np.arange(width * height * 3, dtype=np.uint64)
    return ((i * np.uint64(2654435761) + i * i * np.uint64(97)) >> np.uint64(24)).astype(np.uint8).reshape(height, width, 3)


def main():
    jpegs(), pngs(), webps(), gifs()
    golden = {"pillow": PIL.__version__, "pictures": [], "resized": [], "preprocessed": []}
    targets = (1, 7, 32, 64, 100)
    mean, std = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)
    for n, (name, data) in enumerate(sorted(FILES.items())):
        with open(os.path.join(OUT, name), "wb") as out:
            out.write(data)
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        sizes = [targets[n % 5], targets[(n + 2) % 5]]
        golden["pictures"].append({
            "file": name, "width": picture.width, "height": picture.height, "rgb": digest(picture.tobytes()),
            "squares": {str(s): digest(resized(picture, s, s).tobytes()) for s in sizes}})
        if n % 15 == 0:
            x = (np.asarray(resized(picture, 48, 48)).astype(np.float32) / 255 - mean) / std
            golden["preprocessed"].append({"file": name, "size": 48, "planes": digest(np.ascontiguousarray(x.transpose(2, 0, 1)).tobytes())})
    for width, height, sizes in ((1, 1, (1, 2, 224)), (2, 3, (1, 5, 384)), (1, 500, (1, 64, 224)), (500, 1, (1, 64, 224)),
                                 (224, 224, (224, 112, 223)), (224, 100, (224, 64)), (100, 224, (224, 32)),
                                 (225, 223, (224, 384)), (383, 385, (384, 17)), (640, 427, (224, 112)),
                                 (1023, 767, (224, 3)), (37, 4001, (64, 384)), (4001, 37, (64, 384)),
                                 (65535, 1, (224,)), (1, 65535, (224,)), (8000, 6000, (224, 1))):
        picture = Image.fromarray(formula(width, height))
        for size in sizes:
            golden["resized"].append({"width": width, "height": height, "size": size,
                                      "rgb": digest(resized(picture, size, size).tobytes())})
    with open(os.path.join(OUT, "golden.json"), "w") as out:
        json.dump(golden, out, indent=1)
        out.write("\n")
    print(len(FILES), "pictures,", sum(map(len, FILES.values())), "bytes")


if __name__ == "__main__":
    main()
