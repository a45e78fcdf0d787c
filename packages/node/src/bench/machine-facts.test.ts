import { expect, it } from "vitest";
import { machineFacts } from "./machine-facts.js";

it("tells the machine", () => {
  const { cpu, cores, memory, os, node, load } = machineFacts();
  expect(cpu).not.toBe("");
  expect(Number.isInteger(cores) && cores >= 1).toBe(true);
  expect(memory).toBeGreaterThan(1e8);
  expect(os).toMatch(/^(Linux|Darwin|Windows_NT)$/);
  expect(`v${node}`).toBe(process.version);
  expect(load).toBeGreaterThanOrEqual(0);
});
