import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { uncertainWords } from "./uncertain-words.js";

const { calibration } = smallModel().manifest;

it("says where the grey zone begins, what it promises, and when it is empty", () => {
  const uncertain = {
    imageThreshold: 3,
    askedRate: 0.1,
    expectedRate: 0.1,
    guaranteedRate: 0.163,
    reached: true,
  };
  expect(uncertainWords(calibration)).toEqual([]);
  expect(uncertainWords({ ...calibration, imageThreshold: 4, uncertain })).toEqual([
    "Uncertain from 3 on: 10 of 100 good parts reach it on average, with 95 % confidence at most 17 of 100.",
  ]);
  expect(uncertainWords({ ...calibration, imageThreshold: 3, uncertain })[1]).toContain("too few pictures");
});
