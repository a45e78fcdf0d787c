#!/usr/bin/env node
// Stands in the repository, unlike what is built: npm links a command only to a file that is there when it installs.
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error("blemish is not built yet. Run npm run build.");
  process.exitCode = 2;
}
