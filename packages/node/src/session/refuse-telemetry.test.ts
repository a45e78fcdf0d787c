import { expect, it } from "vitest";
import { refuseTelemetry } from "./refuse-telemetry.js";

// That nothing is written is told by `tests/e2e/offline.test.ts`.
it("switches telemetry off, and leaves a value of the user's alone", () => {
  const environment: NodeJS.ProcessEnv = {};
  refuseTelemetry(environment);
  expect(environment).toEqual({ ORT_DISABLE_TELEMETRY: "1" });
  const chosen: NodeJS.ProcessEnv = { ORT_DISABLE_TELEMETRY: "0" };
  refuseTelemetry(chosen);
  expect(chosen).toEqual({ ORT_DISABLE_TELEMETRY: "0" });
});
