import { expect, it } from "vitest";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import type { Task } from "../../anomalib/model-description.js";
import { createCanvas } from "./canvas.js";
import { drawLegend, type LegendEntry, legendOf, legendSize } from "./legend.js";

const draw = (entries: readonly LegendEntry[], room: number) => {
  const { width, height } = legendSize(entries, room);
  const canvas = createCanvas(width + 20, height + 20, [255, 255, 255]);
  drawLegend(canvas, 10, 10, entries, room);
  return canvas;
};

it.each(["classification", "segmentation", "detection"] as const)(
  "explains the colours of %s within its size",
  (task) => {
    const canvas = draw(legendOf(judged(), task), 2000);
    const colours = new Set<string>();
    let outside = 0;
    for (let y = 0; y < canvas.height; y++)
      for (let x = 0; x < canvas.width; x++) {
        const colour = canvas.data
          .subarray((y * canvas.width + x) * 3)
          .subarray(0, 3)
          .join();
        const border = x < 8 || y < 8 || x >= canvas.width - 8 || y >= canvas.height - 8;
        if (border && colour !== "255,255,255") outside++;
        colours.add(colour);
      }
    expect(outside).toBe(0);
    // Both ends and the middle of the colour bar.
    for (const colour of ["0,0,128", "126,255,130", "128,0,0"]) expect(colours).toContain(colour);
    const own: Record<Task, string> = {
      classification: "225,252,134",
      segmentation: "255,0,0",
      detection: "255,0,0",
    };
    expect(colours).toContain(own[task]);
  },
);

it("speaks of green boxes only where there are any", () => {
  const plain = draw(legendOf(judged(), "detection"), 2000);
  const green = draw(legendOf(judged({ boxLabels: [0, 1] }), "detection"), 2000);
  const isGreen = (_: number, i: number, data: Uint8Array) =>
    i % 3 === 0 && data[i] === 0 && data[i + 1] === 255 && data[i + 2] === 0;
  expect(green.data.some((v, i) => isGreen(v, i, green.data))).toBe(true);
  expect(plain.data.some((v, i) => isGreen(v, i, plain.data))).toBe(false);
});

it("breaks into rows when there is little room", () => {
  const entries = legendOf(judged(), "segmentation");
  const [wide, narrow] = [legendSize(entries, 2000), legendSize(entries, 300)];
  expect(narrow.height).toBeGreaterThan(wide.height);
  expect(narrow.width).toBeLessThan(wide.width);
});

it("explains only what is shown", () => {
  const bare = judged({ anomalyMap: null, predMask: null });
  expect(legendOf(bare, "segmentation")).toEqual([]);
  expect(legendSize([], 500)).toEqual({ width: 0, height: 0 });
});

it("says what an outline means that somebody has drawn into the pictures", () => {
  const drawn = { colour: [255, 0, 255], name: "magenta", meaning: "the marked place" } as const;
  const plain = legendOf(judged(), "segmentation");
  const entries = legendOf(judged(), "segmentation", drawn);
  expect(entries).toHaveLength(plain.length + 1);
  const holds = (some: readonly LegendEntry[]) => {
    const { data } = draw(some, 2000);
    return data.some((value, i) => i % 3 === 0 && value === 255 && data[i + 1] === 0 && data[i + 2] === 255);
  };
  expect([holds(plain), holds(entries)]).toEqual([false, true]);
});
