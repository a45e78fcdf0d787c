/**
 * A backbone is data: a frozen network in a folder, described by its manifest. Consumers compute sizes from what the
 * manifest says, never from a trial run.
 */
import { BlemishError } from "../../errors.js";
import type { Interpolation, PreprocessStep } from "../preprocess/steps.js";

/** One of the network's intermediate outputs. */
export interface Tap {
  /** Name of the graph's output, float32 `[1, channels, ⌈H / stride⌉, ⌈W / stride⌉]`. */
  readonly name: string;
  readonly channels: number;
  /** Input pixels per cell. */
  readonly stride: number;
  /** Typical size of its values; embeddings divide by it so that taps weigh alike. */
  readonly scale: number;
}

/** Numbers that a network computes with. */
export type BackbonePrecision = "float32" | "int8";

/** `manifest.json` of a backbone folder. */
export interface BackboneManifest {
  /** Name that `--backbone` takes and model files refer to. */
  readonly id: string;
  /** File name of the network beside the manifest. */
  readonly model: string;
  /** SHA-256 of that file, lower-case hexadecimal. */
  readonly sha256: string;
  /** What that network computes with. Absent = float32. */
  readonly precision?: BackbonePrecision;
  /** The same network in 8-bit integers, beside it: what `precision` int8 takes. */
  readonly int8?: { readonly model: string; readonly sha256: string };
  readonly input: {
    readonly name: string;
    /** Both sides must be a multiple of this, in pixels. */
    readonly multipleOf: number;
    /**
     * The size that the network itself brings every picture to, in pixels; strides then count from it. Absent where it
     * works at the picture's size.
     */
    readonly resizesTo?: { readonly width: number; readonly height: number };
    /** Channel order of the input; networks that want BGR are turned when they are imported. */
    readonly colour: "rgb";
    /** Per channel, in units of 0–255: x → (x − mean) / std. */
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly resize: Interpolation;
  };
  readonly taps: readonly Tap[];
  readonly licence: string;
  /** Where the weights come from, in words. */
  readonly source: string;
}

/**
 * The manifest of a backbone's network in another precision.
 * @throws BACKBONE when the backbone has no such network.
 */
export function withPrecision(manifest: BackboneManifest, precision: BackbonePrecision): BackboneManifest {
  const { int8, ...own } = manifest;
  if (precision === (manifest.precision ?? "float32")) return own;
  if (precision === "int8" && int8 !== undefined) return { ...own, ...int8, precision };
  throw new BlemishError("BACKBONE", {
    subject: `The backbone ${manifest.id}`,
    expected: precision === "int8" ? "an int8 network, as blemish backbone quantise makes it" : precision,
    found: `${manifest.precision ?? "float32"} only`,
  });
}

/** Pixels that tiles of this network's input are multiples of: its own unit and every stride. */
export function tileUnit({ input, taps }: BackboneManifest): number {
  return [input.multipleOf, ...taps.map(({ stride }) => stride)].reduce(leastCommonMultiple);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** What happens to a picture before this backbone sees it at `width` × `height` pixels. */
export function backboneSteps(manifest: BackboneManifest, width: number, height: number): PreprocessStep[] {
  const { mean, std, resize } = manifest.input;
  return [
    { type: "resize", width, height, interpolation: resize },
    { type: "normalize", mean, std, maxPixelValue: 1 },
  ];
}

/**
 * Checks that parsed JSON is a manifest.
 * @throws BACKBONE naming the first field that is wrong.
 */
export function parseBackboneManifest(json: unknown, subject: string): BackboneManifest {
  const need = (ok: boolean, field: string, expected: string) => {
    if (!ok)
      throw new BlemishError("BACKBONE", {
        subject,
        expected: `${field}: ${expected}`,
        found: "something else",
      });
  };
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isPositive = (value: unknown) => typeof value === "number" && value > 0 && Number.isFinite(value);
  const isSide = (value: unknown) => isPositive(value) && Number.isInteger(value);
  const numbers = (value: unknown) =>
    Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
  const manifest = (typeof json === "object" && json !== null ? json : {}) as Partial<BackboneManifest>;
  for (const field of ["id", "model", "licence", "source"] as const)
    need(isText(manifest[field]), field, "a text");
  const isPlainName = (value: unknown) => isText(value) && !/[/\\]/.test(value as string);
  const isHash = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  need(isPlainName(manifest.model), "model", "a file name without folders");
  need(isHash(manifest.sha256), "sha256", "64 hexadecimal digits");
  need(["float32", "int8", undefined].includes(manifest.precision), "precision", "float32 or int8");
  const { int8 } = manifest;
  if (int8 !== undefined) {
    need(isPlainName(int8?.model), "int8.model", "a file name without folders");
    need(isHash(int8?.sha256), "int8.sha256", "64 hexadecimal digits");
  }
  const input: Partial<BackboneManifest["input"]> = manifest.input ?? {};
  need(isText(input.name), "input.name", "a text");
  need(isSide(input.multipleOf), "input.multipleOf", "a whole number > 0");
  const resizesTo = input.resizesTo;
  const isSize = resizesTo === undefined || [resizesTo?.width, resizesTo?.height].every(isSide);
  need(isSize, "input.resizesTo", "width and height, whole numbers > 0");
  need(input.colour === "rgb", "input.colour", "rgb");
  need(numbers(input.mean), "input.mean", "three numbers");
  need(numbers(input.std) && (input.std ?? []).every(isPositive), "input.std", "three numbers > 0");
  need(
    ["nearest", "linear", "area", "antialias"].includes(input.resize ?? ""),
    "input.resize",
    "an interpolation",
  );
  need(Array.isArray(manifest.taps) && manifest.taps.length > 0, "taps", "at least one");
  for (const tap of manifest.taps ?? []) {
    need(isText(tap?.name), "taps.name", "a text");
    need(
      [tap.channels, tap.stride, tap.scale].every(isPositive),
      `taps.${tap.name}`,
      "channels, stride and scale > 0",
    );
  }
  return manifest as BackboneManifest;
}
