import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeJson, type JsonValue, parseJson, shorten } from "./parse-json.js";

/** Plain JavaScript values again, as JSON.parse would give them. */
function plain(value: JsonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

const refusal = (text: string) => {
  try {
    parseJson(text, "metadata.json");
  } catch (error) {
    return String(error);
  }
  return "accepted";
};

describe("parseJson", () => {
  it("agrees with JSON.parse on any JSON text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const expected = JSON.parse(text);
        // Object.fromEntries defines "__proto__" as an own key, as JSON.parse does.
        expect(plain(parseJson(text, "f"))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses what JSON.parse refuses, apart from Python's three words", () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ntruefalse-0123456789.eE+ \n'.split(""),
      '"a"',
      "null",
      "true",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        let standard = true;
        try {
          JSON.parse(text);
        } catch {
          standard = false;
        }
        expect(refusal(text) === "accepted").toBe(standard);
      }),
      { numRuns: 2000 },
    );
  });

  it("reads NaN and infinities as Python writes them, but not inside strings", () => {
    const value = parseJson('{"a": NaN, "b": [Infinity, -Infinity, -1.5e-3], "NaN": "NaN, -Infinity"}', "f");
    expect(plain(value)).toEqual({
      a: Number.NaN,
      b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.0015],
      NaN: "NaN, -Infinity",
    });
    for (const text of ["nan", "-NaN", "+Infinity", "inf", "Infinit", "NaN1"])
      expect(refusal(text)).toMatch(/METADATA_FORMAT/);
  });

  it("says where the text goes wrong", () => {
    expect(refusal("")).toMatch(/an empty file/);
    expect(refusal(" \n ")).toMatch(/an empty file/);
    expect(refusal('{\n  "a": 1,\n  "b": }')).toMatch(/expected a value, found "}" in line 3, column 8/);
    expect(refusal('{"a": 1')).toMatch(/a comma or }, found the end of the text in line 1, column 8/);
    expect(refusal('["abc')).toMatch(/a closing quote, found the end of the text/);
    expect(refusal("{} x")).toMatch(/the end of the file, found "x"/);
    expect(refusal('{"a" 1}')).toMatch(/a colon/);
    expect(refusal("{1: 2}")).toMatch(/a key in quotes/);
    expect(refusal('["\\q"]')).toMatch(/known escapes/);
  });

  it("bounds depth, keeps the last of equal keys, passes over a byte order mark", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(refusal(nested(60))).toBe("accepted");
    expect(refusal(nested(100_000))).toMatch(/at most 64 levels/);
    expect(refusal('{"a":'.repeat(100_000))).toMatch(/METADATA_FORMAT/);
    expect(plain(parseJson('\ufeff{"a": 1, "a": 2}', "f"))).toEqual({ a: 2 });
  });

  it("no key is special", () => {
    const value = parseJson('{"__proto__": {"polluted": true}, "constructor": 1}', "f");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(value instanceof Map && [...value.keys()]).toEqual(["__proto__", "constructor"]);
  });

  it("words for messages", () => {
    const words = [undefined, null, true, 1.5, "a", [1], new Map()].map(describeJson);
    expect(words).toEqual(["nothing", "null", "true", "1.5", 'the text "a"', "a list", "an object"]);
    expect(shorten("x".repeat(100))).toHaveLength(40);
  });
});
