/** Tracked files speak of the product alone: no machine paths, no registry hosts, nothing left unfinished. */
import { expect, it } from "vitest";
import { read, repositoryFiles } from "./sources.js";

// Written in pieces so that this file does not find itself.
const MACHINE_PATH = new RegExp(
  `(^|[^A-Za-z0-9_.])/(${["work", "home/[a-z]", "root", "Users"].join("|")})/[A-Za-z0-9_.-]`,
);
const REGISTRY_HOST = new RegExp(
  [
    "registry\\.npmjs",
    "npmjs\\.org/",
    "files\\.pythonhosted",
    "pypi\\.org",
    "deb\\.debian\\.org",
    "static\\.crates",
    "proxy\\.golang",
  ]
    .map((host) => host.replace("\\.", "[.]"))
    .join("|"),
);
const UNFINISHED = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);

function matches(pattern: RegExp, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}

const BINARY = /\.(png|jpg|jpeg|webp|tiff?|bmp|gif|p[bgp]m|npy|onnx|data|bin)$/;
const texts = repositoryFiles().filter(
  (path) => !BINARY.test(path) && path !== "tests/repo/tracked-text.test.ts",
);

it("knows its patterns", () => {
  expect(MACHINE_PATH.test(["see ", "work", "x"].join("/"))).toBe(true);
  expect(REGISTRY_HOST.test(["https://registry", "npmjs", "org/x"].join("."))).toBe(true);
  expect(UNFINISHED.test("// TO" + "DO later")).toBe(true);
});

it("names no machine path", () => expect(matches(MACHINE_PATH, texts)).toEqual([]));

it("names no registry host", () => expect(matches(REGISTRY_HOST, texts)).toEqual([]));

it("leaves nothing unfinished", () => {
  expect(
    matches(
      UNFINISHED,
      texts.filter((path) => path.startsWith("packages/")),
    ),
  ).toEqual([]);
});

it("carries no machine path in binary files", () => {
  const binaries = repositoryFiles().filter((path) => /\.(onnx|data)$/.test(path));
  expect(binaries.filter((path) => MACHINE_PATH.test(read(path)))).toEqual([]);
});
