"""Times the real Anomalib 0.7.0 from an encoded picture to the decision: score, label, map and mask at its size.

--backend openvino-f32 = its OpenVINOInferencer (.onnx or .xml) forced to float32; openvino = the same with OpenVINO's
default, which is bfloat16 on processors that have it and gives other scores; torch = its TorchInferencer (.pt).
"""

import tempfile
import warnings

from protocol import Judged, Stages, main


def load(arguments):
    import os

    if arguments.threads:
        os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    warnings.filterwarnings("ignore")
    import anomalib
    import torch
    from anomalib.data.utils import read_image
    from anomalib.deploy import OpenVINOInferencer, TorchInferencer

    versions = {"anomalib": anomalib.__version__, "torch": torch.__version__}
    if arguments.backend == "torch":
        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        inferencer = TorchInferencer(arguments.model, device="cpu")
    else:
        import openvino

        # The inferencer makes a folder `cache` where it stands; a new one, so that every start compiles the model.
        os.chdir(tempfile.mkdtemp())
        config = {"INFERENCE_PRECISION_HINT": "f32"} if arguments.backend == "openvino-f32" else {}
        if arguments.threads:
            config["INFERENCE_NUM_THREADS"] = str(arguments.threads)
        inferencer = OpenVINOInferencer(arguments.model, arguments.metadata, config=config)
        versions.update(openvino=openvino.runtime.get_version())

    def judge(file):
        stages = Stages()
        image = read_image(file)
        stages.lap("read")
        inferencer.metadata["image_shape"] = image.shape[:2]
        tensor = inferencer.pre_process(image)
        stages.lap("preProcess")
        with torch.no_grad():
            output = inferencer.forward(tensor)
        stages.lap("network")
        result = inferencer.post_process(output, metadata=inferencer.metadata)
        stages.lap("postProcess")
        # A word from the TorchInferencer, a truth value from the other.
        return Judged(stages.times, raw_score(output), result["pred_label"] in ("Anomalous", True))

    return judge, versions


def raw_score(output):
    """The maximum of the raw map, which the inferencers hand on normalised only."""
    values = next(iter(output.values())) if hasattr(output, "values") and not hasattr(output, "max") else output
    return float(values.max())


if __name__ == "__main__":
    main(load)
