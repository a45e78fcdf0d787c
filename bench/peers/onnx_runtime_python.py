"""Times the leanest Python that gives the same results: ONNX Runtime and OpenCV, no Anomalib.

The same steps as Anomalib 0.7.0's inferencer, written plainly for a model with one map output. See protocol.py.
"""

import json

from protocol import Stages, main


def load(arguments):
    import cv2
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if arguments.threads:
        options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(str(arguments.weights), options, providers=["CPUExecutionProvider"])
    metadata = json.loads(arguments.metadata.read_text())
    steps = metadata["transform"]["transform"]["transforms"]
    span = metadata["max"] - metadata["min"] if "min" in metadata else None

    def pre_process(image):
        for step in steps:
            name = step["__class_fullname__"].split(".")[-1]
            if name == "Resize":
                image = cv2.resize(image, (step["width"], step["height"]), interpolation=step["interpolation"])
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
        image = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
        stages.lap("decode")
        tensor = pre_process(image)
        stages.lap("pre")
        raw_map = session.run(None, {"input": tensor})[0].squeeze()
        stages.lap("network")
        score = raw_map.max()
        _label = score >= metadata["image_threshold"]
        _score = normalise(score, metadata["image_threshold"])
        size = (image.shape[1], image.shape[0])
        mask = cv2.resize((raw_map >= metadata["pixel_threshold"]).astype(np.uint8), size)
        final_map = cv2.resize(normalise(raw_map, metadata["pixel_threshold"]).astype(np.float32), size)
        stages.lap("post")
        colours = cv2.applyColorMap((final_map * 255).astype(np.uint8), cv2.COLORMAP_JET)
        heat_map = cv2.addWeighted(cv2.cvtColor(colours, cv2.COLOR_BGR2RGB), 0.4, image, 0.6, 0)
        cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        heat_map[cv2.dilate(mask, cross) != cv2.erode(mask, cross)] = (255, 0, 0)
        stages.lap("visualise")
        return stages.times

    return judge, {"onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__, "numpy": np.__version__}


if __name__ == "__main__":
    main("ONNX Runtime and OpenCV in Python", load)
