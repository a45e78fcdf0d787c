import { writeOnnx } from "@blemish/core";
import { expect, it } from "vitest";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { ortSession } from "./ort-session.js";
import { webSession } from "./web-session.js";

it("computes what the native runtime computes", async () => {
  const model = wholePadim();
  const bytes = writeOnnx(model);
  const [native, web] = [
    await ortSession({ bytes, name: "small" }, { threads: 1, spinning: false }),
    await webSession({ bytes, name: "small" }),
  ];
  expect(web).not.toBe(null);
  const [{ name, dims }] = model.graph.inputs as [(typeof model.graph.inputs)[number]];
  const shape = (dims ?? []).map((side) => (typeof side === "number" ? side : 1));
  const count = shape.reduce((product, side) => product * side, 1);
  const feeds = { [name]: { data: Float32Array.from({ length: count }, (_, i) => Math.sin(i)), shape } };
  const [one, two] = [await native.run(feeds), await web!.run(feeds)];
  expect(Object.keys(two).sort()).toEqual(Object.keys(one).sort());
  for (const [output, { data, shape: sides }] of Object.entries(one)) {
    expect(Array.from(two[output]!.shape)).toEqual(Array.from(sides));
    data.forEach((value, i) => {
      expect(Math.abs(two[output]!.data[i]! - value)).toBeLessThanOrEqual(
        1e-4 * Math.max(1, Math.abs(value)),
      );
    });
  }
  await expect(web!.run({})).rejects.toThrow(/MODEL_/);
  await web!.close();
  await native.close();
});

it("names a model that it cannot load", async () => {
  await expect(webSession({ bytes: Uint8Array.of(1, 2, 3), name: "bad.onnx" })).rejects.toThrow(/bad\.onnx/);
});
