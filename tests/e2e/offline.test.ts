/** What runs here stays here: no command leaves anything below the home directory, as telemetry of a library would. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { renderPart } from "@blemish/core";
import { encodePng } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../support/tiny-model.js";

const root = resolve(import.meta.dirname, "../..");
const node = ["--conditions=blemish-source", "--import", "tsx", join(root, "packages/cli/src/main.ts")];

let folder = "";
const at = (...parts: string[]) => join(folder, ...parts);
const home = () => at("home");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-offline-"));
  await mkdir(home());
  await mkdir(at("good"));
  await writeTinyModel(at("export"));
  await writeTinyPicture(at("picture.png"), 0);
  for (let seed = 0; seed < 4; seed++)
    await writeFile(
      at("good", `${seed}.png`),
      await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image),
    );
});
afterAll(() => rm(folder, { recursive: true }));

/** A command on a machine whose user has nothing yet. */
async function blemish(...args: string[]): Promise<void> {
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...others } = process.env;
  const env = { ...others, NODE_OPTIONS: "", HOME: home(), USERPROFILE: home(), LOCALAPPDATA: home() };
  await promisify(execFile)(process.execPath, [...node, ...args], { cwd: root, env });
}

it.each<[string, () => string[]]>([
  [
    "predict, whose network runs in a worker",
    () => ["predict", at("export"), at("picture.png"), "--workers", "1"],
  ],
  ["train", () => ["train", at("good"), "-o", at("part.blemish"), "--size", "64", "--head", "padim"]],
  ["verify, whose networks run in the process itself", () => ["verify", at("part.blemish")]],
])(
  "%s leaves nothing in the home directory",
  async (_, args) => {
    await blemish(...args());
    expect(await readdir(home(), { recursive: true })).toEqual([]);
  },
  60_000,
);
