/** One run of a backbone: tensor in, taps out, each checked against the manifest. */
import { BlemishError } from "../../errors.js";
import { elementCount, type Tensor } from "../../tensor.js";
import type { Session } from "../detector/detector.js";
import type { BackboneManifest, Tap } from "./manifest.js";

/**
 * The taps of one picture, in the manifest's order, float32 `[1, channels, ⌈H / stride⌉, ⌈W / stride⌉]` each.
 *
 * @param session the backbone's network.
 * @param input float32 `[1, 3, H, W]`, as `backboneSteps` of the manifest makes it.
 * @throws BlemishError MODEL_INPUT for a tensor of another shape, or whose sides are no multiples of the manifest's;
 *   BACKBONE when the network has no such tap or gives it another shape than the manifest says.
 */
export async function extractTaps(
  session: Session,
  manifest: BackboneManifest,
  input: Tensor,
): Promise<Tensor[]> {
  const given = checkInput(manifest, input);
  const { width, height } = manifest.input.resizesTo ?? given;
  const results = await session.run({ [manifest.input.name]: input });
  return manifest.taps.map((tap) => checkedTap(results[tap.name], tap, { manifest, width, height }));
}

function checkInput(
  { id, input: { multipleOf } }: BackboneManifest,
  { data, shape }: Tensor,
): { width: number; height: number } {
  const [batch, channels, height, width] = shape;
  const fits = (side: number) => side > 0 && side % multipleOf === 0;
  const isPicture =
    shape.length === 4 && batch === 1 && channels === 3 && data.length === elementCount(shape);
  if (isPicture && fits(height) && fits(width)) return { width, height };
  throw new BlemishError("MODEL_INPUT", {
    subject: `The backbone ${id}`,
    expected: `[1, 3, height, width] with sides that are multiples of ${multipleOf}`,
    found: `[${shape.join(", ")}] with ${data.length} values`,
  });
}

interface Run {
  readonly manifest: BackboneManifest;
  readonly width: number;
  readonly height: number;
}

function checkedTap(
  tensor: Tensor | undefined,
  { name, channels, stride }: Tap,
  { manifest, width, height }: Run,
): Tensor {
  const expected = [1, channels, Math.ceil(height / stride), Math.ceil(width / stride)];
  const fits = tensor?.shape.length === 4 && expected.every((side, axis) => tensor.shape[axis] === side);
  if (tensor !== undefined && fits && tensor.data.length === elementCount(expected)) return tensor;
  throw new BlemishError("BACKBONE", {
    subject: `The network of backbone ${manifest.id}`,
    expected: `tap ${name} [${expected.join(", ")}] for ${width} × ${height} pixels, as its manifest says`,
    found: tensor === undefined ? "no such output" : `[${tensor.shape.join(", ")}]`,
  });
}
