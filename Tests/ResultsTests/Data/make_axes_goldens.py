"""Makes axes_goldens.json: what scikit-learn's PCA says about made-up vectors, for ResultsTests."""
import json
import sys

import numpy as np
from sklearn.decomposition import PCA


def case(name, n, width, seed, scale):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n, width)) * np.array(scale) + 3
    vectors = (vectors @ np.linalg.qr(random.normal(size=(width, width)))[0]).astype(np.float32)
    pca = PCA(n_components=2, svd_solver="full").fit(vectors.astype(np.float64))
    # The greatest number of an axis is positive.
    signs = [1 if axis[np.abs(axis).argmax()] > 0 else -1 for axis in pca.components_]
    return {
        "name": name, "vectors": [[float(v) for v in row] for row in vectors],
        "shares": pca.explained_variance_ratio_.tolist(),
        "axes": [(axis * sign).tolist() for axis, sign in zip(pca.components_, signs)],
    }


text = json.dumps([
    case("apart", 40, 12, 1, [5, 3] + [1] * 10), case("close", 60, 12, 2, [1.2, 1.1] + [1] * 10),
    case("fewer posts than numbers", 5, 16, 3, [1] * 16), case("two numbers", 20, 2, 4, [2, 1]),
])
with open(f"{sys.argv[1]}/axes_goldens.json", "w") as file:
    file.write(text + "\n")
