import { expect, it } from "vitest";
import { isKnownName } from "./known-names.js";

it.each([
  ["torch._utils", "_rebuild_tensor_v2"],
  ["torch", "FloatStorage"],
  ["collections", "OrderedDict"],
  ["anomalib.models.padim.torch_model", "PadimModel"],
  ["__builtin__", "long"],
  ["_codecs", "encode"],
])("%s.%s may be named", (module, name) => {
  expect(isKnownName(module, name)).toBe(true);
});

it.each([
  ["torchx", "FloatStorage"],
  ["", "x"],
  ["builtins", "open"],
  ["builtins", "getattribute"],
  ["torch.jit", "load"],
  ["torch.hub", "load"],
  ["_codecs", "decode"],
  ["sys", "exit"],
])("%s.%s may not", (module, name) => {
  expect(isKnownName(module, name)).toBe(false);
});
