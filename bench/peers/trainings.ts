/** The models: who makes them, from what, and how long that takes as a whole process. They are kept from run to run. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { QUALITIES, type Quality } from "@blemish/core";
import { type PeerCommand, reasonIn } from "./peer-process.js";
import { blemishCommand, type Places } from "./places.js";
import { watchMemory } from "./watch-memory.js";

/** One model. */
export interface Making {
  readonly id: string;
  readonly name: string;
  /** Compared in the table of trainings; others only convert or prepare. */
  readonly training: boolean;
  /** Files that stand for the whole when they are there; the first is the model that users deploy. */
  readonly outputs: readonly string[];
  /** Makes it; `line`: a line on standard output ends what is timed, and the process goes on. */
  readonly command: PeerCommand;
  readonly endsWith: "line" | "exit";
}

/** One making, timed. */
export interface Made {
  readonly seconds: number;
  /** Of the process and its children; null where the system does not tell. */
  readonly peakBytes: number | null;
  /** What the process itself said of its stages. */
  readonly said: unknown;
}

/** Paths of the models, all below `places.models`. */
export function modelPaths({ models }: Pick<Places, "models">) {
  const at = (...parts: string[]) => join(models, ...parts);
  return {
    a070: {
      onnx: at("a070/weights/onnx/model.onnx"),
      metadata: at("a070/weights/onnx/metadata.json"),
      torch: at("a070/weights/torch/model.pt"),
      ir: at("a070/weights/openvino/model.xml"),
    },
    a270: {
      onnx: at("a270/weights/onnx/model.onnx"),
      torch: at("a270/weights/torch/model.pt"),
      ir: at("a270/weights/openvino/model.xml"),
    },
    a270Patchcore: {
      onnx: at("a270-patchcore/weights/onnx/model.onnx"),
      torch: at("a270-patchcore/weights/torch/model.pt"),
    },
    backbone: at("resnet18"),
    backboneInt8: at("resnet18-int8"),
    imported: at("imported.blemish"),
    importedInt8: at("imported-int8-factors.blemish"),
    resnet18: at("resnet18.blemish"),
    resnet18Int8: at("resnet18-int8.blemish"),
    padim: at("padim.blemish"),
    padimInt8: at("padim-int8.blemish"),
    preset: (quality: Quality) => at(`${quality}.blemish`),
  };
}

/** Every model in the order in which they are made. */
export function makings(places: Places): Making[] {
  return [...preparations(places), ...trainings(places), ...conversions(places)];
}

function preparations(places: Places): Making[] {
  const { backbone, backboneInt8 } = modelPaths(places);
  const common = { training: false, endsWith: "exit" } as const;
  const quantise = ["backbone", "quantise", backbone, "--pictures", goodsOf(places)];
  return [
    {
      ...{ id: "backbone", name: "ResNet-18 for Blemish", ...common },
      outputs: [join(backbone, "manifest.json")],
      command: blemishCommand(places, "backbone", "import", places.weights, "--output", backbone),
    },
    {
      ...{ id: "backboneInt8", name: "ResNet-18 in int8", ...common },
      outputs: [join(backboneInt8, "manifest.json")],
      command: blemishCommand(places, ...quantise, "--output", backboneInt8),
    },
  ];
}

/** Both sides in turns; those of Anomalib end what is timed with a line, then export for others. */
function trainings(places: Places): Making[] {
  const paths = modelPaths(places);
  const { a070, a270, a270Patchcore } = paths;
  const python = (
    ...[id, name, script, outputs, more = []]: [string, string, string, readonly string[], string[]?]
  ): Making => ({
    ...{ id, name, outputs, training: true, endsWith: "line" },
    command: {
      command: places.python[id === "a070" ? "a070" : "a270"],
      args: [
        join(import.meta.dirname, script),
        ...["--data", places.trainingSet, "--weights", places.weights, "--output", join(places.models, id)],
        ...more,
      ],
      cwd: places.models,
    },
  });
  const train = (id: string, name: string, output: string, ...more: string[]) =>
    training(places, { id, name: `Blemish, ${name}`, output, more });
  const old = ["--profile", "anomalib-0.7", "--backbone", paths.backbone];
  return [
    python("a070", "Anomalib 0.7.0 PaDiM", "train_070.py", [a070.onnx, a070.torch, a070.ir]),
    train("resnet18", "ResNet-18, profile anomalib-0.7", paths.resnet18, ...old),
    python("a270", "Anomalib 2.7.0 PaDiM", "train_270.py", [a270.onnx, a270.torch, a270.ir]),
    train("padim", "PaDiM on its own backbone", paths.padim, ...PADIM),
    python(
      "a270-patchcore",
      "Anomalib 2.7.0 PatchCore, 1 % of the patches",
      "train_270.py",
      [a270Patchcore.onnx, a270Patchcore.torch],
      ["--model", "patchcore"],
    ),
    ...QUALITIES.map((quality) =>
      train(quality, `\`--quality ${quality}\``, paths.preset(quality), "--quality", quality),
    ),
  ];
}

/** What is not compared as a training. */
function conversions(places: Places): Making[] {
  const paths = modelPaths(places);
  const int8 = ["--profile", "anomalib-0.7", "--backbone", paths.backboneInt8, "--precision", "int8"];
  const onnx = paths.a070.onnx;
  const imported = (id: string, name: string, output: string, ...more: string[]): Making => ({
    ...{ id, name, outputs: [output], training: false, endsWith: "exit" },
    command: blemishCommand(places, "import", onnx, "--output", output, ...more),
  });
  const prepared = (id: string, name: string, output: string, more: string[]) => ({
    ...training(places, { id, name, output, more }),
    training: false,
  });
  return [
    prepared("int8", "Blemish, ResNet-18, int8", paths.resnet18Int8, int8),
    prepared("padim-int8", "Blemish, PaDiM on its own backbone, int8", paths.padimInt8, [
      ...PADIM,
      ...["--precision", "int8"],
    ]),
    imported("imported", "Anomalib 0.7.0's export, imported", paths.imported),
    imported("importedInt8", "the same with int8 factors", paths.importedInt8, "--factors", "int8"),
  ];
}

/** What is most like Anomalib's PaDiM, but for the backbone. */
const PADIM = ["--head", "padim", "--size", "256"];

function training(
  places: Places,
  { id, name, output, more }: { id: string; name: string; output: string; more: readonly string[] },
): Making {
  const quiet = ["--no-test", "--no-report", "--quiet"];
  return {
    ...{ id, name, outputs: [output], training: true, endsWith: "exit" },
    command: blemishCommand(places, "train", goodsOf(places), "--output", output, ...quiet, ...more),
  };
}

function goodsOf(places: Places): string {
  return join(places.trainingSet, "train/good");
}

/** Whether a model is there already. */
export function isMade({ outputs }: Making): boolean {
  return outputs.every((path) => existsSync(path));
}

/** Makes a model in a process of its own. @throws Error with what the process wrote when it fails. */
export async function make({ command: { command, args, cwd }, endsWith }: Making): Promise<Made> {
  mkdirSync(cwd, { recursive: true });
  const started = performance.now();
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const peak = watchMemory(child.pid ?? 0);
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = `${complaint}${text}`.slice(-4000);
  });
  let first: string | null = null;
  let timed: Pick<Made, "seconds" | "peakBytes"> | null = null;
  const stop = () => {
    timed ??= { seconds: (performance.now() - started) / 1000, peakBytes: peak() };
  };
  createInterface({ input: child.stdout }).on("line", (text) => {
    first ??= text;
    if (endsWith === "line") stop();
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(signal ?? status));
  });
  stop();
  if (code !== 0 || timed === null) throw new Error(`ended (${code}): ${reasonIn(complaint)}`);
  return { ...(timed as Pick<Made, "seconds" | "peakBytes">), said: said(first) };
}

function said(line: string | null): unknown {
  try {
    return JSON.parse(line ?? "null");
  } catch {
    return null;
  }
}
