/**
 * XML files as plain trees: elements, attributes, text. Anything that could make a small file large or read another one (document
 * types, entities, processing instructions) is refused before it is looked at.
 */
import { BlemishError, type XmlElement } from "@blemish/core";
import { SaxesParser } from "saxes";

/** Far more than any network has: those of Anomalib have 4,000 elements, 6 deep, and no attribute of 300 letters. */
const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 32;
const MAX_ATTRIBUTES = 100;
const MAX_LETTERS = 2 ** 20;
const MAX_FOUND = 100;

interface Growing {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Growing[];
  text: string;
}

/**
 * Reads a file.
 * @returns its root.
 * @throws BlemishError MODEL_BROKEN when it is no well-formed XML, or is more than a tree of elements.
 */
export function readXml(text: string, subject: string): XmlElement {
  const broken = (expected: string, found: string) =>
    new BlemishError("MODEL_BROKEN", { subject, expected, found: found.slice(0, MAX_FOUND) });
  const parser = new SaxesParser();
  const open: Growing[] = [];
  let root: Growing | null = null;
  let count = 0;
  parser.on("doctype", () => {
    throw broken("XML without a document type", "<!DOCTYPE>");
  });
  parser.on("processinginstruction", ({ target }) => {
    throw broken("XML without processing instructions", `<?${target}>`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    count++;
    if (count > MAX_ELEMENTS || open.length >= MAX_DEPTH)
      throw broken(`at most ${MAX_ELEMENTS} elements, ${MAX_DEPTH} deep`, "more");
    const values = Object.values(attributes);
    if (values.length > MAX_ATTRIBUTES || values.some(({ length }) => length > MAX_LETTERS))
      throw broken(`at most ${MAX_ATTRIBUTES} attributes of ${MAX_LETTERS} letters`, `more at <${name}>`);
    const element: Growing = {
      name,
      attributes: Object.assign(Object.create(null), attributes),
      children: [],
      text: "",
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => void open.pop());
  parser.on("error", (cause) => {
    throw broken("well-formed XML", cause.message);
  });
  parser.write(text).close();
  if (root === null) throw broken("an element", "none");
  return root;
}
