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
  ])("refuses %s", (_, text) => {
    expect(() => readXml(text, "model.xml")).toThrow(/MODEL_BROKEN/);
  });

  it("takes attributes of any name as plain words", () => {
    const { attributes } = readXml('<net __proto__="1" constructor="2"/>', "x");
    expect(Object.entries(attributes)).toEqual(expect.arrayContaining([["constructor", "2"]]));
    expect(({} as Record<string, unknown>).net).toBeUndefined();
  });
});
