"""Times the leanest Python that gives the same results: ONNX Runtime and OpenCV, no Anomalib.

With --metadata: the same steps as Anomalib 0.7.0's inferencer, written plainly for a model with one map output.
Without: an export of Anomalib 2.x, which takes pixels 0 to 1 and does the rest itself.
"""

import json

from protocol import Judged, Stages, main


def load(arguments):
    import cv2
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if arguments.threads:
        options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(str(arguments.model), options, providers=["CPUExecutionProvider"])
    versions = {"onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__, "numpy": np.__version__}
    if arguments.metadata is None:
        return in_graph(session, cv2, np), versions
    return around_graph(session, json.loads(arguments.metadata.read_text()), cv2, np), versions


def read(file, cv2):
    return cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)


def in_graph(session, cv2, np):
    names = [output.name for output in session.get_outputs()]

    def judge(file):
        stages = Stages()
        image = read(file, cv2)
        stages.lap("read")
        tensor = np.ascontiguousarray(image.astype(np.float32).transpose(2, 0, 1)[None])
        tensor /= 255
        stages.lap("preProcess")
        output = dict(zip(names, session.run(None, {"input": tensor})))
        stages.lap("network")
        return Judged(stages.times, float(output["pred_score"].squeeze()), bool(output["pred_label"].squeeze()))

    return judge


def around_graph(session, metadata, cv2, np):
    steps = metadata["transform"]["transform"]["transforms"]
    span = metadata["max"] - metadata["min"] if "min" in metadata else None

    def pre_process(image):
        for step in steps:
            name = step["__class_fullname__"].split(".")[-1]
            if name == "Resize":
                size = (step["width"], step["height"])
                if image.shape[1::-1] != size:
                    image = cv2.resize(image, size, interpolation=step["interpolation"])
            elif name == "CenterCrop":
                top, left = (image.shape[0] - step["height"]) // 2, (image.shape[1] - step["width"]) // 2
                image = image[top : top + step["height"], left : left + step["width"]]
            elif name == "Normalize":
                most = step["max_pixel_value"]
                mean = np.array(step["mean"], np.float32) * most
                factor = np.reciprocal(np.array(step["std"], np.float32) * most, dtype=np.float32)
                image = (image.astype(np.float32) - mean) * factor
            elif name == "ToFloat":
                image = image.astype(np.float32) / step["max_value"]
            elif name != "ToTensorV2":
                raise SystemExit(f"transform {name} is not known here")
        return np.ascontiguousarray(image.transpose(2, 0, 1)[None], dtype=np.float32)

    def normalise(values, threshold):
        return values if span is None else np.clip((values - threshold) / span + 0.5, 0, 1)

    def judge(file):
        stages = Stages()
        image = read(file, cv2)
        stages.lap("read")
        tensor = pre_process(image)
        stages.lap("preProcess")
        raw_map = session.run(None, {"input": tensor})[0].squeeze()
        stages.lap("network")
        score = raw_map.max()
        label = score >= metadata["image_threshold"]
        _score = normalise(score, metadata["image_threshold"])
        size = (image.shape[1], image.shape[0])
        _mask = cv2.resize((raw_map >= metadata["pixel_threshold"]).astype(np.uint8), size)
        _map = cv2.resize(normalise(raw_map, metadata["pixel_threshold"]).astype(np.float32), size)
        stages.lap("postProcess")
        return Judged(stages.times, float(score), bool(label))

    return judge


if __name__ == "__main__":
    main(load)
