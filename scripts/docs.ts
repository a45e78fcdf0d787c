/** `npm run docs`: writes the generated pages of docs/. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { renderDocs } from "./render-docs.js";

for (const [path, text] of Object.entries(renderDocs())) {
  writeFileSync(resolve(import.meta.dirname, "..", path), text);
  console.log(`wrote ${path}`);
}
