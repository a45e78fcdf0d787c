"""Judges pictures with a model that `blemish export --preprocessing inside` wrote. Needs onnxruntime and numpy.

    python judge.py part.onnx part.ppm...
"""

import sys

import numpy as np
import onnxruntime


def read_ppm(path):
    """An 8-bit binary PPM (P6) as float32 [1, 3, height, width], 0 to 255, channels red, green, blue."""
    with open(path, "rb") as file:
        data = file.read()
    fields, at = [], 0
    while len(fields) < 4:
        while data[at : at + 1].isspace():
            at += 1
        if data[at : at + 1] == b"#":
            at = data.index(b"\n", at)
            continue
        start = at
        while not data[at : at + 1].isspace():
            at += 1
        fields.append(data[start:at])
    kind, width, height, highest = fields[0], *map(int, fields[1:])
    if kind != b"P6" or highest != 255:
        raise SystemExit(f"{path} is not an 8-bit binary PPM")
    pixels = np.frombuffer(data, np.uint8, width * height * 3, at + 1).reshape(height, width, 3)
    return pixels.astype(np.float32).transpose(2, 0, 1)[np.newaxis]


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    for path in sys.argv[2:]:
        score, label = session.run(["pred_score", "pred_label"], {"input": read_ppm(path)})
        print(path, f"{score[0, 0]:.7g}", "anomalous" if label[0, 0] else "good")


if __name__ == "__main__":
    main()
