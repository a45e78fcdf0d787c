import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { externalDataFiles, readOnnx } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { ortSession } from "../session/ort-session.js";
import { exportModelFile } from "./export-model-file.js";

const root = mkdtempSync(join(tmpdir(), "blemish-export-"));
const MODEL = join(root, "model.ckpt");
writeFileSync(MODEL, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const SESSION = { threads: 1, spinning: false };

async function scoreOf(path: string): Promise<number> {
  const session = await ortSession(path, SESSION);
  const input = { data: new Float32Array(3 * 32 * 32).map((_, i) => Math.sin(i)), shape: [1, 3, 32, 32] };
  const { pred_score } = await session.run({ input });
  await session.close();
  return pred_score!.data[0]!;
}

describe("exportModelFile", () => {
  it("writes one file that runs, and weights beside it where they are too large", async () => {
    const whole = await exportModelFile(MODEL, join(root, "a/part.onnx"));
    expect(whole.files.map(({ path }) => path)).toEqual([join(root, "a/part.onnx")]);
    const split = await exportModelFile(MODEL, join(root, "b/part.onnx"), { mostBytes: 1000 });
    expect(readdirSync(join(root, "b")).sort()).toEqual(["part.onnx", "part.onnx.data"]);
    const bytes = readFileSync(join(root, "b/part.onnx"));
    expect(externalDataFiles(readOnnx(bytes, "x"), "x").map(({ location }) => location)).toEqual([
      "part.onnx.data",
    ]);
    expect(split.files[0]?.bytes).toBe(bytes.length);
    expect(await scoreOf(join(root, "b/part.onnx"))).toBe(await scoreOf(join(root, "a/part.onnx")));
  });

  it("writes metadata for Anomalib 0.7", async () => {
    const { files } = await exportModelFile(MODEL, join(root, "c/model.onnx"), { form: "anomalib-0.7" });
    expect(files).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(root, "c/metadata.json"), "utf8")).image_threshold).toBe(3.5);
  });

  it("refuses other names, unknown options and forms, and leaves nothing behind", async () => {
    await expect(exportModelFile(MODEL, join(root, "d/part.pt"))).rejects.toThrow(/OPTION_VALUE/);
    await expect(exportModelFile(MODEL, join(root, "d/p.onnx"), { form: "x" as never })).rejects.toThrow(
      /OPTION_VALUE/,
    );
    await expect(exportModelFile(MODEL, join(root, "d/p.onnx"), { fro: 1 } as never)).rejects.toThrow(
      /OPTION/,
    );
    expect(readdirSync(root)).not.toContain("d");
  });
});
