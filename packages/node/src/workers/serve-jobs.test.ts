import { MessageChannel, type MessagePort } from "node:worker_threads";
import { BlemishError } from "@blemish/core";
import { describe, expect, it } from "vitest";
import type { FromWorker } from "./messages.js";
import { type JobServer, serveJobs } from "./serve-jobs.js";

type Reply = FromWorker<unknown>;

/** The pool's side of a channel whose other side serves jobs, with everything it hears. */
function served(open: () => Promise<JobServer<string, unknown>>) {
  const { port1, port2 } = new MessageChannel();
  const replies: Reply[] = [];
  const waiting: ((reply: Reply) => void)[] = [];
  port1.on("message", (reply: Reply) => {
    replies.push(reply);
    waiting.shift()?.(reply);
  });
  const closed = new Promise<void>((resolve) => port1.once("close", resolve));
  void serveJobs(port2, open);
  const heard = () => new Promise<Reply>((resolve) => waiting.push(resolve));
  return { port: port1 as MessagePort, replies, heard, closed };
}

function echo(log: string[] = []): JobServer<string, unknown> {
  return {
    async run(job) {
      if (job === "bad picture") throw new BlemishError("IMAGE_EMPTY", { subject: "a.png" });
      if (job === "bug") throw new TypeError("x is not a function");
      const bytes = new Uint8Array(3);
      return { value: { job, bytes }, transfer: [bytes.buffer] };
    },
    async close() {
      log.push("closed");
    },
  };
}

describe("serveJobs", () => {
  it("says when it is ready, does jobs and moves their memory", async () => {
    const { port, heard } = served(async () => echo());
    expect(await heard()).toEqual({ type: "ready" });
    port.postMessage({ type: "job", id: 7, job: "a" });
    expect(await heard()).toEqual({ type: "done", id: 7, result: { job: "a", bytes: new Uint8Array(3) } });
    port.close();
  });

  it("reports what went wrong with a job and goes on", async () => {
    const { port, heard } = served(async () => echo());
    await heard();
    port.postMessage({ type: "job", id: 1, job: "bad picture" });
    expect(await heard()).toMatchObject({
      type: "failed",
      id: 1,
      error: { code: "IMAGE_EMPTY", subject: "a.png" },
    });
    port.postMessage({ type: "job", id: 2, job: "bug" });
    expect(await heard()).toMatchObject({
      type: "failed",
      id: 2,
      error: { code: "WORKER", found: "x is not a function" },
    });
    port.postMessage({ type: "job", id: 3, job: "a" });
    expect(await heard()).toMatchObject({ type: "done", id: 3 });
    port.close();
  });

  it("finishes what is under way before it ends", async () => {
    const log: string[] = [];
    const { port, heard, replies, closed } = served(async () => echo(log));
    await heard();
    port.postMessage({ type: "job", id: 1, job: "a" });
    port.postMessage({ type: "close" });
    await closed;
    expect(replies).toMatchObject([{ type: "ready" }, { type: "done", id: 1 }]);
    expect(log).toEqual(["closed"]);
  });

  it("reports that it cannot be opened and ends", async () => {
    const { replies, closed } = served(async () => {
      throw new BlemishError("MODEL_BROKEN", { subject: "model.onnx" });
    });
    await closed;
    expect(replies).toMatchObject([{ type: "broken", error: { code: "MODEL_BROKEN" } }]);
  });
});
