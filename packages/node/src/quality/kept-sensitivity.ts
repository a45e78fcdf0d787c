/** What was measured of a model's sensitivity, as its file keeps it. */
import type { SensitivityManifest } from "@blemish/core";
import type { Sensitivity } from "./measure-sensitivity.js";

/** The counts; what follows from them is computed again when they are read. */
export function keptSensitivity(
  { pictures, settings, groups }: Pick<Sensitivity, "pictures" | "settings" | "groups">,
  measuredOn: SensitivityManifest["measuredOn"],
): SensitivityManifest {
  return {
    measuredOn,
    pictures,
    places: settings.places,
    seed: settings.seed,
    groups: groups.map(({ by, name, cells }) => ({
      by,
      name,
      cells: cells.map(({ size, contrast, tried, found }) => ({ size, contrast, tried, found })),
    })),
  };
}
