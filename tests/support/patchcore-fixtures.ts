/** The PatchCore graphs that the real Anomalib exported (fixtures/anomalib), to be recognised whole or changed. */
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { OnnxModel, OnnxNode, OnnxTensor } from "@blemish/core";
import { readOnnx, writeOnnx } from "@blemish/core";

/** A graph and its external weights. */
export interface ExportedGraph {
  readonly model: OnnxModel;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** 0.7 has its weights inside, layers enlarged by repeating; 2.7 has them outside, a batch of 2 and its own end. */
export type PatchcoreFixture = "patchcore-070" | "patchcore-270";

const FOLDER = resolve(import.meta.dirname, "../../fixtures/anomalib");

const read = new Map<PatchcoreFixture, ExportedGraph>();

/** One of the exports; read once. */
export function patchcoreExport(name: PatchcoreFixture): ExportedGraph {
  const known = read.get(name);
  if (known !== undefined) return known;
  const file = join(FOLDER, name, "model.onnx");
  const data = `${file}.data`;
  const files = existsSync(data) ? [["model.onnx.data", new Uint8Array(readFileSync(data))] as const] : [];
  const found = { model: readOnnx(new Uint8Array(readFileSync(file)), name), files: new Map(files) };
  read.set(name, found);
  return found;
}

/** What takes the place of other parts of a graph, by the names of their values. */
export interface ChangedParts {
  /** By their first output. A list of nodes stands for one. */
  readonly nodes?: Readonly<Record<string, OnnxNode | readonly OnnxNode[]>>;
  /** Exchanged by name, or added. */
  readonly initialisers?: readonly OnnxTensor[];
}

/** The graph with some parts exchanged. Every node that is named must be there. */
export function withChanges(model: OnnxModel, { nodes = {}, initialisers = [] }: ChangedParts): OnnxModel {
  const { graph } = model;
  const outputs = new Set(graph.nodes.map((node) => node.outputs[0]));
  for (const name of Object.keys(nodes)) if (!outputs.has(name)) throw new Error(`no node makes ${name}`);
  const names = new Set(initialisers.map(({ name }) => name));
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.flatMap((node) => nodes[node.outputs[0] ?? ""] ?? [node]),
      initialisers: [...graph.initialisers.filter(({ name }) => !names.has(name)), ...initialisers],
    },
  };
}

/** The node that makes a value. */
export function nodeOf(model: OnnxModel, output: string): OnnxNode {
  const found = model.graph.nodes.find((node) => node.outputs.includes(output));
  if (found === undefined) throw new Error(`no node makes ${output}`);
  return found;
}

/** Writes an export of PatchCore, with metadata, that measures distances in a way of its own: no recogniser may take it. */
export async function writeUnlikePatchcore(folder: string): Promise<string> {
  const { model } = patchcoreExport("patchcore-070");
  const sum = { ...nodeOf(model, "/Sub_output_0"), opType: "Add" };
  await mkdir(folder, { recursive: true });
  const changed = withChanges(model, { nodes: { "/Sub_output_0": sum } });
  await writeFile(join(folder, "model.onnx"), writeOnnx(changed));
  await copyFile(join(FOLDER, "patchcore-070", "metadata.json"), join(folder, "metadata.json"));
  return folder;
}
