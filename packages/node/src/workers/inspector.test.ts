import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { graphDetector, type ModelDescription, type Session } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyPicture, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { decodeImage } from "../images/decode-image.js";
import { unpackAlone } from "../images/decode-png.js";
import type { PictureResult } from "../model/results.js";
import type { Helpers } from "./helpers.js";
import { type InspectionSetup, inspector } from "./inspector.js";

const description: ModelDescription = {
  profile: "anomalib-0.7",
  evidence: [],
  kind: "unknown",
  task: "segmentation",
  input: { name: "input", height: null, width: null, batch: 1 },
  outputs: { map: "output", score: null, label: null, mask: null },
  scoreSource: "map-max",
  preprocessing: [{ type: "toFloat", maxValue: 255 }],
  imageThreshold: 0.9,
  pixelThreshold: 0.9,
  normalisation: { method: "min_max", image: { min: 0, max: 1 }, pixel: { min: 0, max: 1 } },
  notes: [],
};
const setup: InspectionSetup = { modelPath: "model.onnx", description, threads: 1, spinning: false };

/** A network whose map is the red channel; it says how many runs there are at the same time. */
function redSession() {
  const log = { most: 0, closed: false };
  let underWay = 0;
  const session: Session = {
    async run({ input }) {
      log.most = Math.max(log.most, ++underWay);
      await new Promise((done) => setTimeout(done, 2));
      underWay--;
      const [height = 0, width = 0] = input!.shape.slice(2);
      return { output: { data: input!.data.slice(0, width * height), shape: [1, 1, height, width] } };
    },
    async close() {
      log.closed = true;
    },
  };
  return { session, log };
}

let folder: string;
let picture: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-inspector-"));
  picture = join(folder, "patch.png");
  await writeTinyPicture(picture, 10, 40, 30);
});
afterAll(() => rm(folder, { recursive: true }));

const inspect = (options: object, changes: Partial<InspectionSetup> = {}) =>
  inspector(graphDetector(redSession().session, setup.description), { ...setup, ...changes }).run({
    source: picture,
    options,
  });

describe("inspector", () => {
  it("judges a picture from its file", async () => {
    const { value, transfer } = await inspect({});
    const result = value as PictureResult;
    expect(result).toMatchObject({
      verdict: "anomalous",
      width: 40,
      height: 30,
      heatMap: null,
      segmentations: null,
      encoded: {},
    });
    expect(result.image).toEqual(tinyPicture(40, 30, 10));
    expect(Object.keys(result.timings)).toEqual([
      "read",
      "preProcess",
      "network",
      "postProcess",
      "pictures",
      "encode",
    ]);
    expect(result.timings.network).toBeGreaterThan(1);
    expect(transfer).toContain(result.anomalyMap!.data.buffer);
  });

  it("gives the pictures that are asked for as pixels, and only those", async () => {
    const { value } = await inspect({ heatMap: true, encode: { segmentations: true } });
    const { heatMap, segmentations } = value as PictureResult;
    expect([heatMap?.width, segmentations]).toEqual([40, null]);
  });

  it("gives the pictures that are asked for as PNG files", async () => {
    const encode = { visualization: { mode: "simple" }, heatMap: true, segmentations: true, mask: true };
    const { encoded } = (await inspect({ encode })).value;
    expect(Object.keys(encoded)).toEqual(["visualization", "heatMap", "segmentations", "mask"]);
    const full = (await inspect({ heatMap: true, segmentations: true })).value as PictureResult;
    const heatMap = await decodeImage(encoded.heatMap!, "heat map");
    expect(heatMap.data).toEqual(full.heatMap!.data);
    const mask = await decodeImage(encoded.mask!, "mask");
    expect([...mask.data]).toEqual([...full.predMask!.data].map((bit) => bit * 255));
  });

  it("draws for the model's task, or the one that is named", async () => {
    const draw = async (visualization: object) =>
      (await inspect({ encode: { visualization } })).value.encoded.visualization;
    const detection = await draw({ mode: "simple", task: "detection" });
    expect(await draw({ mode: "simple" })).toEqual(await draw({ mode: "simple", task: "segmentation" }));
    expect(detection).not.toEqual(await draw({ mode: "simple" }));
  });

  it("keeps what has the picture's size when no maps are wanted", async () => {
    const { value, transfer } = await inspect({ maps: false, encode: { mask: true } });
    expect(value).toMatchObject({ verdict: "anomalous", anomalyMap: null, predMask: null, width: 40 });
    expect(value).not.toHaveProperty("image");
    expect(value.regions).toHaveLength(1);
    expect(value.rawMap?.data.length).toBe(1200);
    expect(value.encoded.mask?.length).toBeGreaterThan(0);
    expect(transfer.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(4 * 1200 + 500);
  });

  it("obeys another threshold and other limits", async () => {
    expect((await inspect({}, { imageThreshold: 2 })).value).toMatchObject({
      verdict: "good",
      imageThreshold: 2,
    });
    await expect(inspect({}, { limits: { maxPixels: 100 } })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
  });

  it("runs the network for one picture at a time, and goes on after a bad one", async () => {
    const { session, log } = redSession();
    const { run, close } = inspector(graphDetector(session, setup.description), setup);
    const sources = [picture, join(folder, "none.png"), picture, tinyPicture(8, 8, 2)];
    const outcomes = await Promise.allSettled(sources.map((source) => run({ source, options: {} })));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(log.most).toBe(1);
    await close();
    expect(log.closed).toBe(true);
  });

  it("starts its helpers, has them unpack pictures, and sends them home first", async () => {
    const { session, log } = redSession();
    const did: string[] = [];
    const helpers: Helpers = {
      share: () => {},
      unpack: (rows, out, goOn) => {
        did.push("unpack");
        return unpackAlone(rows, out, goOn);
      },
      start: () => void did.push("start"),
      present: () => 0,
      close: async () => void did.push(`close, model ${log.closed ? "closed" : "open"}`),
    };
    const { run, close } = inspector(graphDetector(session, setup.description), setup, helpers);
    const { value } = await run({ source: picture, options: {} });
    expect((value as PictureResult).image).toEqual(tinyPicture(40, 30, 10));
    await close();
    expect(did).toEqual(["start", "unpack", "close, model open"]);
  });
});
