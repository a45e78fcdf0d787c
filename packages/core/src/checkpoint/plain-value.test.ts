import { expect, it } from "vitest";
import { dictionary, object, pickle } from "../../../../tests/support/torch-archive.js";
import type { PickleValue } from "./pickle-value.js";
import { at, plainValue } from "./plain-value.js";
import { readPickle } from "./read-pickle.js";

const node = (value: number | null) => object("omegaconf.nodes", "AnyNode", { _val: value });

it("looks into OmegaConf's containers", () => {
  const list = object("omegaconf.listconfig", "ListConfig", { _content: [node(256), node(128)] });
  const config = object("omegaconf.dictconfig", "DictConfig", {
    _content: dictionary({ image_size: list, crop: node(null) }),
  });
  const plain = plainValue(readPickle(pickle(config), "x"));
  expect(plain).toEqual(
    new Map<string, unknown>([
      ["image_size", [256, 128]],
      ["crop", null],
    ]),
  );
  expect(at(plain, "image_size")).toEqual([256, 128]);
  expect([at(plain, "crop", "inner"), at(plain, "missing"), at(3, "x")]).toEqual([null, null, null]);
});

it("is null for what is no plain value, and for keys that are no text", () => {
  expect(plainValue(readPickle(pickle(object("anomalib.x", "Y", { a: 1 })), "x"))).toBe(null);
  expect(plainValue(undefined)).toBe(null);
  expect(plainValue(new Map<PickleValue, PickleValue>([[1, 2]]))).toEqual(new Map());
});

it("ends in containers that hold themselves", () => {
  const list: PickleValue[] = [];
  list.push(list);
  expect(JSON.stringify(plainValue(list)).length).toBeGreaterThan(10);
});
