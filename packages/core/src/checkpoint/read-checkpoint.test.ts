import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { dictionary, pickle, torchArchive, zip } from "../../../../tests/support/torch-archive.js";
import { readCheckpoint } from "./read-checkpoint.js";

describe("a checkpoint", () => {
  it("of Lightning gives its state by name", () => {
    const { tensors, module, root } = readCheckpoint(
      smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }),
      "model.ckpt",
    );
    expect(module).toBe(null);
    expect(tensors["model.gaussian.inv_covariance"]?.shape).toEqual([64, 4, 4]);
    expect(Array.from(tensors["model.idx"]?.data as Int32Array)).toEqual([9, 2, 4, 0]);
    expect(tensors["image_threshold.value"]?.data[0]).toBe(3.5);
    expect(root.get("epoch")).toBe(0);
  });

  it("of a module gives the same tensors under the names that its state would have", () => {
    for (const method of ["padim", "patchcore"] as const) {
      const state = readCheckpoint(
        smallCheckpoint({ method, version: "2", saved: "lightning" }),
        "a",
      ).tensors;
      const saved = readCheckpoint(smallCheckpoint({ method, version: "2", saved: "module" }), "b");
      expect(saved.module).toBe(`anomalib.models.image.${method}.lightning_model.Module`);
      expect(Object.keys(saved.tensors).sort()).toEqual(Object.keys(state).sort());
      for (const [name, { data }] of Object.entries(state)) expect(saved.tensors[name]?.data).toEqual(data);
    }
  });
});

/** Files that the real torch wrote (fixtures/checkpoints/make.py). */
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../../../fixtures/checkpoints", name));

describe("what the real torch writes", () => {
  const ramp = (count: number) => Array.from({ length: count }, (_, i) => i / 8 - 1);
  const { tensors } = readCheckpoint(fixture("tensors.ckpt"), "tensors.ckpt");
  const transposed = [0, 1, 2, 3].flatMap((column) => [0, 1, 2].map((row) => (4 * row + column) / 8 - 1));

  it.each<[string, number[], number[]]>([
    ["float32", [3, 4], ramp(12)],
    ["float64", [5], ramp(5)],
    ["float16", [4], ramp(4)],
    ["bfloat16", [4], ramp(4)],
    ["int64", [6], [-2, -1, 0, 1, 2, 3]],
    ["int32", [4], [0, 1, 2, 3]],
    ["bool", [3], [1, 0, 1]],
    ["transposed", [4, 3], transposed],
    ["slice", [2, 2], [9, 10, 13, 14].map((i) => i / 8 - 1)],
    ["parameter", [2, 2], ramp(4)],
    ["scalar", [], [14.25]],
    ["empty", [0], []],
  ])("%s", (name, shape, values) => {
    expect(tensors[name]?.shape).toEqual(shape);
    expect(Array.from(tensors[name]?.data as Float32Array)).toEqual(values);
  });

  it("code that Python would run is refused", () => {
    expect(() => readCheckpoint(fixture("code.ckpt"), "code.ckpt")).toThrowError(
      expect.objectContaining({ code: "CHECKPOINT_CODE", found: "posix.system" }),
    );
  });
});

describe("what is no checkpoint", () => {
  it.each<[string, Uint8Array]>([
    ["a zip archive of something else", zip({ "a/readme.txt": Uint8Array.of(1) })],
    ["a list", torchArchive([1, 2])],
    ["a dictionary without a model", torchArchive(dictionary({ optimiser: 1 }))],
    [
      "big-endian numbers",
      zip({ "a/data.pkl": pickle(dictionary({})), "a/byteorder": new TextEncoder().encode("big") }),
    ],
  ])("%s", (_, bytes) => {
    expect(() => readCheckpoint(bytes, "model.pt")).toThrow(/MODEL_FORMAT/);
  });

  it("a checkpoint with code is refused and nothing of it runs", () => {
    // Python's own reader would write this file.
    const written = join(tmpdir(), `blemish-${process.pid}-evil`);
    const evil = smallCheckpoint({
      method: "padim",
      version: "0.7",
      saved: "lightning",
      changes: { callbacks: { call: ["os", "system"], args: [`touch ${written}`] } },
    });
    expect(() => readCheckpoint(evil, "model.ckpt")).toThrowError(
      expect.objectContaining({ code: "CHECKPOINT_CODE", found: "os.system" }),
    );
    expect(existsSync(written)).toBe(false);
  });
});
