/** What a model's file says of the defects that it will see: a section of `inspect` and of its page. */
import { type ModelManifest, sensitivityOf } from "@blemish/core";
import { groupName, limitWords } from "../evaluation/sensitivity-words.js";
import { counted } from "../report-page/rate-words.js";
import type { Section } from "./section.js";

/** null where nothing was measured. */
export function keptSensitivitySection(manifest: ModelManifest): Section | null {
  if (manifest.origin !== "blemish" || manifest.sensitivity === undefined) return null;
  const { measuredOn, pictures, places, groups } = manifest.sensitivity;
  const millimetres = manifest.capture?.millimetresPerPixel ?? null;
  const by =
    measuredOn === "held-out"
      ? "by a model that was trained alike without these pictures"
      : "which it has not learnt from";
  return {
    title: "Sensitivity",
    rows: groups.map((group) => [groupName(group), limitWords(sensitivityOf(group), millimetres)]),
    remarks: [
      `Measured with drawn defects in ${counted(pictures, "good picture")}, ${by}: each kind, size and contrast at ${counted(places, "place")}.`,
    ],
  };
}
