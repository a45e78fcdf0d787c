import { expect, it } from "vitest";
import { WHOLE_CHANNELS, wholePadim } from "../../../../../tests/support/whole-padim.js";
import { type RecognisedPadim, recognisePadim } from "../../anomalib/recognise-padim.js";
import { importPadim } from "./import-padim.js";

function found(): RecognisedPadim {
  const padim = recognisePadim(wholePadim());
  if (!padim.recognised) throw new Error(padim.reason);
  return padim;
}

it("keeps the drawn channels of each layer and finds their order again", () => {
  const padim = found();
  const { taps, manifest, stored, map, graph } = importPadim(padim, "int8");
  const firsts = padim.taps.map((_, at) =>
    padim.taps.slice(0, at).reduce((sum, { channels }) => sum + channels, 0),
  );
  const concatenated = taps.flatMap(({ name, kept }) => {
    const at = padim.taps.findIndex((tap) => tap.name === name);
    return kept.map((channel) => firsts[at]! + channel);
  });
  expect(manifest.embedding.channels!.map((place) => concatenated[place])).toEqual(WHOLE_CHANNELS);
  expect(manifest).toMatchObject({ channels: 4, grid: padim.grid, head: { precision: "int8", fit: null } });
  expect(stored).toMatchObject({ projection: null, head: { gaussians: { precision: "int8", cells: 64 } } });
  expect([map, graph]).toEqual([{ sigma: 1 }, padim]);
});

it("refuses inverses that are not positive definite", () => {
  const padim = found();
  const inverseCovariance = new Uint8Array(padim.inverseCovariance.length);
  expect(() => importPadim({ ...padim, inverseCovariance }, "float32")).toThrow(/MODEL_STATISTICS/);
});
