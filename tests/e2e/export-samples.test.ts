/** The samples of `examples/` in other languages say what our own engine says. Skipped where their tools are missing. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type RgbImage, renderPart } from "@blemish/core";
import { encodePng, exportModelFile, open } from "@blemish/node";
import { beforeAll, describe, expect, it } from "vitest";
import { smallCheckpoint } from "../support/small-checkpoint.js";

const EXAMPLES = resolve(import.meta.dirname, "../../examples");
const folder = mkdtempSync(join(tmpdir(), "blemish-samples-"));
const MODEL = join(folder, "model.ckpt");
const EXPORTED = join(folder, "part.onnx");
const NAMES = [1, 2, 3].map((seed) => join(folder, `${seed}`));

/** Interpreter with onnxruntime and numpy; folder of ONNX Runtime's headers; its jar. */
const PYTHON = process.env.BLEMISH_PYTHON ?? "python3";
const HEADERS = process.env.BLEMISH_ONNXRUNTIME_INCLUDE ?? "/usr/include/onnxruntime";
const JAR = process.env.BLEMISH_ONNXRUNTIME_JAR ?? "";

function works(command: string, ...words: string[]): boolean {
  try {
    execFileSync(command, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function ppm({ width, height, data }: RgbImage): Uint8Array {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]);
}

/** Score and label of our own engine, by picture. */
let wanted: { score: number; label: string }[] = [];

beforeAll(async () => {
  writeFileSync(MODEL, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
  await exportModelFile(MODEL, EXPORTED, { preprocessing: "inside" });
  const model = await open(MODEL, { workers: 1, threads: 1 });
  wanted = [];
  for (const [i, name] of NAMES.entries()) {
    // Not of the network's size: the graph resizes.
    const { image } = renderPart("washer", { seed: i + 1, width: 56, height: 41 });
    writeFileSync(`${name}.ppm`, ppm(image));
    writeFileSync(`${name}.png`, await encodePng(image));
    const { rawScore, predLabel } = await model.predict(`${name}.png`, { maps: false });
    wanted.push({ score: rawScore!, label: predLabel ? "anomalous" : "good" });
  }
  await model.close();
});

function compare(output: string): void {
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(NAMES.length);
  for (const [i, line] of lines.entries()) {
    const [, score, label] = line.split(" ");
    expect(Math.abs(Number(score) / wanted[i]!.score - 1)).toBeLessThan(1e-4);
    expect(label).toBe(wanted[i]!.label);
  }
}

const pictures = (suffix: string) => NAMES.map((name) => `${name}.${suffix}`);

describe("samples in other languages", () => {
  const hasPython = works(PYTHON, "-c", "import onnxruntime, numpy");
  it.skipIf(!hasPython)(
    `Python${hasPython ? "" : " (skipped: no onnxruntime and numpy in BLEMISH_PYTHON)"}`,
    () => {
      const script = join(EXAMPLES, "python/judge.py");
      compare(execFileSync(PYTHON, [script, EXPORTED, ...pictures("ppm")], { encoding: "utf8" }));
    },
  );

  const hasHeaders = works("g++", "--version") && existsSync(join(HEADERS, "onnxruntime_cxx_api.h"));
  it.skipIf(!hasHeaders)(
    `C++${hasHeaders ? "" : " (skipped: no g++, or no headers in BLEMISH_ONNXRUNTIME_INCLUDE)"}`,
    () => {
      const npm = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
      const library = join(npm, `bin/napi-v6/linux/${process.arch}`);
      const binary = join(folder, "judge");
      const sources = [join(EXAMPLES, "cpp/judge.cpp"), `-I${HEADERS}`, join(library, "libonnxruntime.so.1")];
      execFileSync("g++", ["-std=c++17", ...sources, `-Wl,-rpath,${library}`, "-o", binary]);
      compare(execFileSync(binary, [EXPORTED, ...pictures("ppm")], { encoding: "utf8" }));
    },
    120_000,
  );

  const hasJava = JAR !== "" && works("java", "-version");
  it.skipIf(!hasJava)(
    `Java${hasJava ? "" : " (skipped: no java, or no BLEMISH_ONNXRUNTIME_JAR)"}`,
    () => {
      const source = join(EXAMPLES, "java/Judge.java");
      compare(execFileSync("java", ["-cp", JAR, source, EXPORTED, ...pictures("png")], { encoding: "utf8" }));
    },
    60_000,
  );
});
