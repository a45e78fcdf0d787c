import type { XmlElement } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml } from "./read-xml.js";

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const value = fc.string({ unit: fc.constantFrom("a", "7", " ", "<", "&", '"', "ü", "]") });

const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc.record({
    name: word,
    attributes: fc.dictionary(word, value, { maxKeys: 3 }),
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("tree"), { maxLength: 3 })),
    text: value,
  }),
}));

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("]", "&#93;");

function written({ name, attributes, children, text }: XmlElement): string {
  const words = Object.entries(attributes).map(([key, own]) => ` ${key}="${escaped(own)}"`);
  return `<${name}${words.join("")}>${escaped(text)}${children.map(written).join("")}</${name}>`;
}

const plain = (element: XmlElement): unknown => ({
  ...element,
  attributes: { ...element.attributes },
  children: element.children.map(plain),
});

describe("readXml", () => {
  it("reads what was written", () => {
    fc.assert(
      fc.property(tree, (element) => {
        expect(plain(readXml(`<?xml version="1.0"?>\n${written(element)}`, "x"))).toEqual(plain(element));
      }),
    );
  });

  it("says that a text which is cut anywhere is broken", () => {
    const text = written({ name: "net", attributes: { a: "1" }, children: [], text: "b" });
    for (let end = 0; end < text.length; end++)
      expect(() => readXml(text.slice(0, end), "model.xml")).toThrow(/model\.xml.*MODEL_BROKEN/);
  });

  it.each([
    ["a document type", "<!DOCTYPE net><net/>"],
    ["a bomb", '<!DOCTYPE n [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><net>&b;</net>'],
    ["a file from elsewhere", '<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]><net>&a;</net>'],
    ["an entity of its own", "<net>&lol;</net>"],
    ["a processing instruction", "<?php x?><net/>"],
    ["two roots", "<net/><net/>"],
    ["unclosed elements", "<net><layers></net>"],
    ["an attribute twice", '<net a="1" a="2"/>'],
    ["elements in elements in elements", `${"<a>".repeat(40)}${"</a>".repeat(40)}`],
    ["nothing", ""],
    ["more elements than any network has", `<net>${"<a/>".repeat(200_000)}</net>`],
    [
      "more attributes than any layer has",
      `<net ${Array.from({ length: 101 }, (_, i) => `a${i}=""`).join(" ")}/>`,
    ],
    ["an endless attribute", `<net a="${"x".repeat(2 ** 20 + 1)}"/>`],
  ])("refuses %s", (_, text) => {
    expect(() => readXml(text, "model.xml")).toThrow(/MODEL_BROKEN/);
  });

  it("takes what stands at its limits", () => {
    expect(readXml(`<net>${"<a/>".repeat(199_999)}</net>`, "x").children).toHaveLength(199_999);
    expect(readXml(`<net a="${"x".repeat(2 ** 20)}"/>`, "x").attributes.a).toHaveLength(2 ** 20);
    expect(readXml(`${"<a>".repeat(32)}${"</a>".repeat(32)}`, "x").name).toBe("a");
  });

  it("says what is wrong in a few words, however long the file's are", () => {
    const long = "a".repeat(10_000);
    for (const text of [`<?${long} ?><net/>`, `<${long} >`, `<net>&${long};</net>`])
      expect(() => readXml(text, "x")).toThrow(/^.{0,400}MODEL_BROKEN/s);
  });

  it("throws nothing but what it says, whatever was changed", () => {
    const text = written({
      ...{ name: "net", attributes: { a: "<1>", b: "&" }, text: "\n" },
      children: [{ name: "layer", attributes: { id: "0" }, children: [], text: "7" }],
    });
    const pieces = [
      "<",
      "&",
      ">",
      '"',
      "<!",
      "<![CDATA[",
      "]]>",
      "<!--",
      "-->",
      "&#0;",
      "\uD800",
      "\0",
      "<?xml",
      "\uFEFF",
    ];
    const change = fc.tuple(fc.nat(text.length), fc.nat(5), fc.constantFrom("", ...pieces));
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const changed = changes.reduce(
          (now, [at, gone, put]) => now.slice(0, at) + put + now.slice(at + gone),
          text,
        );
        try {
          readXml(changed, "x");
          outcomes.read++;
        } catch (error) {
          expect(error).toMatchObject({ name: "BlemishError", code: "MODEL_BROKEN" });
          outcomes.refused++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it("reads marked text as text", () => {
    expect(readXml("<dim>1<![CDATA[2]]><!-- 3 -->4</dim>", "x").text).toBe("124");
  });

  it("takes attributes of any name as plain words", () => {
    const { attributes } = readXml('<net __proto__="1" constructor="2"/>', "x");
    expect(Object.getPrototypeOf(attributes)).toBeNull();
    expect(Object.entries(attributes)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });
});
