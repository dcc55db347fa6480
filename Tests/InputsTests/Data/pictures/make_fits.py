"""Makes fits.json: pictures fit to a square as hubs' slow image processors do, by Pillow 12.0 (13 resizes columns first
where that is less work, and so rounds otherwise).

The pictures are PictureResamplerTests': sample i is (i·2654435761 + i·i·97) >> 24 of 64 bits, cut to 8.
"""
import hashlib
import json
import sys

import numpy as np
from PIL import Image


def picture(width, height):
    i = np.arange(width * height * 3, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return Image.fromarray((((i * np.uint64(2654435761) + i * i * np.uint64(97)) >> np.uint64(24)) & np.uint64(255)).astype(np.uint8).reshape(height, width, 3))


def fit(image, short, side, size, resample):
    if short:
        width, height = image.size
        small, large = (width, height) if width <= height else (height, width)
        longer = int(side * large / small)
        image = image.resize((side, longer) if width <= height else (longer, side), resample)
    else:
        image = image.resize((side, side), resample)
    left, top = (image.size[0] - size) // 2, (image.size[1] - size) // 2
    return image.crop((left, top, left + size, top + size))


out = []
for width, height in ((97, 41), (41, 97), (32, 32), (33, 32), (300, 7), (5, 9), (640, 480), (36, 48)):
    for short in (False, True):
        for side, size in ((32, 32), (36, 32), (41, 32)):
            for name, resample in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)):
                rgb = np.asarray(fit(picture(width, height), short, side, size, resample)).tobytes()
                out.append({"width": width, "height": height, "short": short, "side": side, "size": size, "filter": name,
                            "rgb": hashlib.sha256(rgb).hexdigest()})
with open(f"{sys.argv[1]}/fits.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(o) for o in out) + "\n]\n")
