/** One side of a comparison: a process that loads a model, then makes one pass over the pictures each time it is asked. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Medians over one pass, milliseconds a picture. */
export interface Stages {
  readonly decode: number;
  readonly pre: number;
  readonly network: number;
  readonly post: number;
  readonly visualise: number;
}

/** What a peer says once its model is loaded. */
export interface PeerHead {
  readonly peer: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number | "default";
  readonly load_ms: number;
  readonly first_picture_ms: number;
}

/** What a peer says after a pass. */
export interface PassAnswer {
  readonly pictures: number;
  readonly stages: Stages;
  /** From the file to the decision: all stages but visualise, and what lies between them. */
  readonly decision: number;
  readonly seconds: number;
  readonly cpu_ms_per_picture: number;
  readonly peak_rss_mb: number;
}

/** A running peer. */
export interface Peer {
  readonly head: PeerHead;
  /** From the start of the process to its first result, milliseconds. */
  readonly startMs: number;
  pass(): Promise<PassAnswer>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** Starts a peer and waits until its model is loaded and its first picture judged. */
export async function startPeer(command: string, args: readonly string[]): Promise<Peer> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const next = answers(child, command);
  const head = (await next()) as PeerHead;
  const startMs = performance.now() - started;
  return {
    head,
    startMs,
    async pass() {
      child.stdin.write("pass\n");
      return (await next()) as PassAnswer;
    },
    async close() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/** The child's next line as JSON; fails with what it wrote to its error output when it ends instead. */
function answers(child: ChildProcessWithoutNullStreams, command: string): () => Promise<unknown> {
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = `${complaint}${text}`.slice(-4000);
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${command} cannot be started: ${error.message}`)));
  });
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done) throw new Error(`${command} ended without an answer:\n${complaint}`);
    return JSON.parse(line.value);
  };
}
