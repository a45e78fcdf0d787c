/** Who takes part: every way to judge pictures that is compared, as data. */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { QUALITIES } from "@blemish/core";
import type { OpenOptions } from "@blemish/node";
import type { PeerCommand } from "./peer-process.js";
import { nodeCommand, type Places } from "./places.js";
import { modelPaths } from "./trainings.js";

/** What is asked of a peer. */
export type Use = "latency" | "throughput";

/** A way to judge pictures. */
export interface PeerPlan {
  readonly id: string;
  readonly name: string;
  /** `python`: the same steps by hand, without Anomalib. */
  readonly side: "anomalib" | "python" | "blemish";
  /** The peer whose scores it should have; null = it judges by a model of its own. */
  readonly reference: "python-ort" | "python-270" | "a270-patchcore" | null;
  /** It has a threshold of its own, so that its labels may differ from the reference's. */
  readonly ownThreshold?: boolean;
  /** The shared model in float32: its scores must be those of the reference. Others are shown; no goal rests on them. */
  readonly exact: boolean;
  /** Processes that share the pictures; more than one take part in `throughput` alone. */
  readonly processes: number;
  /** How it is started for a use. */
  readonly command: (use: Use, first: string) => PeerCommand;
  /** Files that it needs. */
  readonly needs: readonly string[];
}

const CORES = availableParallelism();

/** Every peer, the references first. */
export function peerPlans(places: Places): PeerPlan[] {
  return [...pythonPlans(places), ...blemishPlans(places)];
}

/** Whether the files of a peer are there. */
export function missingFile({ needs }: PeerPlan): string | null {
  return needs.find((path) => !existsSync(path)) ?? null;
}

function pythonPlans(places: Places): PeerPlan[] {
  const { a070, a270, a270Patchcore } = modelPaths(places);
  const python = (
    version: "0.7" | "2.7",
    script: string,
    model: string,
    ...more: string[]
  ): Pick<PeerPlan, "command" | "needs" | "reference" | "processes"> => ({
    reference: version === "0.7" ? "python-ort" : "python-270",
    processes: 1,
    needs: [model],
    command: (_use, first) => ({
      command: places.python[version === "0.7" ? "a070" : "a270"],
      args: [join(import.meta.dirname, script), "--model", model, "--first", first, ...more],
      cwd: places.models,
    }),
  });
  const around = ["--metadata", a070.metadata];
  const old = (model: string, backend: string) =>
    python("0.7", "anomalib_070.py", model, ...around, "--backend", backend);
  const late = (model: string, backend: string) =>
    python("2.7", "anomalib_270.py", model, "--backend", backend);
  const lean = (...more: string[]) => python("0.7", "onnx_runtime_python.py", a070.onnx, ...around, ...more);
  const anomalib = { side: "anomalib", exact: true } as const;
  const byHand = { side: "python", exact: true } as const;
  return [
    { id: "python-ort", name: "0.7.0 export, ONNX Runtime in Python", ...byHand, ...lean() },
    {
      ...{
        id: "python-ort-each",
        name: "the same, a process on each core",
        ...byHand,
        ...lean("--threads", "1"),
      },
      processes: CORES,
    },
    {
      id: "a070-openvino",
      name: "0.7.0 OpenVINOInferencer, float32",
      ...anomalib,
      ...old(a070.onnx, "openvino-f32"),
    },
    { id: "a070-torch", name: "0.7.0 TorchInferencer", ...anomalib, ...old(a070.torch, "torch") },
    {
      ...{ id: "a070-openvino-default", name: "0.7.0 OpenVINOInferencer, bfloat16", ...anomalib },
      ...{ ...old(a070.onnx, "openvino"), exact: false },
    },
    {
      ...{ id: "a070-ir", name: "0.7.0 OpenVINOInferencer, IR (float16 weights, bfloat16)", ...anomalib },
      ...{ ...old(a070.ir, "openvino"), exact: false },
    },
    {
      ...{ id: "python-270", name: "2.7.0 export, ONNX Runtime in Python", ...byHand },
      ...python("2.7", "onnx_runtime_python.py", a270.onnx),
    },
    {
      id: "a270-openvino",
      name: "2.7.0 OpenVINOInferencer, float32",
      ...anomalib,
      ...late(a270.onnx, "openvino-f32"),
    },
    { id: "a270-torch", name: "2.7.0 TorchInferencer", ...anomalib, ...late(a270.torch, "torch") },
    {
      ...{ id: "a270-openvino-default", name: "2.7.0 OpenVINOInferencer, IR, bfloat16", ...anomalib },
      ...{ ...late(a270.ir, "openvino"), exact: false },
    },
    {
      // Its ONNX takes two pictures at a time, neither more nor fewer, so that its OpenVINOInferencer cannot run it.
      ...{ id: "a270-patchcore", name: "2.7.0 PatchCore, TorchInferencer", ...anomalib },
      ...{ ...late(a270Patchcore.torch, "torch"), reference: "a270-patchcore", exact: false },
    },
  ];
}

function blemishPlans(places: Places): PeerPlan[] {
  const paths = modelPaths(places);
  const { a070, a270, a270Patchcore, imported, resnet18, resnet18Int8 } = paths;
  type Judging = Pick<PeerPlan, "reference"> & Partial<Pick<PeerPlan, "exact" | "ownThreshold">>;
  const plan = (
    id: string,
    name: string,
    judging: Judging,
    model: string,
    { maps = true, ...options }: OpenOptions & { maps?: boolean } = {},
  ): PeerPlan => ({
    ...{ id, name: `Blemish, ${name}`, side: "blemish", exact: true, processes: 1, ...judging },
    needs: [model],
    command: (use, first) => {
      const asked = JSON.stringify({ model, options: { ...options, mode: use }, maps, first });
      return nodeCommand(places.fromSources, join(import.meta.dirname, "blemish-peer.mjs"), [asked]);
    },
  });
  const same = { reference: "python-ort" } as const;
  const trained = { ...same, ownThreshold: true };
  const other = { reference: null, exact: false } as const;
  const patchcore = { reference: "a270-patchcore", exact: false } as const;
  return [
    plan("onnx", "0.7.0 export, `--engine onnx`", same, a070.onnx, { engine: "onnx" }),
    plan("fast-engine", "0.7.0 export, `--engine fast`", same, a070.onnx, { engine: "fast" }),
    plan("imported", "0.7.0 export, imported", same, imported),
    plan("decisions", "the same, decisions without full-size maps", same, imported, { maps: false }),
    plan("fast-engine-270", "2.7.0 export, `--engine fast`", { reference: "python-270" }, a270.onnx, {
      engine: "fast",
    }),
    plan("patchcore-270", "2.7.0 PatchCore's export, `--engine fast`", patchcore, a270Patchcore.onnx, {
      engine: "fast",
    }),
    plan("resnet18", "trained on ResNet-18", trained, resnet18),
    plan("int8", "trained on ResNet-18, `--precision int8`", { ...trained, exact: false }, resnet18Int8),
    plan("padim", "PaDiM on its own backbone", other, paths.padim),
    plan("padim-int8", "PaDiM on its own backbone, `--precision int8`", other, paths.padimInt8),
    ...QUALITIES.map((quality) => plan(quality, `\`--quality ${quality}\``, other, paths.preset(quality))),
  ];
}
