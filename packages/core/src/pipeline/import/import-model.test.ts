import { describe, expect, it } from "vitest";
import {
  type PatchcoreFixture,
  patchcoreExport,
  withChanges,
} from "../../../../../tests/support/patchcore-fixtures.js";
import { floats, ints, smallPadim } from "../../../../../tests/support/small-onnx.js";
import { WHOLE_CHANNELS, wholePadim, wholePadim2 } from "../../../../../tests/support/whole-padim.js";
import { describeModel } from "../../anomalib/describe-model.js";
import { parseMetadata } from "../../anomalib/metadata.js";
import type { ModelDescription } from "../../anomalib/model-description.js";
import type { ImportedManifest } from "../../bundle/manifest.js";
import { readModelFile, writeModelFile } from "../../bundle/model-file.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { readOnnx } from "../../onnx/read-onnx.js";
import { type ImportRequest, importModel } from "./import-model.js";

const sha256 = (parts: readonly Uint8Array[]) =>
  String(parts.reduce((sum, part) => part.reduce((all, byte) => (all * 31 + byte) % 1e9, sum), 7)).padStart(
    64,
    "0",
  );

const METADATA = JSON.stringify({
  task: "segmentation",
  transform: {
    transform: {
      __class_fullname__: "Compose",
      transforms: [
        { __class_fullname__: "Resize", height: 32, width: 32, interpolation: 1, always_apply: true },
        {
          __class_fullname__: "Normalize",
          mean: [0.5, 0.25, 0],
          std: [0.5, 1, 2],
          max_pixel_value: 255,
          always_apply: false,
        },
        { __class_fullname__: "ToTensorV2", transpose_mask: false, always_apply: true },
      ],
    },
  },
  image_threshold: 3,
  pixel_threshold: 2,
  min: 0,
  max: 6,
});

/** The same for pictures of 64 × 64. */
const METADATA_64 = METADATA.replace('"height":32,"width":32', '"height":64,"width":64');

function describeSmall(model: OnnxModel, text: string | null = METADATA): ModelDescription {
  const metadata = text === null ? null : parseMetadata(text, "metadata.json");
  return describeModel({ model, subject: "model.onnx", metadata });
}

/** The bytes of the export's file; what they are does not matter here. */
const CONTENT = new TextEncoder().encode("an export");

const imported = (
  model = wholePadim(),
  description = describeSmall(model),
  hash: ImportRequest["sha256"] = sha256,
) =>
  importModel({
    model,
    description,
    files: new Map(),
    file: { name: "model.onnx", bytes: 1234, content: CONTENT },
    factors: "float32",
    subject: "model.onnx",
    sha256: hash,
  });

describe("importModel", () => {
  it("keeps what the export says and how its layers are put together again", () => {
    const { manifest, detectors, scores, cdf } = imported();
    expect(manifest).toMatchObject({
      origin: "anomalib",
      profile: "anomalib-0.7",
      size: { width: 32, height: 32 },
      passes: [
        {
          size: { width: 32, height: 32 },
          preprocessing: describeSmall(wholePadim()).preprocessing,
          detectors: [
            {
              embedding: { grid: "finest", neighbourhood: 1, scales: [1, 1], projectionRows: 0 },
              channels: 4,
              grid: { width: 8, height: 8 },
              factor: 1,
              unit: null,
              head: { kind: "padim", precision: "float32", fit: null },
            },
          ],
        },
      ],
      map: { sigma: 1, score: "max", ignoreBorder: 0 },
      imported: { file: "model.onnx", bytes: 1234, sha256: sha256([CONTENT]), normaliser: null },
    });
    expect(manifest.imported.description).toEqual(describeSmall(wholePadim()));
    expect(detectors).toMatchObject([
      { projection: null, head: { kind: "padim", gaussians: { channels: 4, cells: 64 }, statistics: null } },
    ]);
    expect([scores, cdf]).toEqual([null, null]);
    const { taps, input } = manifest.backbone;
    expect(taps.map(({ channels, stride }) => [channels, stride])).toEqual([
      [2, 4],
      [2, 8],
    ]);
    expect(input).toMatchObject({ name: "input", multipleOf: 1, resize: "linear" });
    expect(input.mean).toEqual([127.5, 63.75, 0]);
    expect(input.std).toEqual([127.5, 255, 510]);
    const concatenated = keptOf(WHOLE_CHANNELS);
    expect(keptChannels(manifest).map((place) => concatenated[place])).toEqual(WHOLE_CHANNELS);
  });

  it("cuts the network before the layers are put together", () => {
    const { backbone, manifest } = imported();
    const { graph } = readOnnx(backbone, "backbone");
    expect(graph.outputs.map(({ name }) => name)).toEqual(manifest.backbone.taps.map(({ name }) => name));
    expect(graph.initialisers.some(({ name }) => name === "inv_cov" || name === "mean")).toBe(false);
    expect(manifest.backbone.sha256).toBe(sha256([backbone]));
  });

  it("keeps the end of a 2.x graph, and that it resizes pictures itself", () => {
    const model = wholePadim2();
    const { manifest } = imported(model, describeSmall(model, null));
    expect(manifest.profile).toBe("anomalib-2");
    expect(manifest.backbone.input.resizesTo).toEqual({ width: 32, height: 32 });
    expect(manifest.imported.normaliser).toEqual({
      image: { threshold: 3, range: 4 },
      pixel: { threshold: 2.5, range: 5 },
    });
    expect(manifest.imported.description.outputs.mask).toBe("pred_mask");
  });

  it("makes a file that reads back", () => {
    const model = imported();
    expect(readModelFile(writeModelFile(model, sha256), "part.blemish", sha256)).toEqual(model);
  });

  it.each([
    [
      [11, 5, 8, 4],
      [1, 4],
    ],
    [[0, 1, 2, 3], [4]],
    [
      [7, 7, 0, 7],
      [1, 1],
    ],
  ])("finds the drawn order of %j again, and leaves out layers without a channel", (drawn, counts) => {
    const model = wholePadim({ initialisers: { idx: ints("idx", [4], drawn) } });
    const { manifest } = imported(model);
    expect(manifest.backbone.taps.map(({ channels }) => channels)).toEqual(counts);
    const concatenated = keptOf(drawn);
    expect(keptChannels(manifest).map((place) => concatenated[place])).toEqual(drawn);
  });

  it("keeps per-pixel statistics beside the manifest", () => {
    const pixel = { mean: new Float32Array(1024).fill(1), std: new Float32Array(1024).fill(2) };
    const description: ModelDescription = {
      ...describeSmall(wholePadim()),
      normalisation: { method: "cdf", image: { mean: 0, std: 1 }, pixel },
    };
    const { manifest, cdf } = imported(wholePadim(), description);
    expect(cdf).toEqual(pixel);
    expect(manifest.imported.description.normalisation).toMatchObject({
      pixel: { mean: new Float32Array(0) },
    });
  });

  it("refuses graphs that are not recognised, with the reason, before anything is hashed", () => {
    const description = describeSmall(wholePadim());
    const hash = () => expect.fail("hashed");
    expect(() => imported(smallPadim(), description, hash)).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE", subject: "model.onnx" }),
    );
  });

  it("hashes nothing for a model that is never written; all else is the same", () => {
    const description = describeSmall(wholePadim());
    const model = imported(wholePadim(), description, null);
    const hashed = imported();
    const { backbone, imported: origin } = model.manifest;
    expect([backbone.sha256, origin.sha256]).toEqual(["0".repeat(64), "0".repeat(64)]);
    const hashes = {
      backbone: { ...backbone, sha256: hashed.manifest.backbone.sha256 },
      imported: { ...origin, sha256: hashed.manifest.imported.sha256 },
    };
    expect({ ...model, manifest: { ...model.manifest, ...hashes } }).toEqual(hashed);
  });

  it.each([
    ["singular", 0],
    ["NaN", Number.NaN],
    ["infinite", Number.POSITIVE_INFINITY],
  ])("refuses %s statistics", (_, value) => {
    const inverse = floats("inv_cov", [64, 4, 4], Array(1024).fill(value));
    expect(() => imported(wholePadim({ initialisers: { inv_cov: inverse } }))).toThrowError(
      expect.objectContaining({ code: "MODEL_STATISTICS" }),
    );
  });
});

describe("importModel of PatchCore", () => {
  const request = (changes: Partial<ImportRequest> = {}, name: PatchcoreFixture = "patchcore-070") => {
    const { model, files } = patchcoreExport(name);
    const description = describeSmall(model, name === "patchcore-070" ? METADATA_64 : null);
    const file = { name: "model.onnx", bytes: 1234, content: CONTENT };
    return importModel({ model, description, files, file, subject: "model.onnx", sha256, ...changes });
  };

  it("keeps bank, neighbours and both enlargements, and cuts the network before the layers' mean", () => {
    const { manifest, detectors, backbone } = request();
    const [one] = manifest.passes[0]!.detectors;
    expect(one).toMatchObject({
      embedding: { grid: "finest", neighbourhood: 3, channels: null, enlargement: "nearest" },
      channels: 48,
      grid: { width: 8, height: 8 },
      factor: 1,
      head: { kind: "patchcore", rows: 30, precision: "float32", neighbours: 9 },
    });
    expect(manifest.map).toEqual({ sigma: 4, upsampling: "nearest", score: "max", ignoreBorder: 0 });
    expect(detectors).toMatchObject([{ head: { bank: { rows: 30, channels: 48, scale: null } } }]);
    expect(manifest.imported.description.scoreSource).toBe("output");
    const { graph } = readOnnx(backbone, "backbone");
    expect(graph.nodes.some(({ opType }) => opType === "AveragePool" || opType === "TopK")).toBe(false);
    expect(graph.initialisers.some(({ name }) => name === "memory_bank")).toBe(false);
  });

  it("keeps the end of a 2.x graph, whose network takes one picture then", () => {
    const { manifest, backbone } = request({}, "patchcore-270");
    expect(manifest.passes[0]!.detectors[0]!.embedding.enlargement).toBe("bilinear");
    expect(manifest.backbone.input.resizesTo).toEqual({ width: 64, height: 64 });
    expect(manifest.imported.decisions).toEqual({ image: 0.5, pixel: 0.5 });
    expect(readOnnx(backbone, "backbone").graph.inputs[0]?.dims?.[0]).toBe(1);
  });

  it.each(["float32", "int8"] as const)(
    "makes a file that reads back, with a bank in %s",
    (bankPrecision) => {
      const model = request({ bankPrecision });
      expect(readModelFile(writeModelFile(model, sha256), "part.blemish", sha256)).toEqual(model);
    },
  );

  it("refuses a precision of what the method does not have", () => {
    expect(() => request({ factors: "int16" })).toThrow(/--factors.*PatchCore.*OPTION_VALUE/);
    const padim = wholePadim();
    const parts = { model: padim, description: describeSmall(padim), files: new Map() };
    expect(() => request({ ...parts, bankPrecision: "int8" })).toThrow(
      /--bank-precision.*PaDiM.*OPTION_VALUE/,
    );
  });

  it("refuses a bank that is not finite", () => {
    const { model } = patchcoreExport("patchcore-070");
    const bank = floats("memory_bank", [30, 48], Array(1440).fill(Number.NaN));
    const turned = floats("onnx::MatMul_336", [48, 30], Array(1440).fill(Number.NaN));
    const broken = withChanges(model, { initialisers: [bank, turned] });
    // Whether the recogniser or the import sees it first, no model comes of it.
    expect(() => request({ model: broken })).toThrow(/MODEL_(ENGINE|STATISTICS)/);
  });
});

/** The kept channels of the one detector. */
function keptChannels({ passes }: ImportedManifest): readonly number[] {
  expect([passes.length, passes[0]?.detectors.length]).toEqual([1, 1]);
  return passes[0]!.detectors[0]!.embedding.channels!;
}

/** The channels that leave the network, in the order of its outputs; layer1 alone has the grid, so it always stays. */
function keptOf(drawn: readonly number[]): number[] {
  const of = (low: number, high: number) =>
    [...new Set(drawn)].filter((channel) => channel >= low && channel < high).sort((a, b) => a - b);
  const first = of(0, 4);
  return [...(first.length > 0 ? first : [0]), ...of(4, 12)];
}
