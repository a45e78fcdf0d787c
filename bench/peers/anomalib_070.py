"""Times the real Anomalib 0.7.0, stage by stage: from an encoded picture to the decision, and the drawing apart.

An .onnx or .xml goes to its OpenVINOInferencer, forced to float32 (OpenVINO's default on processors with bf16 is
bfloat16, which gives other scores); a .pt goes to its TorchInferencer. See protocol.py for the arguments.
"""

import tempfile
import warnings

from protocol import Stages, main


def load(arguments):
    import os

    if arguments.threads:
        os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    warnings.filterwarnings("ignore")
    import anomalib
    import numpy as np
    import torch
    from anomalib.data.utils import read_image
    from anomalib.deploy import OpenVINOInferencer, TorchInferencer
    from anomalib.post_processing import Visualizer
    from anomalib.post_processing.visualizer import ImageResult

    versions = {"anomalib": anomalib.__version__, "torch": torch.__version__}
    if arguments.weights.suffix == ".pt":
        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        inferencer = TorchInferencer(arguments.weights, device="cpu")
        versions["backend"] = "TorchInferencer"
    else:
        import openvino

        # The inferencer makes a folder `cache` where it stands.
        os.chdir(tempfile.mkdtemp())
        config = {"INFERENCE_PRECISION_HINT": "f32"}
        if arguments.threads:
            config["INFERENCE_NUM_THREADS"] = str(arguments.threads)
        inferencer = OpenVINOInferencer(arguments.weights, arguments.metadata, config=config)
        versions.update(openvino=openvino.runtime.get_version(), backend="OpenVINOInferencer f32")
    visualizer = Visualizer(mode="simple", task="segmentation")

    def judge(file):
        stages = Stages()
        image = read_image(file)
        stages.lap("decode")
        inferencer.metadata["image_shape"] = image.shape[:2]
        tensor = inferencer.pre_process(image)
        stages.lap("pre")
        output = inferencer.forward(tensor)
        stages.lap("network")
        result = inferencer.post_process(output, metadata=inferencer.metadata)
        stages.lap("post")
        result = {key: np.asarray(value) for key, value in result.items() if value is not None}
        visualizer.visualize_image(ImageResult(image=image, **result))
        stages.lap("visualise")
        return stages.times

    return judge, versions


if __name__ == "__main__":
    main("Anomalib 0.7.0", load)
