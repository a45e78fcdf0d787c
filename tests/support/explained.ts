/** An explained place, made up: PaDiM with 30 % and a memory bank with 70 % on a 4 × 4 grid. */
import type { PlaceExplanation } from "../../packages/core/src/stages/detector/explanation.js";

/** The place; every call gives equal content. */
export function explained(): PlaceExplanation {
  const box = { x: 0.5, y: 0.25, width: 0.25, height: 0.25 };
  return {
    x: 0.6,
    y: 0.3,
    detectors: [
      {
        kind: "padim",
        size: 256,
        box,
        distance: 20,
        share: 0.3,
        nearest: [],
        channels: [
          { channel: 41, tap: "layer2", value: 2, mean: 1, share: 0.32 },
          { channel: 3, tap: null, value: 2, mean: 1, share: -0.1 },
        ],
        typical: { picture: 7, path: "C:\\parts\\007.png", box },
      },
      {
        kind: "patchcore",
        size: 320,
        box: { x: 0.55, y: 0.25, width: 0.05, height: 0.05 },
        distance: 1.234,
        share: 0.7,
        nearest: [
          {
            picture: 4,
            path: "good/004.png",
            box: { x: 0.3, y: 0.6, width: 0.1, height: 0.1 },
            distance: 1.234,
          },
          { picture: 2, path: "", box: null, distance: 2 },
        ],
        channels: [],
        typical: null,
      },
    ],
  };
}
