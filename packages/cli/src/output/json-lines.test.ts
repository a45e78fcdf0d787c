import { BlemishError } from "@blemish/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonLine } from "./json-lines.js";
import { invalidLine } from "./result-line.js";

it("is one line whatever the path holds, and gives the record back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      const line = invalidLine(new BlemishError("IMAGE_EMPTY", { subject: path }), {
        path,
        model: "m",
        ms: null,
        thresholdGiven: false,
      });
      const text = jsonLine(line);
      expect(text).not.toContain("\n");
      expect(JSON.parse(text)).toEqual(line);
    }),
  );
});
