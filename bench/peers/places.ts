/** Where everything is that a run needs: data, weights, environments, models, and how Blemish is started. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { sharedPath } from "../../tests/support/shared.js";
import type { PeerCommand } from "./peer-process.js";

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Pictures of 900 × 900 and of 256 × 256 pixels, all PNG. */
export type PictureSet = "900" | "256";

/** See above. */
export interface Places {
  /** Data set in MVTec AD's layout that both sides train on: 256 × 256. */
  readonly trainingSet: string;
  /** ResNet-18 in safetensors. */
  readonly weights: string;
  /** Test pictures, good and anomalous. */
  readonly pictures: Readonly<Record<PictureSet, readonly string[]>>;
  /** Folder of the models, which are kept from run to run. */
  readonly models: string;
  /** Interpreters by environment. */
  readonly python: Readonly<Record<"a070" | "a270", string>>;
  /** True = Blemish runs from its TypeScript sources. */
  readonly fromSources: boolean;
}

/** Finds data and weights in the shared folder beside the checkout (`BLEMISH_SHARED`). @throws Error naming what is missing. */
export function sharedPlaces(): Pick<Places, "trainingSet" | "weights" | "pictures"> {
  const needed = (path: string) => {
    const full = sharedPath(path);
    if (!existsSync(full)) throw new Error(`${path} is missing in the shared folder; set BLEMISH_SHARED`);
    return full;
  };
  const trainingSet = needed("data/mvtec-bottle-256");
  return {
    trainingSet,
    weights: needed("weights/resnet18_l123_bnfolded.safetensors"),
    pictures: {
      "900": picturesOf(needed("data/mvtec-bottle-original/test")),
      "256": picturesOf(join(trainingSet, "test")),
    },
  };
}

/** Whether a test picture shows a good part: its folder says so. */
export function isGood(picture: string): boolean {
  return picture.includes("/good/");
}

/** `count` pictures spread evenly over the list, each kind with its share; again and again when there are fewer. */
export function spreadOver(pictures: readonly string[], count: number): string[] {
  if (count >= pictures.length)
    return Array.from({ length: count }, (_, i) => pictures[i % pictures.length]!);
  return Array.from({ length: count }, (_, i) => pictures[Math.floor((i * pictures.length) / count)]!);
}

/** The `blemish` command. */
export function blemishCommand({ fromSources }: Places, ...args: string[]): PeerCommand {
  const main = fromSources ? "packages/cli/src/main.ts" : "packages/cli/dist/main.js";
  return nodeCommand(fromSources, join(ROOT, main), args);
}

/** Node with a script of the checkout. The working directory matters to the TypeScript loader. */
export function nodeCommand(fromSources: boolean, script: string, args: readonly string[]): PeerCommand {
  const flags = fromSources ? ["--conditions=blemish-source", "--import", "tsx"] : [];
  return { command: process.execPath, args: [...flags, script, ...args], cwd: ROOT };
}

function picturesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".png"))
    .sort()
    .map((name) => join(folder, name));
}
