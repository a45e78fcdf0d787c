/** A measured sensitivity with numbers made up: scratches are seen from 8 pixels on when they are clear. */
import { type SensitivityTry, sensitivityGroups } from "../../packages/core/src/metrics/sensitivity.js";
import type { Sensitivity } from "../../packages/node/src/quality/measure-sensitivity.js";

/** How many of 60 are found, by kind, size and contrast. */
const FOUND: Readonly<Record<string, Readonly<Record<number, Readonly<Record<number, number>>>>>> = {
  scratch: { 4: { 0.1: 3, 0.5: 30 }, 8: { 0.1: 20, 0.5: 60 }, 16: { 0.1: 50, 0.5: 59 } },
  stain: { 4: { 0.1: 1, 0.5: 9 }, 8: { 0.1: 12, 0.5: 40 }, 16: { 0.1: 30, 0.5: 58 } },
};

/** @param zones whether the model has zones: every second place is in `rim`, the others in `<face>`. */
export function madeUpSensitivity(changes: Partial<Sensitivity> = {}, zones = false): Sensitivity {
  const tries: SensitivityTry[] = Object.entries(FOUND).flatMap(([type, sizes]) =>
    Object.entries(sizes).flatMap(([size, contrasts]) =>
      Object.entries(contrasts).flatMap(([contrast, found]) =>
        Array.from({ length: 60 }, (_, i) => ({
          type,
          size: Number(size),
          contrast: Number(contrast),
          zone: zones ? (i % 2 === 0 ? "rim" : "<face>") : null,
          found: i < found,
        })),
      ),
    ),
  );
  return {
    settings: { types: ["scratch", "stain"], sizes: [4, 8, 16], contrasts: [0.1, 0.5], places: 60, seed: 3 },
    pictures: 20,
    width: 256,
    height: 200,
    millimetresPerPixel: null,
    untouched: { judged: 20, alarms: 1, interval: [0.0012, 0.2487] },
    known: 0,
    failed: [],
    invalid: 0,
    groups: sensitivityGroups(tries),
    ...changes,
  };
}
