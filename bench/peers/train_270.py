"""Trains Anomalib 2.7.0's PaDiM or PatchCore on ResNet-18 with its Engine, and exports it.

    python train_270.py --data DATA_SET --weights FILE --output FOLDER [--model padim|patchcore]

DATA_SET is a folder in MVTec AD's layout. Prints one JSON line when the ONNX file is written, which is the end of what
is timed; then it writes the same model for torch, a PaDiM also as OpenVINO IR, and ends. PatchCore keeps 1 % of the patches: its own
default, 10 %, selects for most of an hour on two cores.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import os
import warnings
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--weights", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--model", choices=("padim", "patchcore"), default="padim")
    arguments = parser.parse_args()
    data, weights, output = arguments.data.resolve(), arguments.weights.resolve(), arguments.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")

    import resnet_weights

    resnet_weights.install(weights)
    import anomalib
    from anomalib.data import MVTecAD
    from anomalib.deploy import ExportType
    from anomalib.engine import Engine
    from anomalib.models import Padim, Patchcore
    from lightning.pytorch import seed_everything

    imported = time.perf_counter()
    seed_everything(42)
    datamodule = MVTecAD(root=data.parent, category=data.name)
    if arguments.model == "padim":
        model = Padim(visualizer=False)
    else:
        model = Patchcore(backbone="resnet18", coreset_sampling_ratio=0.01, visualizer=False)
    engine = Engine(default_root_dir=output / "run", accelerator="cpu", enable_progress_bar=False, logger=False)
    engine.fit(model, datamodule=datamodule)
    fitted = time.perf_counter()

    engine.export(model, ExportType.ONNX, export_root=output)
    answers.write(json.dumps({
        "anomalib": anomalib.__version__,
        "importSeconds": imported - STARTED,
        "fitSeconds": fitted - imported,
        "exportSeconds": time.perf_counter() - fitted,
        "metrics": {name: float(value) for name, value in engine.trainer.callback_metrics.items()},
    }) + "\n")
    answers.flush()
    for kind in (ExportType.TORCH, *([ExportType.OPENVINO] if arguments.model == "padim" else [])):
        engine.export(model, kind, export_root=output)


if __name__ == "__main__":
    main()
