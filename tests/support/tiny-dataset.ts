/** A labelled data set for the model of `tiny-model.ts`: goods, bads with a mask, a broken picture, a wrong mask. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetItem } from "@blemish/core";
import { encodeMaskPng } from "@blemish/node";
import { writeTinyPicture } from "./tiny-model.js";

const [WIDTH, HEIGHT] = [80, 60];

/** Writes the set; gives its items in the order good, broken, bad, bad with a wrong mask, good. */
export async function writeTinyDataset(folder: string): Promise<DatasetItem[]> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  await writeTinyPicture(at("good-0.png"), 0, WIDTH, HEIGHT);
  await writeTinyPicture(at("good-1.png"), 0, WIDTH, HEIGHT);
  await writeTinyPicture(at("bad-0.png"), 20, WIDTH, HEIGHT);
  await writeTinyPicture(at("bad-1.png"), 20, WIDTH, HEIGHT);
  await writeFile(at("broken.png"), "no picture");
  const left = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < WIDTH / 2 ? 1 : 0));
  const mask = { width: WIDTH, height: HEIGHT, channels: 1, data: left } as const;
  await writeFile(at("mask.png"), await encodeMaskPng(mask));
  await writeFile(
    at("small.png"),
    await encodeMaskPng({ ...mask, height: 1, data: left.subarray(0, WIDTH) }),
  );
  const item = (name: string, label: DatasetItem["label"], maskName: string | null = null): DatasetItem => ({
    path: at(name),
    label,
    defect: label === "good" ? "" : "dirt",
    split: null,
    mask: maskName === null ? null : at(maskName),
    group: null,
  });
  return [
    item("good-0.png", "good"),
    item("broken.png", "good"),
    item("bad-0.png", "anomalous", "mask.png"),
    item("bad-1.png", "anomalous", "small.png"),
    item("good-1.png", "good"),
  ];
}
