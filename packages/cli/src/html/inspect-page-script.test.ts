import { Script } from "node:vm";
import { expect, it } from "vitest";
import { PAGE_SCRIPT } from "./inspect-page-script.js";

it("is a program that parses", () => {
  expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
});

it("sets text as text only, and asks for nothing from outside", () => {
  expect(PAGE_SCRIPT).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/,
  );
  expect(PAGE_SCRIPT).not.toMatch(
    /fetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|\.src\s*=|\.href\s*=/,
  );
});

it("cannot end the element that holds it", () => {
  expect(PAGE_SCRIPT).not.toMatch(/<\/script|<!--/i);
});
