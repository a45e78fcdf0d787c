import fc from "fast-check";
import { expect, it } from "vitest";
import { numberList } from "./number-list.js";

it("reads what was written, spaces or not", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 9 }),
      (values) => {
        const plain = values.map((value) => value + 0);
        expect(numberList("--mean", values.join(","), values.length)).toEqual(
          plain.map((value) => (value === 0 ? 0 : value)),
        );
        expect(numberList("--mean", values.join(" , "), values.length)).toHaveLength(values.length);
      },
    ),
  );
});

it.each(["", "1,2", "1,2,3,4", "1,,3", "1,2,x", "1,2,Infinity", "1;2;3"])(
  "refuses %j as three numbers",
  (text) => {
    expect(() => numberList("--mean", text, 3)).toThrow(
      /^--mean has a value that is not allowed: expected 3 numbers/,
    );
  },
);
