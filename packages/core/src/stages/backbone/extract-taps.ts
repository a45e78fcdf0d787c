/**
 * Runs of a backbone: tensor in, taps out, each checked against the manifest. A large input is cut into tiles that are
 * run one after another; what comes out is one set of taps all the same, so that nothing behind knows of them.
 */
import { BlemishError } from "../../errors.js";
import { elementCount, type Tensor, type TensorParts } from "../../tensor.js";
import type { Session } from "../detector/detector.js";
import { type BackboneManifest, type Tap, tileUnit } from "./manifest.js";
import { isTiled, type TileSpan, type TileSpec, tileAxis } from "./tile-plan.js";

/**
 * The taps of one picture, in the manifest's order, float32 `[1, channels, ⌈H / stride⌉, ⌈W / stride⌉]` each.
 *
 * @param session the backbone's network.
 * @param input float32 `[1, 3, H, W]`, as `backboneSteps` of the manifest makes it; whole or in parts.
 * @param tiles how an input that is larger than a tile is cut; not for networks that resize pictures themselves.
 * @throws BlemishError MODEL_INPUT for a tensor of another shape, or whose sides are no multiples of the manifest's (cut
 *   into tiles: of the taps' strides);
 *   BACKBONE when the network has no such tap or gives it another shape than the manifest says.
 */
export async function extractTaps(
  session: Session,
  manifest: BackboneManifest,
  input: Tensor | TensorParts,
  tiles?: TileSpec,
): Promise<Tensor[]> {
  const given = checkInput(manifest, input, manifest.input.multipleOf);
  if (tiles === undefined || !isTiled(tiles, given.width, given.height))
    return runOnce(session, manifest, wholeOf(input), manifest.input.resizesTo ?? given);
  const unit = tileUnit(manifest);
  checkInput(manifest, input, unit);
  const [columns, rows] = [tileAxis(given.width, tiles, unit), tileAxis(given.height, tiles, unit)];
  const size = { width: columns.length, height: rows.length };
  const part: Tensor = {
    data: new Float32Array(3 * size.width * size.height),
    shape: [1, 3, size.height, size.width],
  };
  const whole = manifest.taps.map(({ channels, stride }) => emptyTap(channels, stride, given));
  for (const row of rows.spans) {
    for (const column of columns.spans) {
      if ("part" in input) input.part(column.start, row.start, columns.length, rows.length, part.data);
      else cut(input, column.start, row.start, part);
      const taps = await runOnce(session, manifest, part, size);
      for (const [i, tap] of taps.entries()) paste(tap, manifest.taps[i].stride, column, row, whole[i]);
    }
  }
  return whole;
}

async function runOnce(
  session: Session,
  manifest: BackboneManifest,
  input: Tensor,
  size: { readonly width: number; readonly height: number },
): Promise<Tensor[]> {
  const results = await session.run({ [manifest.input.name]: input });
  return manifest.taps.map((tap) => checkedTap(results[tap.name], tap, { manifest, ...size }));
}

function emptyTap(
  channels: number,
  stride: number,
  { width, height }: { readonly width: number; readonly height: number },
): Tensor {
  const shape = [1, channels, height / stride, width / stride];
  return { data: new Float32Array(elementCount(shape)), shape };
}

function wholeOf(input: Tensor | TensorParts): Tensor {
  if ("data" in input) return input;
  const [, , height, width] = input.shape;
  const data = new Float32Array(elementCount(input.shape));
  input.part(0, 0, width, height, data);
  return { data, shape: input.shape };
}

/** Copies the network's view of a tile out of the input. */
function cut({ data, shape }: Tensor, x: number, y: number, part: Tensor): void {
  const [, channels, height, width] = shape;
  const [, , h, w] = part.shape;
  for (let channel = 0, to = 0; channel < channels; channel++)
    for (let row = 0, from = (channel * height + y) * width + x; row < h; row++, from += width, to += w)
      part.data.set(data.subarray(from, from + w), to);
}

/** Copies what is used of a tile's tap to its place. */
function paste(tap: Tensor, stride: number, column: TileSpan, row: TileSpan, whole: Tensor): void {
  const [, channels, h, w] = tap.shape;
  const [, , height, width] = whole.shape;
  const [x, y] = [column.from / stride, row.from / stride];
  const [left, top] = [x - column.start / stride, y - row.start / stride];
  const wide = column.to / stride - x;
  const high = row.to / stride - y;
  for (let channel = 0; channel < channels; channel++) {
    let from = (channel * h + top) * w + left;
    let to = (channel * height + y) * width + x;
    for (let line = 0; line < high; line++, from += w, to += width)
      whole.data.set(tap.data.subarray(from, from + wide), to);
  }
}

function checkInput(
  { id }: BackboneManifest,
  input: Tensor | TensorParts,
  multipleOf: number,
): { width: number; height: number } {
  const { shape } = input;
  const [batch, channels, height, width] = shape;
  const held = "data" in input ? input.data.length : elementCount(shape);
  const fits = (side: number) => side > 0 && side % multipleOf === 0;
  const isPicture = shape.length === 4 && batch === 1 && channels === 3 && held === elementCount(shape);
  if (isPicture && fits(height) && fits(width)) return { width, height };
  throw new BlemishError("MODEL_INPUT", {
    subject: `The backbone ${id}`,
    expected: `[1, 3, height, width] with sides that are multiples of ${multipleOf}`,
    found: `[${shape.join(", ")}] with ${held} values`,
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
