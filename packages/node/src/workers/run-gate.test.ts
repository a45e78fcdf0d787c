import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { createRunGate, passGate, shutGate } from "./run-gate.js";

describe("passGate", () => {
  it("gives what the work gives, and is open again afterwards", async () => {
    const gate = createRunGate();
    expect(await passGate(gate, async () => 5)).toBe(5);
    await expect(passGate(gate, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect([...gate]).toEqual([0, 0]);
  });

  it("is busy while the work runs", async () => {
    const gate = createRunGate();
    await passGate(gate, async () => expect([...gate]).toEqual([1, 0]));
  });

  it("begins nothing behind a shut gate", async () => {
    const gate = createRunGate();
    shutGate(gate);
    let begun = false;
    const passed = passGate(gate, async () => {
      begun = true;
    });
    const first = await Promise.race([
      passed.then(() => "passed"),
      new Promise((done) => setTimeout(done, 20, "pending")),
    ]);
    expect([first, begun, ...gate]).toEqual(["pending", false, 0, 1]);
  });
});

describe("shutGate", () => {
  it("waits for work in another thread", async () => {
    const gate = createRunGate();
    const worker = new Worker(
      `const { workerData: gate, parentPort } = require("node:worker_threads");
       Atomics.store(gate, 0, 1);
       parentPort.postMessage("busy");
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
       Atomics.store(gate, 0, 0);
       Atomics.notify(gate, 0);`,
      { eval: true, workerData: gate },
    );
    await new Promise((busy) => worker.once("message", busy));
    const start = performance.now();
    shutGate(gate);
    expect(performance.now() - start).toBeGreaterThan(50);
    expect(gate[0]).toBe(0);
    await worker.terminate();
  });
});
