"""What a real Anomalib says of pictures with a model that Blemish exported: its own OpenVINOInferencer, forced to float32.

One JSON line for each picture: normalised score and label. The form anomalib-0.7 needs Anomalib 0.7.0 and --metadata, the
form anomalib-2 Anomalib 2.7.0; anything else is ONNX Runtime's or OpenVINO's own business.
"""

import argparse
import json
import os
import tempfile
import warnings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--form", choices=["anomalib-0.7", "anomalib-2"], required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--metadata")
    parser.add_argument("--check", action="store_true", help="run the official checker of ONNX as well")
    parser.add_argument("pictures", nargs="+")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    if arguments.check:
        import onnx

        onnx.checker.check_model(arguments.model, full_check=True)
    os.chdir(tempfile.mkdtemp())
    judge = seventh(arguments) if arguments.form == "anomalib-0.7" else second(arguments)
    for picture in arguments.pictures:
        score, label = judge(picture)
        print(json.dumps({"path": picture, "score": score, "label": label}), flush=True)


def seventh(arguments):
    from anomalib.data.utils import read_image
    from anomalib.deploy import OpenVINOInferencer

    inferencer = OpenVINOInferencer(
        arguments.model, arguments.metadata, config={"INFERENCE_PRECISION_HINT": "f32"}
    )

    def judge(file):
        result = inferencer.predict(image=read_image(file))
        return float(result.pred_score), bool(result.pred_label)

    return judge


def second(arguments):
    from anomalib.data import NumpyImageBatch
    from anomalib.data.utils import read_image
    from anomalib.deploy import OpenVINOInferencer

    inferencer = OpenVINOInferencer(
        arguments.model, device="CPU", config={"INFERENCE_PRECISION_HINT": "f32"}
    )

    def judge(file):
        image = inferencer.pre_process(read_image(file, as_tensor=False))
        output = inferencer.model({inferencer.input_blob.any_name: image})
        result = NumpyImageBatch(image=image, **inferencer.post_process(output))
        return float(result.pred_score.squeeze()), bool(result.pred_label.squeeze())

    return judge


if __name__ == "__main__":
    main()
