import { expect, it } from "vitest";
import { PAGE_SCRIPT } from "../page-script.js";
import { VIEWER_SCRIPT } from "./viewer-script.js";

it("comes last and starts every part that there is, once", () => {
  const parts = [...PAGE_SCRIPT.matchAll(/^function (start\w+)\(/gm)].map((match) => match[1] ?? "");
  expect(parts.length).toBeGreaterThan(4);
  expect(PAGE_SCRIPT.endsWith(VIEWER_SCRIPT)).toBe(true);
  for (const part of parts) expect(PAGE_SCRIPT.match(new RegExp(`^${part}\\(\\);$`, "gm"))).toHaveLength(1);
});
