"""Times the real Anomalib 2.7.0 from an encoded picture to the decision: score, label, map and mask of its graph.

--backend openvino-f32 = its OpenVINOInferencer (.onnx or .xml) forced to float32; openvino = the same with OpenVINO's
default, which is bfloat16 on processors that have it and gives other scores; torch = its TorchInferencer (.pt).
"""

import os
import tempfile
import warnings

from protocol import Judged, Stages, main


def load(arguments):
    if arguments.threads:
        os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    warnings.filterwarnings("ignore")
    import anomalib
    import torch
    from anomalib.data import ImageBatch, NumpyImageBatch
    from anomalib.data.utils import read_image
    from anomalib.deploy import OpenVINOInferencer, TorchInferencer

    versions = {"anomalib": anomalib.__version__, "torch": torch.__version__}
    if arguments.backend == "torch":
        # The file is one that this run made itself.
        os.environ["TRUST_REMOTE_CODE"] = "1"
        inferencer = TorchInferencer(arguments.model, device="cpu")

        def run(image):
            with torch.no_grad():
                return inferencer.model(image)

        def result_of(image, output):
            return ImageBatch(image=image, **output._asdict())
    else:
        import openvino

        # The inferencer makes a folder `openvino_cache` where it stands; a new one, so that every start compiles.
        os.chdir(tempfile.mkdtemp())
        config = {"INFERENCE_PRECISION_HINT": "f32"} if arguments.backend == "openvino-f32" else {}
        if arguments.threads:
            config["INFERENCE_NUM_THREADS"] = str(arguments.threads)
        inferencer = OpenVINOInferencer(arguments.model, device="CPU", config=config)
        versions.update(openvino=openvino.get_version())

        def run(image):
            return inferencer.model({inferencer.input_blob.any_name: image})

        def result_of(image, output):
            return NumpyImageBatch(image=image, **inferencer.post_process(output))

    def judge(file):
        stages = Stages()
        image = read_image(file, as_tensor=arguments.backend == "torch")
        stages.lap("read")
        image = inferencer.pre_process(image)
        stages.lap("preProcess")
        output = run(image)
        stages.lap("network")
        result = result_of(image, output)
        stages.lap("postProcess")
        return Judged(stages.times, float(result.pred_score.squeeze()), bool(result.pred_label.squeeze()))

    return judge, versions


if __name__ == "__main__":
    main(load)
