import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { kindOf } from "./kind-of.js";
import type { TrainedManifest } from "./manifest.js";

/** Two inputs, of which only detectors of one kind are left. */
function onlyOf(kind: "padim" | "patchcore"): TrainedManifest {
  const { manifest } = smallFusion({ twoInputs: true });
  const passes = manifest.passes.map((pass) => ({
    ...pass,
    detectors: pass.detectors.filter(({ head }) => head.kind === kind),
  }));
  return { ...manifest, passes };
}

it("names the one method, of several detectors too", () => {
  expect(kindOf(smallModel().manifest)).toBe("padim");
  expect(kindOf(smallImported().manifest)).toBe("padim");
  expect(kindOf(onlyOf("padim"))).toBe("padim");
  expect(kindOf(onlyOf("patchcore"))).toBe("patchcore");
});

it("says when methods judge together, on the same input or on others", () => {
  const { manifest } = smallFusion({ twoInputs: true });
  expect(kindOf(smallFusion().manifest)).toBe("fusion");
  expect(kindOf(manifest)).toBe("fusion");
  const [first, second] = [onlyOf("patchcore").passes[0]!, onlyOf("padim").passes[1]!];
  expect(kindOf({ ...manifest, passes: [first, second] })).toBe("fusion");
});
