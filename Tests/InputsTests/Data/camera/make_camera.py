"""Makes the pictures of this folder and camera.json, the truth about them according to Pillow and pillow-heif.

`pictures`: AVIF and HEIC, with their samples. `turned`: pictures with an orientation, and what ImageOps.exif_transpose makes
of them. `cut`: beginnings of pictures of ../pictures, read with LOAD_TRUNCATED_IMAGES, as a digest of each row.
"""
import base64
import hashlib
import io
import json
import os
import sys
import warnings

import numpy as np
import PIL
import pillow_heif
from PIL import Image, ImageFile, ImageOps

assert PIL.__version__ == "12.0.0", PIL.__version__
warnings.simplefilter("ignore")
pillow_heif.register_heif_opener()
OUT = sys.argv[1]
PICTURES = "Tests/InputsTests/Data/pictures"
RANDOM = np.random.RandomState(11)
ORIENTATION = 0x0112


def scene(width, height, channels=3):
    """A picture without symmetry: waves, an edge and noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    a = np.stack([127 + 120 * np.sin(x / (4 + 3 * c) + c) * np.cos(y / (5 + 2 * c)) for c in range(channels)], -1)
    a[:, : width // 3] = 255 - a[:, : width // 3]
    return Image.fromarray(np.clip(a + RANDOM.normal(0, 6, a.shape), 0, 255).astype(np.uint8))


def saved(picture, kind, **options):
    out = io.BytesIO()
    if kind == "AVIF":
        options = {"max_threads": 1, "speed": 8, "codec": "aom"} | options
    picture.save(out, kind, **options)
    return out.getvalue()


def timeless(avif):
    """A sequence without the time at which it was made."""
    out = bytearray(avif)
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = avif.find(box)
        while at >= 0:
            out[at + 8 : at + 24] = bytes(16)
            at = avif.find(box, at + 4)
    return bytes(out)


def noise(width, height):
    return Image.fromarray(RANDOM.randint(0, 256, (height, width, 3)).astype(np.uint8))


def heifs():
    files = {}
    for sampling in ("4:2:0", "4:2:2", "4:4:4"):
        name = sampling.replace(":", "")
        for range_ in ("full", "limited"):
            files[f"{name}-{range_}.avif"] = saved(scene(25, 17), "AVIF", subsampling=sampling, quality=80, range=range_)
        files[f"{name}.heic"] = saved(scene(25, 17), "HEIF", chroma=int(name), quality=80)
    files["noise-420.avif"] = saved(noise(16, 12), "AVIF", subsampling="4:2:0", quality=95)
    files["noise-420.heic"] = saved(noise(16, 12), "HEIF", chroma=420, quality=95)
    files["even.heic"] = saved(scene(64, 64), "HEIF", quality=30)  # no size needs cropping
    files["one-pixel.avif"] = saved(scene(1, 1), "AVIF")
    files["one-pixel.heic"] = saved(scene(1, 1), "HEIF")
    files["grey.avif"] = saved(scene(20, 14).convert("L"), "AVIF", subsampling="4:0:0")
    files["grey.heic"] = saved(scene(20, 14).convert("L"), "HEIF")
    files["alpha.avif"] = saved(scene(20, 14, 4), "AVIF")
    files["alpha.heic"] = saved(scene(20, 14, 4), "HEIF")
    files["animated.avif"] = timeless(
        saved(scene(20, 14), "AVIF", save_all=True, append_images=[noise(20, 14)], duration=40))
    files["several.heic"] = saved(scene(20, 14), "HEIF", save_all=True, append_images=[noise(20, 14)])
    files["avif-named.jpg"] = saved(scene(20, 14), "AVIF")
    deep = RANDOM.randint(0, 65536, (12, 16, 3)).astype("<u2")
    files["ten-bits.heic"] = io.BytesIO()
    pillow_heif.encode("RGB;16", (16, 12), deep.tobytes(), files["ten-bits.heic"], quality=90)
    files["ten-bits.heic"] = files["ten-bits.heic"].getvalue()
    return files


def turned():
    files = {}
    for orientation in range(1, 9):
        for kind, ending in (("JPEG", "jpg"), ("AVIF", "avif"), ("PNG", "png"), ("WEBP", "webp")):
            if ending in ("jpg", "avif") or orientation in (3, 6):
                exif = Image.Exif()
                exif[ORIENTATION] = orientation
                files[f"turned-{orientation}.{ending}"] = saved(scene(11, 7), kind, exif=exif)
    return files


def rgb(data, upright=False):
    picture = Image.open(io.BytesIO(data))
    if upright:
        picture = ImageOps.exif_transpose(picture)
    return picture.convert("RGB")


def cut():
    """Not among them: cuts that Pillow refuses, and progressive JPEGs, which it leaves black if a table is cut off."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    entries = []
    for name in ("ycbcr-420.jpg", "ycbcr-444.jpg", "grey.jpg", "cmyk.jpg", "restarts.jpg", "rgb-8.png", "palette-8.png",
                 "rgb-16.png", "rgb-8-interlaced.png", "grey-alpha-8.png", "plain.gif", "small-frame.gif"):
        with open(os.path.join(PICTURES, name), "rb") as file:
            data = file.read()
        for eighths in range(1, 8):
            part = data[: len(data) * eighths // 8]
            try:
                picture = rgb(part)
            except (OSError, SyntaxError, ValueError):
                continue
            rows = [hashlib.sha256(row.tobytes()).hexdigest()[:8] for row in np.asarray(picture)]
            entries.append({"file": name, "bytes": len(part), "rows": rows})
    return entries


def main():
    golden = {"pillow": PIL.__version__, "pillow_heif": pillow_heif.__version__, "pictures": [], "turned": []}
    for part, files in (("pictures", heifs()), ("turned", turned())):
        for name, data in sorted(files.items()):
            with open(os.path.join(OUT, name), "wb") as out:
                out.write(data)
            picture = rgb(data, upright=part == "turned")
            entry = {"file": name, "width": picture.width, "height": picture.height}
            entry["rgb"] = base64.b64encode(picture.tobytes()).decode()
            golden[part].append(entry)
    golden["cut"] = cut()
    with open(os.path.join(OUT, "camera.json"), "w") as out:
        json.dump(golden, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
