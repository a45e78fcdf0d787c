import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { transferables } from "./transferables.js";

describe("transferables", () => {
  it("finds the memory of every typed array once, however deep it stands", () => {
    const data = new Float32Array(3);
    const bytes = new Uint8Array(2);
    const value = {
      map: { data },
      again: data,
      list: [new Uint8Array(1)],
      files: { mask: bytes },
      none: null,
      text: "x",
    };
    expect(transferables(value)).toEqual([data.buffer, bytes.buffer]);
  });

  it("leaves views of larger memory and shared memory alone", () => {
    const view = new Uint8Array(8).subarray(2, 4);
    expect(transferables({ view, shared: new Uint8Array(new SharedArrayBuffer(4)) })).toEqual([]);
  });

  it("names only memory that can really be moved", () => {
    const { port1 } = new MessageChannel();
    const value = { made: new Uint8Array(4), pooled: Buffer.from("abc"), large: Buffer.alloc(1 << 20) };
    expect(() => port1.postMessage(value, transferables(value))).not.toThrow();
    expect(value.made.length).toBe(0);
    expect(value.pooled.toString()).toBe("abc");
    port1.close();
  });
});
