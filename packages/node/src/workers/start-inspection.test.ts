import { once } from "node:events";
import { describeModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { shareModel } from "../model/shared-model.js";
import type { InspectionSetup } from "./inspector.js";
import { createRunGate } from "./run-gate.js";
import { inspectionStarter } from "./start-inspection.js";

const setup: InspectionSetup = {
  modelPath: "missing.onnx",
  description: describeModelFile(smallModel()),
  threads: 1,
  spinning: false,
};

describe("inspectionStarter", () => {
  it("gives a worker the model's memory, and takes its part back when it has ended", async () => {
    const shared = shareModel(smallModel(), "part.blemish", 1);
    const start = inspectionStarter({ ...setup, modelPath: "part.blemish" }, shared);
    const worker = start(createRunGate());
    expect(shared.takePart().part.scratch).toBeNull();
    // The small model's backbone is no network: it was found in the shared memory and did not load.
    const [message] = await once(worker, "message");
    expect(message).toMatchObject({ type: "broken", error: { subject: "The backbone in part.blemish" } });
    await once(worker, "exit");
    expect(shared.takePart().part.scratch).not.toBeNull();
  });

  it("starts a worker for a whole graph without any", async () => {
    const worker = inspectionStarter(setup, null)(createRunGate());
    const [message] = await once(worker, "message");
    expect(message).toMatchObject({ type: "broken", error: { code: "MODEL_NOT_FOUND" } });
    await once(worker, "exit");
  });
});
