import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plainRowFilters } from "./plain-row-filters.js";
import { wasmRowFilters } from "./wasm-row-filters.js";

const compiled = wasmRowFilters()!;

/** Rows of random filters and residues; `flat` makes neighbours equal often, where the nearest is not unique. */
function randomRows(width: number, height: number, pixelBytes: number, seed: number, flat: boolean) {
  const rowBytes = width * pixelBytes;
  const data = new Uint8Array(height * (rowBytes + 1));
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const value = state >>> 24;
    data[i] = i % (rowBytes + 1) === 0 ? value % 5 : flat ? value % 3 : value;
  }
  return { data, height, rowBytes, pixelBytes };
}

function both(rows: ReturnType<typeof randomRows>) {
  return [plainRowFilters, compiled].map((filters) => {
    const out = new Uint8Array(rows.height * rows.rowBytes).fill(9);
    return { ok: filters.undo(rows, out), out: Buffer.from(out) };
  }) as [{ ok: boolean; out: Buffer }, { ok: boolean; out: Buffer }];
}

afterEach(() => vi.unstubAllGlobals());

describe("compiled row filters", () => {
  it("give the same bytes as the plain ones", () => {
    const side = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(
        ...[side, side, fc.integer({ min: 1, max: 4 }), fc.nat(), fc.boolean()],
        (width, height, pixelBytes, seed, flat) => {
          const [plain, fast] = both(randomRows(width, height, pixelBytes, seed, flat));
          expect(fast.ok).toBe(true);
          expect(fast.out.equals(plain.out)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("give them for pictures of many strips, too", () => {
    const [plain, fast] = both(randomRows(700, 300, 3, 5, false));
    expect(fast.out.equals(plain.out)).toBe(true);
  });

  it("give them for rows that are too wide for their memory", () => {
    const [plain, fast] = both(randomRows(2_850_000, 2, 4, 6, false));
    expect(fast.out.equals(plain.out)).toBe(true);
  });

  it("refuse filters that there are not", () => {
    const rows = randomRows(3, 3, 3, 1, false);
    rows.data[10] = 5;
    expect(both(rows).map(({ ok }) => ok)).toEqual([false, false]);
  });

  it("are missing without WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(wasmRowFilters()).toBeNull();
  });
});
