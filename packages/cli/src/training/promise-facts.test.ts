import { adoptAdaptive, changeThreshold, promiseFor, type TrainedModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { promiseFacts } from "./promise-facts.js";

const scores = Float64Array.from({ length: 99 }, (_, i) => i + 1);
const model: TrainedModelFile = changeThreshold({ ...smallModel(), scores }, { falseAlarmRate: 0.1 }, "");

describe("promiseFacts", () => {
  it("measures a threshold by the rate that it was found for", () => {
    const { reached: _, ...promise } = promiseFor(scores, 0.1);
    expect(promiseFacts(model)).toEqual(promise);
  });
  it("does not measure other thresholds by a rate", () => {
    const byHand = changeThreshold(model, { threshold: 95.5 }, "");
    expect(promiseFacts(byHand)).toMatchObject({ asked: null, rank: 95, expectedRate: 0.05 });
    const found = { imageThreshold: 50.5, pixelThreshold: 1, min: 0, max: 2 };
    expect(promiseFacts(adoptAdaptive(model, found, ""))).toMatchObject({ asked: null, rank: 50 });
  });
});
