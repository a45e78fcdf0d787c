import { Command } from "commander";
import { describe, expect, it } from "vitest";
import {
  addValidityOptions,
  VALIDITY_WORDS,
  type ValidityWords,
  validityOptions,
} from "./validity-options.js";

describe("validityOptions", () => {
  it.each<[ValidityWords, object]>([
    [{}, {}],
    [{ validity: false }, { validity: false }],
    [
      { validity: true, align: "rigid" },
      { validity: true, align: "rigid" },
    ],
    [{ align: "translation" }, { align: "translation" }],
  ])("reads %j", (words, options) => expect(validityOptions(words)).toEqual(options));

  it.each(["", "affine", "RIGID"])("refuses --align %j", (align) =>
    expect(() => validityOptions({ align })).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "--align" }),
    ),
  );

  it("gives commander the words that it reads, and no value that nobody asked for", () => {
    const command = addValidityOptions(new Command("x"));
    expect(new Set(command.options.map((option) => option.attributeName()))).toEqual(
      new Set(Object.keys(VALIDITY_WORDS)),
    );
    expect(command.parse([], { from: "user" }).opts()).toEqual({});
    expect(command.parse(["--no-validity"], { from: "user" }).opts()).toEqual({ validity: false });
  });
});
