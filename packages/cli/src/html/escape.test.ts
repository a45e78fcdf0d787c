import fc from "fast-check";
import { expect, it } from "vitest";
import { escapeHtml, scriptJson } from "./escape.js";

const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("</script><script>alert(1)</script>", "<!--<script>", '"><img src=x onerror=y>', "&lt;"),
);

it("escapeHtml leaves nothing that opens a tag, an entity or an attribute", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const safe = escapeHtml(text);
      expect(safe.replace(/&#\d+;/g, "")).not.toMatch(/[<>"'&]/);
      expect(safe.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toBe(text);
    }),
  );
});

it("scriptJson cannot leave its element and means the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), nasty, (value, text) => {
      const json = scriptJson({ value, text });
      expect(json).not.toMatch(/[<>&]/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
