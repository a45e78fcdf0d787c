/**
 * XML files as plain trees: elements, attributes, text. Anything that could make a small file large or read another one (document
 * types, entities, processing instructions) is refused before it is looked at.
 */
import { BlemishError, type XmlElement } from "@blemish/core";
import { SaxesParser } from "saxes";

/** Far more than any network has. */
const MAX_ELEMENTS = 2_000_000;
const MAX_DEPTH = 32;

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
    new BlemishError("MODEL_BROKEN", { subject, expected, found });
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
  parser.on("text", (part) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  });
  parser.on("closetag", () => void open.pop());
  parser.on("error", (cause) => {
    throw broken("well-formed XML", cause.message);
  });
  parser.write(text).close();
  if (root === null) throw broken("an element", "none");
  return root;
}
