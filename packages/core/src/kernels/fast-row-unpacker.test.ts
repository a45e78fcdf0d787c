import { deflateSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function fresh() {
  vi.resetModules();
  return import("./fast-row-unpacker.js");
}

/** Its properties are not enumerable. */
function webAssembly() {
  const { Module, Instance } = WebAssembly;
  return { Module, Instance };
}

function rowsOf(height: number, rowBytes: number) {
  const data = Buffer.alloc(height * (rowBytes + 1), 5);
  for (let row = 0; row < height; row++) data[row * (rowBytes + 1)] = 0;
  return { pieces: [deflateSync(data)], height, rowBytes, pixelBytes: 1 };
}

it("unpacks one picture after the other, large ones too, and lets go of their memory", async () => {
  const { Memory } = WebAssembly;
  let memories = 0;
  const counted = new Proxy(Memory, {
    construct(target, [descriptor]: ConstructorParameters<typeof WebAssembly.Memory>) {
      memories++;
      return new target(descriptor);
    },
  });
  vi.stubGlobal("WebAssembly", { ...webAssembly(), Memory: counted });
  const { unpackRowsHere } = await fresh();
  for (const height of [3, 40, 20_000, 3]) {
    const out = new Uint8Array(height * 1000);
    expect(unpackRowsHere(rowsOf(height, 1000), out)).toBe(true);
    expect(out.every((sample) => sample === 5)).toBe(true);
  }
  expect(memories).toBe(2);
});

it("says that it cannot without WebAssembly", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  const { unpackRowsHere } = await fresh();
  expect(unpackRowsHere(rowsOf(2, 2), new Uint8Array(4))).toBeNull();
});
