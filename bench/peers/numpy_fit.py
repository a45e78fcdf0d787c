"""Times the arithmetic of a PaDiM fit in numpy: one JSON object on stdout. bench/fit.ts runs it in turns.

Each step is told as [seconds, CPU seconds]; the latter mean more on a machine that does other things as well.

    python bench/peers/numpy_fit.py --pictures 200 --cells 4096 --channels 100 [--ridge 0.01]

The features are given as Blemish gets them, float32 [pictures, channels, cells]; the arithmetic is in float64, as
Blemish's. `layout` brings them to [cells, pictures, channels], less the mean, `covariance` is one batched product.
"""
import argparse
import json
import time

import numpy as np


def timed(work):
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, [time.perf_counter() - started, time.process_time() - cpu]


def by_cell(features):
    cells = np.ascontiguousarray(features.transpose(2, 0, 1), dtype=np.float64)
    cells -= cells.mean(axis=1, keepdims=True)
    return cells


def covariance(cells, ridge):
    result = np.matmul(cells.transpose(0, 2, 1), cells)
    result /= cells.shape[1] - 1
    diagonal = np.einsum("...ii->...i", result)
    diagonal += ridge
    return result


def main():
    parser = argparse.ArgumentParser()
    for name in ("pictures", "cells", "channels"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--ridge", type=float, default=0.01)
    arguments = parser.parse_args()
    shape = arguments.pictures, arguments.channels, arguments.cells
    features = np.random.default_rng(1).standard_normal(shape, dtype=np.float32)
    # The first call of each routine also loads it.
    np.linalg.inv(np.matmul(*[np.eye(arguments.channels)[None]] * 2)), np.linalg.cholesky(np.eye(4)[None])

    cells, layout = timed(lambda: by_cell(features))
    matrices, product = timed(lambda: covariance(cells, arguments.ridge))
    del cells
    _, inverse = timed(lambda: np.linalg.inv(matrices))
    factors, cholesky = timed(lambda: np.linalg.cholesky(matrices))
    _, factor_inverse = timed(lambda: np.linalg.inv(factors))
    print(json.dumps({
        "layout": layout, "covariance": product, "inverse": inverse,
        "cholesky": cholesky, "factorInverse": factor_inverse, "numpy": np.__version__, "blas": blas(),
    }))


def blas():
    """The kernel that the linear algebra runs on, where threadpoolctl can tell."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    return [f"{one['internal_api']} {one['version']} {one.get('architecture')}, {one['num_threads']} threads"
            for one in threadpool_info() if one["user_api"] == "blas"]


if __name__ == "__main__":
    main()
