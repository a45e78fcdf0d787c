/**
 * A model small enough to write in a test: the map is ten times the distance of a pixel's brightness from mid-grey
 * (0–10 raw), the image threshold 5. Grey pictures are good, pictures with a white or black patch anomalous.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type OnnxModel, type OnnxTensor, type RgbImage, writeOnnx } from "@blemish/core";
import { encodePng } from "@blemish/node";

/** Side of the network's input. */
export const TINY_SIDE = 32;

const FLOAT32 = 1;

function floats(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  return {
    name,
    dataType: FLOAT32,
    dims,
    payload: { kind: "raw", bytes: new Uint8Array(Float32Array.from(values).buffer) },
  };
}

/** The graph: 1×1 convolution, absolute value, as Anomalib 0.7 names input and output. */
export function tinyModel(): OnnxModel {
  const node = (opType: string, inputs: string[], outputs: string[]) => ({
    name: `${opType}_0`,
    opType,
    domain: "",
    inputs,
    outputs,
    attributes: [],
  });
  return {
    irVersion: 6,
    producerName: "blemish tests",
    producerVersion: "1",
    opsets: [{ domain: "", version: 11 }],
    metadataProps: [],
    graph: {
      name: "tiny",
      nodes: [node("Conv", ["input", "weight"], ["signed"]), node("Abs", ["signed"], ["output"])],
      initialisers: [floats("weight", [1, 3, 1, 1], [10 / 3, 10 / 3, 10 / 3])],
      inputs: [{ name: "input", elementType: FLOAT32, dims: [1, 3, TINY_SIDE, TINY_SIDE] }],
      outputs: [{ name: "output", elementType: FLOAT32, dims: [1, 1, TINY_SIDE, TINY_SIDE] }],
      valueInfo: [],
    },
  };
}

/** The metadata.json that goes with it, in Anomalib 0.7's form. */
export function tinyMetadata(): object {
  const step = (name: string, fields: object) => ({
    __class_fullname__: name,
    always_apply: true,
    p: 1,
    ...fields,
  });
  const transforms = [
    step("Resize", { height: TINY_SIDE, width: TINY_SIDE, interpolation: 1 }),
    step("Normalize", { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], max_pixel_value: 255 }),
    step("ToTensorV2", { transpose_mask: false }),
  ];
  const compose = {
    __class_fullname__: "Compose",
    p: 1,
    transforms,
    bbox_params: null,
    keypoint_params: null,
  };
  return {
    task: "segmentation",
    transform: {
      __version__: "1.3.1",
      transform: { ...compose, additional_targets: {}, is_check_shapes: true },
    },
    image_threshold: 5,
    pixel_threshold: 5,
    min: 0,
    max: 10,
  };
}

/** Writes model.onnx and metadata.json into a folder and gives the model's path. */
export async function writeTinyModel(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "model.onnx");
  await writeFile(path, writeOnnx(tinyModel()));
  await writeFile(join(folder, "metadata.json"), JSON.stringify(tinyMetadata()));
  return path;
}

/** A mid-grey picture, with a white square patch of the given side in the middle (0 = none). */
export function tinyPicture(width: number, height: number, patch: number): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(128);
  const [left, top] = [Math.floor((width - patch) / 2), Math.floor((height - patch) / 2)];
  for (let y = top; y < top + patch; y++)
    data.fill(255, (y * width + left) * 3, (y * width + left + patch) * 3);
  return { width, height, channels: 3, data };
}

/** Writes such a picture as PNG. */
export async function writeTinyPicture(path: string, patch: number, width = 80, height = 60): Promise<void> {
  await writeFile(path, await encodePng(tinyPicture(width, height, patch)));
}
