import { availableParallelism } from "node:os";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { trainRequest } from "../options/train-options.js";
import { startTalk } from "../output/talk.js";
import { libraryOptions } from "./library-options.js";

const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
const talk = startTalk({ json: false, quiet: true }, terminal);
const { signal } = new AbortController();
const NOTHING = { addTo: null, merge: [], merged: [] };

describe("libraryOptions", () => {
  it("hands on what was given and nothing else", () => {
    const request = trainRequest(["good"], {
      output: "x",
      size: "64",
      backbone: "b",
      precision: "int8",
      maxMemory: "7",
      workers: "3",
    });
    const { onProgress, ...options } = libraryOptions(request, NOTHING, 9, talk, signal);
    expect(options).toEqual({
      size: 64,
      backbone: "b",
      precision: "int8",
      maxMemory: 7e6,
      workers: 3,
      keepStatistics: false,
      signal,
    });
    expect(() => onProgress?.("fit", 1, 2)).not.toThrow();
  });
  it("starts no more workers than there are cores or pictures, and carries the model to add to", () => {
    const addTo = smallModel();
    const request = trainRequest(["part.blemish"], { add: ["more"] });
    const adding = { addTo, merge: [], merged: [] };
    expect(libraryOptions(request, adding, 1, talk, signal)).toMatchObject({ addTo, workers: 1 });
    expect(libraryOptions(request, NOTHING, 500, talk, signal).workers).toBe(availableParallelism());
  });
  it("carries models to merge, and counts their pictures as work", () => {
    const addTo = smallModel();
    const merged = Array.from({ length: 500 }, (_, i) => ({ path: `${i}.png`, sha256: `${i}` }));
    const request = trainRequest(["part.blemish"], { add: ["other.blemish"] });
    const options = libraryOptions(request, { addTo, merge: [addTo], merged }, 0, talk, signal);
    expect(options).toMatchObject({ addTo, merge: [addTo], workers: availableParallelism() });
  });
});
