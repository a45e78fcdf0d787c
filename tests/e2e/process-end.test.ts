/** How a process with an open model ends: by itself, with its own exit code, never aborted by the runtime. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeOnnx } from "@blemish/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tinyMetadata, tinyModel } from "../support/tiny-model.js";

const root = resolve(import.meta.dirname, "../..");
const SIDE = 512;
const KERNEL = 31;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-end-"));
  await writeFile(join(folder, "model.onnx"), writeOnnx(slowModel()));
  const { transform: _, ...metadata } = tinyMetadata() as { transform: object };
  await writeFile(join(folder, "metadata.json"), JSON.stringify(metadata));
});
afterAll(() => rm(folder, { recursive: true }));

/** The tiny network with a large kernel: each run takes long enough for a process to end in the middle of it. */
function slowModel() {
  const { graph, ...model } = tinyModel();
  const weight = {
    name: "weight",
    dataType: 1,
    dims: [1, 3, KERNEL, KERNEL],
    payload: { kind: "raw", bytes: new Uint8Array(4 * 3 * KERNEL ** 2) },
  } as const;
  const pad = BigInt((KERNEL - 1) / 2);
  const pads = { name: "pads", type: "ints", value: [pad, pad, pad, pad] } as const;
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.map((node) => (node.opType === "Conv" ? { ...node, attributes: [pads] } : node)),
      initialisers: [weight],
      inputs: [{ name: "input", elementType: 1, dims: [1, 3, SIDE, SIDE] }],
      outputs: [{ name: "output", elementType: 1, dims: [1, 1, SIDE, SIDE] }],
    },
  };
}

/** Runs a script that has `model`, `picture` and `log`; gives its exit code (null after a signal) and output. */
function runScript(body: string): Promise<{ code: number | null; output: string }> {
  const script = `
    import { open } from "@blemish/node";
    const model = await open(${JSON.stringify(folder)}, { workers: 2 });
    const side = ${SIDE};
    const picture = { data: new Uint8Array(side * side * 3), width: side, height: side, channels: 3 };
    ${body}`;
  const flags = ["--conditions=blemish-source", "--import", "tsx", "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, output })));
}

it.each([
  [
    "after the model was closed",
    'await model.predict(picture); await model.close(); console.log("closed");',
    0,
    "closed",
  ],
  ["when an idle model was forgotten", 'await model.predict(picture); console.log("idle");', 0, "idle"],
  [
    "only after a prediction nobody waits for",
    'model.predict(picture).then(() => console.log("predicted"));',
    0,
    "predicted",
  ],
  [
    "at once where it says so, with pictures under way",
    "for (let i = 0; i < 8; i++) model.predict(picture).catch(() => {}); setTimeout(() => process.exit(7), 150);",
    7,
    "",
  ],
])("ends %s", async (_, body, code, output) => {
  expect(await runScript(body)).toEqual({ code, output: output === "" ? "" : `${output}\n` });
});
