import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backboneWith } from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { Quality, RecipeOptions } from "../../bundle/recipe-options.js";
import { selectionPlan } from "../../stages/patchcore/selection-plan.js";
import { blemishRecipe, optionsForHead } from "./blemish-recipe.js";
import type { DetectorRecipe, PatchcoreRecipe, Recipe } from "./recipe.js";

const tap = (channels: number, stride: number, scale = 1) => ({
  name: `t${stride}`,
  channels,
  stride,
  scale,
});
const LITE0 = backboneWith(tap(40, 8, 24.492), tap(112, 16, 34.412));
const RESNET18 = backboneWith(tap(64, 4), tap(128, 8), tap(256, 16));

/** Side of each input, and what looks at it. */
const inputsOf = ({ passes }: Recipe) =>
  passes.map(({ size, detectors }) => [size.width, detectors.map(({ head }) => head.kind)]);

describe("blemishRecipe", () => {
  it("by default fuses both heads on one input, on the coarsest grid, with all channels of a small backbone", () => {
    const recipe = blemishRecipe(LITE0, {});
    expect(recipe).toMatchObject({
      profile: "blemish",
      size: { width: 256, height: 256 },
      sigma: 4,
      score: "top1%",
      falseAlarmRate: 0.05,
      threshold: "leave-one-out",
      turnedBelow: 50,
      seed: 0,
      ignoreBorder: 0,
    });
    expect(inputsOf(recipe)).toEqual([[320, ["patchcore", "padim"]]]);
    const [{ preprocessing, detectors }] = recipe.passes as [Recipe["passes"][number]];
    expect(preprocessing[0]).toMatchObject({ interpolation: "antialias", width: 320, height: 320 });
    const common = { grid: "coarsest", scales: [24.492, 34.412], channels: null, projection: null };
    expect(detectors).toEqual([
      {
        embedding: { ...common, neighbourhood: 3 },
        channels: 152,
        grid: { width: 20, height: 20 },
        weight: 1,
        head: { kind: "patchcore", rows: 2048, pool: 32_768, far: 60_000, precision: "int8" },
      },
      {
        embedding: { ...common, neighbourhood: 1 },
        channels: 152,
        grid: { width: 20, height: 20 },
        weight: 0.5,
        head: { kind: "padim", ridge: { relative: 0.4 }, poolBelow: 50, factors: "int16" },
      },
    ]);
  });

  it("has inputs for each quality, of which a single head keeps its own", () => {
    const inputs = (options: RecipeOptions) => inputsOf(blemishRecipe(LITE0, options));
    const both = ["patchcore", "padim"];
    expect(inputs({ quality: "fast" })).toEqual([[256, both]]);
    expect(inputs({ quality: "balanced" })).toEqual(inputs({}));
    expect(inputs({ quality: "accurate" })).toEqual([
      [512, ["patchcore"]],
      [256, both],
    ]);
    expect(inputs({ quality: "accurate", head: "padim" })).toEqual([[256, ["padim"]]]);
    expect(inputs({ quality: "accurate", head: "patchcore" })).toEqual([
      [512, ["patchcore"]],
      [256, ["patchcore"]],
    ]);
    expect(inputs({ head: "padim" })).toEqual([[320, ["padim"]]]);
  });

  it("has the same map for every quality, and one as large as the input for a size", () => {
    for (const quality of ["fast", "balanced", "accurate"] satisfies Quality[])
      expect(blemishRecipe(LITE0, { quality }).size).toEqual({ width: 256, height: 256 });
    const recipe = blemishRecipe(LITE0, { size: 64 });
    expect([recipe.size, inputsOf(recipe)]).toEqual([
      { width: 64, height: 64 },
      [[64, ["patchcore", "padim"]]],
    ]);
    expect(detectorsOf(recipe).map(({ grid }) => grid)).toEqual([
      { width: 4, height: 4 },
      { width: 4, height: 4 },
    ]);
  });

  it("projects the channels of a large backbone for PaDiM, and leaves PatchCore all of them", () => {
    const [patchcore, padim] = detectorsOf(blemishRecipe(RESNET18, {}));
    expect([patchcore?.channels, patchcore?.embedding.projection]).toEqual([448, null]);
    expect(padim?.channels).toBe(200);
    expect(padim?.embedding.projection).toMatchObject({ rows: 200 });
    expect(padim?.embedding.projection?.data).toHaveLength(200 * 448);
    const other = detectorsOf(blemishRecipe(RESNET18, { seed: 1 }))[1];
    expect(other?.embedding.projection?.data).not.toEqual(padim?.embedding.projection?.data);
  });

  it("takes what the user chooses", () => {
    const recipe = blemishRecipe(LITE0, {
      ...{ bank: 500, bankPrecision: "float32", padimWeight: 2, channels: 30, factors: "int8" },
      ...{ score: "max", falseAlarmRate: 0.01, threshold: "precise", seed: 9, ignoreBorder: 5 },
    });
    expect(recipe).toMatchObject({
      ...{ score: "max", falseAlarmRate: 0.01, threshold: "precise", seed: 9, ignoreBorder: 5 },
    });
    expect(detectorsOf(recipe)).toMatchObject([
      { weight: 1, channels: 152, head: { rows: 500, precision: "float32" } },
      { weight: 2, channels: 30, head: { factors: "int8" } },
    ]);
  });

  it.each([
    ["padim", { bank: 100 }, "--bank"],
    ["padim", { bankPrecision: "float32" }, "--bank-precision"],
    ["padim", { turned: true }, "--turned"],
    ["padim", { padimWeight: 1 }, "--fusion"],
    ["patchcore", { padimWeight: 1 }, "--fusion"],
    ["patchcore", { channels: 10 }, "--channels"],
    ["patchcore", { factors: "int8" }, "--factors"],
  ] as const)("refuses what a head alone has no use for: %s, %o", (head, option, subject) => {
    const refused = expect.objectContaining({ code: "OPTION_VALUE", subject });
    expect(() => blemishRecipe(LITE0, { head, ...option })).toThrow(refused);
    expect(() => blemishRecipe(LITE0, option)).not.toThrow();
  });

  it("leaves out what another head has no use for, so that its recipe can be made", () => {
    const all = {
      bank: 100,
      bankPrecision: "int8",
      turned: true,
      padimWeight: 1,
      channels: 9,
      factors: "int8",
    } as const;
    expect(optionsForHead({ ...all, seed: 3 }, "padim")).toEqual({
      ...{ channels: 9, factors: "int8", seed: 3, head: "padim" },
    });
    for (const head of ["padim", "patchcore", "fusion"] as const)
      expect(() => blemishRecipe(LITE0, optionsForHead(all, head))).not.toThrow();
    expect(optionsForHead(all, "fusion")).toEqual({ ...all, head: "fusion" });
  });

  it("lets all places share PaDiM's Gaussian, alone and in a fusion, and says where there is none", () => {
    const sharing = (options: RecipeOptions) =>
      detectorsOf(blemishRecipe(LITE0, options)).map(({ head }) => head.kind === "padim" && head.shared);
    expect(sharing({ statistics: "shared", head: "padim" })).toEqual([true]);
    expect(sharing({ statistics: "shared" })).toContain(true);
    expect(sharing({ statistics: "per-position", head: "padim" })).toEqual([undefined]);
    expect(() => blemishRecipe(LITE0, { statistics: "shared", head: "patchcore" })).toThrow(/--statistics/);
  });

  it("turns pictures where there are few, always, or never", () => {
    const turns = (turned: boolean | undefined, pictures: number) =>
      pictures < blemishRecipe(LITE0, turned === undefined ? {} : { turned }).turnedBelow;
    expect([turns(undefined, 49), turns(undefined, 50)]).toEqual([true, false]);
    expect([turns(true, 3), turns(true, 1e9)]).toEqual([true, true]);
    expect([turns(false, 3), turns(false, 0)]).toEqual([false, false]);
  });

  it("lets any bank that it takes be selected from any number of pictures", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 65_536 }),
        fc.integer({ min: 1, max: 2000 }),
        (bank, pictures) => {
          const [first] = detectorsOf(blemishRecipe(LITE0, { bank, size: 512 }));
          const { head, channels, grid } = first as DetectorRecipe<PatchcoreRecipe>;
          const cells = grid.width * grid.height;
          const { pool, far } = head;
          const size = head.rows as number;
          const plan = selectionPlan({ channels, cells, pictures, size, pool, far, seed: 0 });
          expect(plan.rows).toBe(Math.min(bank, pictures * cells));
        },
      ),
    );
  });

  it.each<[RecipeOptions, RegExp]>([
    [{ size: 250 }, /--size.*multiple of 32/],
    [{ size: 8192 }, /up to 4096/],
    [{ channels: 153 }, /from 1 to 152/],
    [{ channels: 0 }, /from 1 to 152/],
    [{ size: 256, quality: "fast" }, /--size.*both: 256 and fast/],
    [{ bank: 0 }, /--bank.*from 1 to 65536/],
    [{ bank: 65_537 }, /--bank.*65537/],
    [{ bank: 10.5 }, /--bank.*10\.5/],
    [{ padimWeight: 0 }, /--fusion.*above 0/],
    [{ padimWeight: 101 }, /at most 100/],
    [{ padimWeight: Number.NaN }, /--fusion.*NaN/],
  ])("refuses %j", (options, message) => {
    expect(() => blemishRecipe(LITE0, options)).toThrow(message);
    expect(() => blemishRecipe(LITE0, options)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
  });
});
