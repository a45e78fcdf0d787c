import { writeOnnx } from "@blemish/core";
import { beforeAll, expect, it } from "vitest";
import { floats, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import { withTileMargin } from "./tile-margin.js";

let embedded: Backbone;
beforeAll(async () => {
  embedded = await loadBackbone();
});

it("is nine tenths of what the network sees, or all of it, in whole cells", () => {
  // The receptive field of the embedded network is 339 pixels wide.
  expect(withTileMargin({ tile: 1024 }, embedded)).toEqual({ tile: 1024, tileMargin: 160 });
  expect(withTileMargin({ tile: 1024, tileMargin: "full" }, embedded).tileMargin).toBe(192);
});

it("stays as it was given, and away where nothing is cut", () => {
  for (const options of [{}, { tile: 1024, tileMargin: 64 }, { tileMargin: "full" }] as const)
    expect(withTileMargin(options, embedded)).toBe(options);
});

it("must be given in pixels of a network that sees the whole picture", () => {
  const model = smallModel({
    inputs: [port("x", [1, 3, "height", "width"])],
    initialisers: [floats("w", [8, 3, 1, 1])],
    nodes: [
      node("Conv", ["x", "w"], "a"),
      node("GlobalAveragePool", ["a"], "mean"),
      node("Mul", ["a", "mean"], "s3"),
    ],
  });
  const modelBytes = writeOnnx(model);
  const manifest = { ...embedded.manifest, taps: [{ name: "s3", channels: 8, stride: 8, scale: 1 }] };
  const blind = { ...embedded, manifest, modelBytes };
  expect(() => withTileMargin({ tile: 1024 }, blind)).toThrow(
    expect.objectContaining({ code: "OPTION_VALUE", subject: "--tile-margin" }),
  );
  expect(withTileMargin({ tile: 1024, tileMargin: 64 }, blind).tileMargin).toBe(64);
});
