import { expect, it } from "vitest";
import { explained } from "../../../../../tests/support/explained.js";
import { explanationWords, pictureName, pixelPhrase } from "./explanation-words.js";

it("says what every detector found, the strongest first, in one line each", () => {
  expect(explanationWords(explained())).toEqual([
    "70 % PatchCore at 320 px: nearest good patches 004.png at (35 %, 65 %), distance 1.23; good picture 3, distance 2",
    "30 % PaDiM at 256 px: channels layer2 41 (32 %), 3 (-10 %); typical here 007.png",
  ]);
});

it("says only the share where nothing else is known", () => {
  const { detectors, ...place } = explained();
  const bare = { ...detectors[0]!, channels: [], typical: null };
  expect(explanationWords({ ...place, detectors: [bare] })).toEqual(["30 % PaDiM at 256 px"]);
});

it("does not make up pictures of a bank that does not name them", () => {
  const { detectors, ...place } = explained();
  const patch = { picture: -1, path: "", box: null };
  const nearest = [2.43, 2.5].map((distance) => ({ ...patch, distance }));
  const bare = { ...detectors[0]!, channels: [], typical: null, nearest };
  expect(explanationWords({ ...place, detectors: [bare] })).toEqual([
    "30 % PaDiM at 256 px: nearest good patches at distance 2.43, 2.5, of pictures that the model does not name",
  ]);
  expect(pictureName(-1, "")).toBe("a good picture");
});

it("says where a place is in pixels of a picture", () =>
  expect(pixelPhrase({ x: 0.5, y: 0.999 }, { width: 70, height: 45 })).toBe("35, 44"));

it("calls a picture by the last part of its path, or by its number from 1", () => {
  expect([pictureName(0, "a/b.png"), pictureName(0, "a\\c.png"), pictureName(0, "")]).toEqual([
    "b.png",
    "c.png",
    "good picture 1",
  ]);
});
