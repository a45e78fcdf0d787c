import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportedManifest, type ModelFile, writeModelFile, writeOnnx } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { writeUnlikePatchcore } from "../../../../tests/support/patchcore-fixtures.js";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { sha256 } from "../sha256.js";
import { prepareModel } from "./prepare-model.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-prepare-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** How the factors of the one detector are stored. */
function precisionOf({ detectors }: ModelFile): string {
  expect(detectors).toHaveLength(1);
  const { head } = detectors[0]!;
  return head.kind === "padim" ? head.gaussians.precision : head.kind;
}

describe("an export that is recognised", () => {
  it.each(["padim-070-segmentation", "padim-120", "padim-270"])(
    "runs on the fast engine: %s",
    async (name) => {
      for (const engine of ["auto", "fast"] as const) {
        const { shared, modelPath } = await prepareModel(fixturePath(name), { engine }, 1);
        expect(modelPath).toBe(fixturePath(name, "model.onnx"));
        expect(shared?.model.manifest.origin).toBe("anomalib");
        expect(precisionOf(shared!.model)).toBe("int16");
      }
    },
  );

  it("is not hashed, for nobody asks", async () => {
    const { shared } = await prepareModel(fixturePath("padim-070-segmentation"), {}, 1);
    const { backbone, imported } = shared!.model.manifest as ImportedManifest;
    expect([backbone.sha256, imported.sha256]).toEqual(["0".repeat(64), "0".repeat(64)]);
  });

  it("runs as it is when that is asked for, and keeps its factors as they are wanted", async () => {
    const path = fixturePath("padim-070-segmentation");
    expect((await prepareModel(path, { engine: "onnx" }, 1)).shared).toBeNull();
    const { shared } = await prepareModel(path, { factors: "float32" }, 1);
    expect(precisionOf(shared!.model)).toBe("float32");
  });

  it("follows what the caller says of it", async () => {
    const options = { score: "map-max", task: "classification" } as const;
    const { shared, description } = await prepareModel(fixturePath("padim-120"), options, 1);
    expect(description).toMatchObject({ scoreSource: "map-max", task: "classification" });
    expect(shared?.model.manifest).toMatchObject({ imported: { description: { scoreSource: "map-max" } } });
  });
});

describe("a PatchCore export", () => {
  const bankOf = async (options: Parameters<typeof prepareModel>[1]) => {
    const { shared } = await prepareModel(fixturePath("patchcore-070"), options, 2);
    const { head } = shared!.model.detectors[0]!;
    return head.kind === "patchcore" ? head.bank : null;
  };

  it("is read by the fast engine, its bank in float32 or in int8", async () => {
    expect((await bankOf({}))?.data).toBeInstanceOf(Float32Array);
    expect((await bankOf({ bankPrecision: "int8" }))?.data).toBeInstanceOf(Int8Array);
  });

  it("has no factors, and PaDiM no bank", async () => {
    await expect(bankOf({ factors: "int16" })).rejects.toThrow(/--factors.*OPTION_VALUE/);
    const padim = prepareModel(fixturePath("padim-120"), { bankPrecision: "int8" }, 1);
    await expect(padim).rejects.toThrow(/--bank-precision.*OPTION_VALUE/);
  });
});

describe("an export that is not recognised", () => {
  const unlike = () => writeUnlikePatchcore(join(folder, "unlike"));

  it("runs whole, and its notes say why", async () => {
    const { shared, description } = await prepareModel(await unlike(), {}, 1);
    expect(shared).toBeNull();
    expect(description.notes.at(-1)).toMatch(/runs whole in ONNX Runtime\. The fast engine needs .*√/);
  });

  it("is refused when the fast engine is a must", async () => {
    await expect(prepareModel(await unlike(), { engine: "fast" }, 1)).rejects.toThrow(
      /unlike.*√.*--engine onnx.*MODEL_ENGINE/,
    );
  });
});

describe("an export with statistics that cannot be used", () => {
  it.each([0, Number.NaN])("is refused, and pointed to the other engine: %d", async (value) => {
    const raw = new Uint8Array(Float32Array.from({ length: 1024 }, () => value).buffer);
    const inverse = {
      name: "inv_cov",
      dataType: 1,
      dims: [64, 4, 4],
      payload: { kind: "raw" as const, bytes: raw },
    };
    const here = await mkdtemp(join(folder, "singular-"));
    await writeFile(join(here, "model.onnx"), writeOnnx(wholePadim({ initialisers: { inv_cov: inverse } })));
    const metadata = await readFile(fixturePath("padim-070-segmentation", "metadata.json"), "utf8");
    await writeFile(join(here, "metadata.json"), metadata.replaceAll("64", "32"));
    for (const engine of ["auto", "fast"] as const)
      await expect(prepareModel(here, { engine }, 1)).rejects.toThrow(/engine onnx.*MODEL_STATISTICS/);
    expect((await prepareModel(here, { engine: "onnx" }, 1)).shared).toBeNull();
  });
});

describe("a model file", () => {
  it("says everything itself", async () => {
    for (const model of [smallModel(), smallImported()]) {
      const path = join(folder, "part.blemish");
      await writeFile(path, writeModelFile(model, sha256));
      const { shared, description } = await prepareModel(path, { engine: "auto" }, 1);
      expect(shared?.model).toEqual(model);
      expect(description.imageThreshold).toBe(3.5);
      await prepareModel(path, { engine: "fast" }, 1);
      await expect(prepareModel(path, { engine: "onnx" }, 1)).rejects.toMatchObject({
        code: "OPTION_VALUE",
        subject: "engine",
      });
      await expect(prepareModel(path, { factors: "int8" }, 1)).rejects.toMatchObject({
        code: "OPTION_VALUE",
        subject: "factors",
      });
    }
  });
});
