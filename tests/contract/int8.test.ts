/** The int8 network that is shipped: what the script makes, and what it computes. */
import {
  backboneSteps,
  indexGraph,
  preProcess,
  readOnnx,
  renderPart,
  type TensorValues,
  tensorValues,
} from "@blemish/core";
import { backboneSession, loadBackbone, quantiseBackbone } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { CALIBRATION_SET, calibrationPictures } from "../../scripts/backbones/quantise.js";

/** The constants of a network whose names end like this. */
function constants(bytes: Uint8Array, ending: string): Map<string, TensorValues> {
  const { graph } = readOnnx(bytes, "network");
  const chosen = [...indexGraph(graph).constants].filter(([name]) => name.endsWith(ending));
  return new Map(chosen.map(([name, tensor]) => [name, tensorValues(tensor)!]));
}

describe("the shipped int8 network", () => {
  it("has the weights that the script makes of the float32 one, and ranges that hold those of a few pictures", async () => {
    const shipped = (await loadBackbone(undefined, "int8")).modelBytes;
    const few = { ...CALIBRATION_SET, train: 1, testBad: 0 };
    const made = await quantiseBackbone(await loadBackbone(), calibrationPictures(few));
    const weights = constants(shipped, "/weight/integers");
    expect(weights.size).toBe(33);
    const again = constants(made, "/weight/integers");
    const scales = constants(shipped, "/weight/scale");
    let [same, outputs] = [0, 0];
    for (const [name, integers] of weights) {
      const count = scales.get(name.replace("/integers", "/scale"))?.length ?? 0;
      const size = integers.length / count;
      for (let start = 0; start < integers.length; start += size) {
        const rows = [integers, again.get(name)!].map((all) =>
          [...all.slice(start, start + size)].map(Number),
        );
        const most = rows.map((row) => Math.max(...row.map(Math.abs)));
        outputs++;
        // Outputs that are next to nothing beside their bias have scales that depend on the ranges.
        if (most.some((one) => one !== 64 && one !== 127)) continue;
        expect(rows[1]).toEqual(rows[0]);
        same++;
      }
    }
    expect(same / outputs).toBeGreaterThan(0.95);
    const steps = constants(shipped, "/scale");
    for (const [name, [few]] of constants(made, "/scale")) {
      if (!/\/(weight|bias)\/scale$/.test(name))
        expect(Number(few)).toBeLessThanOrEqual(1.00001 * Number(steps.get(name)?.[0]));
    }
    // 256 steps for 256 levels: what the network sees of a picture is not rounded at all.
    expect([...(steps.get("x/scale") ?? [])]).toEqual([1 / 128]);
  });

  it("gives the float32 taps within 15 % of their size (root mean square), on parts it was not measured on", async () => {
    const [exact, int8] = [await loadBackbone(), await loadBackbone(undefined, "int8")];
    const sessions = [
      await backboneSession(exact, { threads: 1 }),
      await backboneSession(int8, { threads: 1 }),
    ] as const;
    try {
      for (const [kind, size] of [
        ["washer", 256],
        ["pads", 128],
        ["cloth", 384],
      ] as const) {
        const part = { seed: 12_345, width: 200, height: 200, defect: { type: "foreign" } } as const;
        const tensor = preProcess(renderPart(kind, part).image, backboneSteps(exact.manifest, size, size));
        const [before, after] = [await sessions[0].run({ x: tensor }), await sessions[1].run({ x: tensor })];
        for (const { name } of exact.manifest.taps) {
          const [a, b] = [before[name]!, after[name]!];
          expect(b.shape).toEqual(a.shape);
          const power = (value: (at: number) => number) =>
            a.data.reduce((sum, _, at) => sum + value(at) ** 2, 0);
          const share = Math.sqrt(power((at) => a.data[at]! - b.data[at]!) / power((at) => a.data[at]!));
          expect(share).toBeLessThan(0.15);
        }
      }
    } finally {
      for (const session of sessions) await session.close();
    }
  });
});
