"""Trains Anomalib 0.7.0's PaDiM as its tools/train.py does, and exports it.

    python train_070.py --data DATA_SET --weights FILE --output FOLDER [--features 100]

DATA_SET is a folder in MVTec AD's layout. Prints one JSON line when the ONNX file is written, which is the end of what
is timed; then it writes the same model for torch and as OpenVINO IR, and ends.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import os
import sys
import warnings
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--weights", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--features", type=int, default=None)
    arguments = parser.parse_args()
    data, weights, output = arguments.data.resolve(), arguments.weights.resolve(), arguments.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    # `mo`, which makes the IR, stands beside the interpreter.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

    import resnet_weights

    resnet_weights.install(weights)
    import anomalib
    import yaml
    from anomalib.config import get_configurable_parameters
    from anomalib.data import get_datamodule
    from anomalib.deploy import ExportMode, export
    from anomalib.models import get_model
    from anomalib.utils.callbacks import get_callbacks
    from pytorch_lightning import Trainer, seed_everything

    config = yaml.safe_load((Path(anomalib.__file__).parent / "models/padim/config.yaml").read_text())
    config["dataset"].update(path=str(data.parent), category=data.name)
    if arguments.features:
        config["model"]["n_features"] = arguments.features
    config["visualization"].update(save_images=False, log_images=False)
    config["project"]["path"] = str(output / "run")
    config["trainer"].update(accelerator="cpu", enable_progress_bar=False)
    path = output / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    config = get_configurable_parameters("padim", path)
    imported = time.perf_counter()

    seed_everything(config.project.seed)
    datamodule = get_datamodule(config)
    model = get_model(config)
    trainer = Trainer(**config.trainer, logger=False, callbacks=get_callbacks(config))
    trainer.fit(model=model, datamodule=datamodule)
    fitted = time.perf_counter()

    def write(mode):
        transform = trainer.datamodule.test_data.transform.to_dict()
        size = model.hparams.model.input_size
        export(config.dataset.task, transform, size, model.eval(), mode, output)

    write(ExportMode.ONNX)
    answers.write(json.dumps({
        "anomalib": anomalib.__version__,
        "importSeconds": imported - STARTED,
        "fitSeconds": fitted - imported,
        "exportSeconds": time.perf_counter() - fitted,
        "metrics": {name: float(value) for name, value in trainer.callback_metrics.items()},
    }) + "\n")
    answers.flush()
    for mode in (ExportMode.TORCH, ExportMode.OPENVINO):
        write(mode)


if __name__ == "__main__":
    main()
