/**
 * The detector that runs a whole exported graph in a network runtime and reads its outputs by name. It knows
 * shapes, not meanings: whether the numbers can be judged is decided by `stages/postprocess`.
 */
import type { ModelDescription } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import { elementCount, type Tensor } from "../../tensor.js";
import type { FloatMap, Mask } from "../image/image.js";
import type { Detection, Detector, Session } from "./detector.js";

/**
 * A detector over a graph that Anomalib exported.
 *
 * - Where the export fixed its batch (2.7.0 PatchCore: 2) the picture is fed that many times and the first answer counts.
 * - Maps and masks are read from `[1, 1, h, w]`, `[1, h, w]` or `[h, w]`, scores and labels from `[1, 1]`, `[1]` or
 *   a scalar; the leading side may be the batch.
 * - The score is the graph's own where `model.scoreSource` is `output`; otherwise null, and the map's maximum counts.
 *
 * `detect` throws BlemishError MODEL_INPUT for a tensor that the graph does not take and MODEL_OUTPUT for an output
 * that is missing or has a shape not named above.
 */
export function graphDetector(session: Session, model: ModelDescription): Detector {
  const { input, outputs } = model;
  const repeat = repeater(input.batch);
  return {
    inputs: [model.preprocessing],
    async detect(inputs) {
      const [picture] = inputs as readonly [Tensor];
      checkInput(picture, input);
      const results = await session.run({ [input.name]: repeat(picture) });
      const read = (name: string | null) => (name === null ? null : namedOutput(results, name));
      const map = read(outputs.map);
      const score = model.scoreSource === "output" ? read(outputs.score) : null;
      const label = read(outputs.label);
      const mask = read(outputs.mask);
      return {
        map: map && planeOf(map, input.batch),
        score: score && scalarOf(score, input.batch),
        label: label && scalarOf(label, input.batch) !== 0,
        mask: mask && maskOf(planeOf(mask, input.batch)),
        normalised: model.normalisation.method === "in-graph",
      } satisfies Detection;
    },
    close: () => session.close(),
  };
}

interface NamedTensor extends Tensor {
  readonly name: string;
}

function namedOutput(results: Readonly<Record<string, Tensor>>, name: string): NamedTensor {
  const tensor = results[name];
  if (tensor === undefined)
    throw wrongOutput(name, "an output of this name", Object.keys(results).join(", ") || "none");
  return { ...tensor, name };
}

/** Copies a picture `batch` times into one tensor, whose memory is kept for the next picture of the same size. */
function repeater(batch: number): (picture: Tensor) => Tensor {
  if (batch === 1) return (picture) => picture;
  let data = new Float32Array(0);
  return (picture) => {
    const size = picture.data.length;
    if (data.length !== size * batch) data = new Float32Array(size * batch);
    for (let copy = 0; copy < batch; copy++) data.set(picture.data, copy * size);
    return { data, shape: [batch, ...picture.shape.slice(1)] };
  };
}

function checkInput({ data, shape }: Tensor, { name, height, width }: ModelDescription["input"]): void {
  const [batch, channels, h, w] = shape;
  const fits = batch === 1 && channels === 3 && (height ?? h) === h && (width ?? w) === w;
  if (fits && shape.length === 4 && data.length === elementCount(shape)) return;
  throw new BlemishError("MODEL_INPUT", {
    subject: `The input "${name}" of the model`,
    expected: shapeText([1, 3, height ?? "any height", width ?? "any width"]),
    found: `${shapeText(shape)} with ${data.length} values`,
  });
}

/** The last two sides of the first picture's share; a view of the output where it holds nothing else. */
function planeOf({ name, data, shape }: NamedTensor, batch: number): FloatMap {
  const [height = 0, width = 0] = shape.slice(-2);
  const pictures = elementCount(shape.slice(0, -2));
  const area = height * width;
  const fits =
    shape.length >= 2 &&
    area > 0 &&
    (pictures === 1 || pictures === batch) &&
    data.length === pictures * area;
  if (!fits)
    throw wrongOutput(
      name,
      shapeText([batch, 1, "height", "width"]),
      `${shapeText(shape)} with ${data.length} values`,
    );
  return { width, height, data: pictures === 1 ? data : data.slice(0, area) };
}

function scalarOf({ name, data, shape }: NamedTensor, batch: number): number {
  const count = elementCount(shape);
  const fits = data.length === count && (count === 1 || count === batch);
  if (!fits)
    throw wrongOutput(name, "one number for a picture", `${shapeText(shape)} with ${data.length} values`);
  return data[0]!;
}

function maskOf({ width, height, data }: FloatMap): Mask {
  const bits = new Uint8Array(data.length);
  for (let i = 0; i < bits.length; i++) bits[i] = data[i] === 0 ? 0 : 1;
  return { width, height, channels: 1, data: bits };
}

function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

function wrongOutput(name: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_OUTPUT", { subject: `The output "${name}" of the model`, expected, found });
}
