import fc from "fast-check";
import { expect, it } from "vitest";
import { sparseHead } from "../../../../../tests/support/packed-heads.js";
import { version2Factor } from "../../../../../tests/support/version-2.js";
import { plainHeadKernels } from "../../kernels/plain-head-kernels.js";
import { seededRandom } from "../../random.js";
import { packWhole } from "./pack-whole.js";
import { type FactorPrecision, groupCount, packedRows } from "./packed-gaussians.js";

it("gives the head that was packed without its zeros from the start, and shares means and scales", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom<FactorPrecision>("float32", "int16", "int8"),
      (channels, cells, precision) => {
        const head = sparseHead(channels, cells, precision);
        const { linkedGroups: _linked, order: _order, ...rest } = head;
        const packed = packWhole({ ...rest, factor: version2Factor(head) });
        expect(packed).toEqual(head);
        expect([packed.mean, packed.scale]).toEqual([head.mean, head.scale]);
        expect(packed.mean).toBe(head.mean);
      },
    ),
    { numRuns: 60 },
  );
});

it.each(["float32", "int16", "int8"] as const)(
  "changes distances of %s by no more than the rounding of sums in another order",
  (precision) => {
    const head = sparseHead(23, 17, precision);
    const dense = {
      ...head,
      linkedGroups: head.linkedGroups.slice().fill(groupCount(23)),
      order: new Int16Array(0),
      factor: version2Factor(head),
    };
    expect(dense.factor).toHaveLength(3 * packedRows(23) * 8);
    expect(head.factor.length).toBeLessThan(0.6 * dense.factor.length);
    const random = seededRandom(9);
    const embedding = Float32Array.from({ length: 23 * 17 }, () => random.normal());
    const [now, before] = [head, dense].map((one) => {
      const out = new Float32Array(17);
      plainHeadKernels.squaredDistances(one, embedding, out);
      return out;
    });
    now.forEach((value, cell) => {
      expect(Math.abs(value / before[cell] - 1)).toBeLessThan(2e-6);
    });
  },
);
