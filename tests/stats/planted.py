"""Vectors with known groups."""

import numpy as np


def groups(rng, *, sizes, d=24, spread=0.5):
    """Unit vectors (n, d) around random middles, and the group of each; `spread` is the length of the noise."""
    middle = rng.standard_normal((len(sizes), d))
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    made = middle[truth] + spread * rng.standard_normal((len(truth), d)) / np.sqrt(d)
    return made / np.linalg.norm(made, axis=1, keepdims=True), truth


def noise(rng, n, d=24):
    """Unit vectors in all directions."""
    made = rng.standard_normal((n, d))
    return made / np.linalg.norm(made, axis=1, keepdims=True)
