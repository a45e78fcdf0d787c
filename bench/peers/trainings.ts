/** The models: who makes them, from what, and how long that takes as a whole process. They are kept from run to run. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
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
    backbone: at("resnet18"),
    backboneInt8: at("resnet18-int8"),
    imported: at("imported.blemish"),
    importedInt8: at("imported-int8-factors.blemish"),
    resnet18: at("resnet18.blemish"),
    resnet18Int8: at("resnet18-int8.blemish"),
    default: at("default.blemish"),
    defaultInt8: at("default-int8.blemish"),
  };
}

/** Every model in the order in which they are made. */
export function makings(places: Places): Making[] {
  const paths = modelPaths(places);
  const goods = join(places.trainingSet, "train/good");
  const python = (name: "a070" | "a270", script: string): PeerCommand => ({
    command: places.python[name],
    args: [
      join(import.meta.dirname, script),
      ...["--data", places.trainingSet, "--weights", places.weights, "--output", join(places.models, name)],
    ],
    cwd: places.models,
  });
  const blemish = (...args: string[]) => blemishCommand(places, ...args);
  const train = (output: string, ...more: string[]) =>
    blemish("train", goods, "--output", output, "--no-test", "--no-report", "--quiet", ...more);
  const old = ["--profile", "anomalib-0.7", "--backbone", paths.backbone];
  const exit = { endsWith: "exit" } as const;
  const line = { endsWith: "line" } as const;
  const { a070, a270 } = paths;
  return [
    {
      ...{ id: "backbone", name: "ResNet-18 for Blemish", training: false, ...exit },
      outputs: [join(paths.backbone, "manifest.json")],
      command: blemish("backbone", "import", places.weights, "--output", paths.backbone),
    },
    {
      ...{ id: "backboneInt8", name: "ResNet-18 in int8", training: false, ...exit },
      outputs: [join(paths.backboneInt8, "manifest.json")],
      command: blemish(
        "backbone",
        "quantise",
        paths.backbone,
        "--pictures",
        goods,
        "--output",
        paths.backboneInt8,
      ),
    },
    {
      ...{ id: "a070", name: "Anomalib 0.7.0 PaDiM", training: true, ...line },
      outputs: [a070.onnx, a070.torch, a070.ir],
      command: python("a070", "train_070.py"),
    },
    {
      ...{ id: "resnet18", name: "Blemish, ResNet-18, profile anomalib-0.7", training: true, ...exit },
      outputs: [paths.resnet18],
      command: train(paths.resnet18, ...old),
    },
    {
      ...{ id: "a270", name: "Anomalib 2.7.0 PaDiM", training: true, ...line },
      outputs: [a270.onnx, a270.torch, a270.ir],
      command: python("a270", "train_270.py"),
    },
    {
      ...{ id: "default", name: "Blemish, its default", training: true, ...exit },
      outputs: [paths.default],
      command: train(paths.default),
    },
    {
      ...{ id: "int8", name: "Blemish, ResNet-18, int8", training: false, ...exit },
      outputs: [paths.resnet18Int8],
      command: train(
        paths.resnet18Int8,
        ...["--profile", "anomalib-0.7", "--backbone", paths.backboneInt8, "--precision", "int8"],
      ),
    },
    {
      ...{ id: "default-int8", name: "Blemish, its default, int8", training: false, ...exit },
      outputs: [paths.defaultInt8],
      command: train(paths.defaultInt8, "--precision", "int8"),
    },
    {
      ...{ id: "imported", name: "Anomalib 0.7.0's export, imported", training: false, ...exit },
      outputs: [paths.imported],
      command: blemish("import", a070.onnx, "--output", paths.imported),
    },
    {
      ...{ id: "importedInt8", name: "the same with int8 factors", training: false, ...exit },
      outputs: [paths.importedInt8],
      command: blemish("import", a070.onnx, "--factors", "int8", "--output", paths.importedInt8),
    },
  ];
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
