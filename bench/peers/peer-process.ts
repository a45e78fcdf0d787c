/** A peer that runs: a process, or several that share the pictures. It answers one command at a time, see protocol.py. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a peer says once its first picture is judged. */
export interface Head {
  readonly versions: Readonly<Record<string, string>>;
  readonly openMs: number;
  readonly firstMs: number;
  readonly peakRss: number;
}

/** Pictures judged one by one. */
export interface LatencyAnswer {
  readonly ms: readonly number[];
  /** Median milliseconds of each stage. */
  readonly stages: Readonly<Record<string, number>>;
  readonly cpuMs: number;
  readonly peakRss: number;
}

/** Pictures judged as the peer's users would judge a folder. */
export interface ThroughputAnswer {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakRss: number;
}

/** Decisions, in the order of the pictures. */
export interface ScoresAnswer {
  readonly scores: readonly number[];
  readonly labels: readonly boolean[];
}

/** A running peer. */
export interface Peer {
  readonly head: Head;
  /** From the start of the process to its first result, milliseconds. */
  readonly startMs: number;
  latency(pictures: readonly string[]): Promise<LatencyAnswer>;
  throughput(pictures: readonly string[]): Promise<ThroughputAnswer>;
  scores(pictures: readonly string[]): Promise<ScoresAnswer>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** How a peer is started. */
export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** Starts a peer and waits until it has judged its first picture. @throws Error with what the process wrote. */
export async function startPeer({ command, args, cwd }: PeerCommand): Promise<Peer> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
  const next = answers(child);
  const ask = (what: string, pictures: readonly string[]) => {
    child.stdin.write(`${JSON.stringify({ do: what, pictures })}\n`);
    return next();
  };
  const head = (await next()) as Head;
  const startMs = performance.now() - started;
  return {
    head,
    startMs,
    latency: async (pictures) => (await ask("latency", pictures)) as LatencyAnswer,
    throughput: async (pictures) => (await ask("throughput", pictures)) as ThroughputAnswer,
    scores: async (pictures) => (await ask("scores", pictures)) as ScoresAnswer,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/** Several equal processes as one peer: each judges its share of the pictures, all at the same time. */
export function asOne(peers: readonly Peer[]): Peer {
  const [first] = peers as readonly [Peer, ...Peer[]];
  return {
    ...first,
    async throughput(pictures) {
      const started = performance.now();
      const shares = peers.map((_, i) => pictures.filter((_picture, j) => j % peers.length === i));
      const done = await Promise.all(peers.map((peer, i) => peer.throughput(shares[i]!)));
      return {
        seconds: (performance.now() - started) / 1000,
        cpuMs: done.reduce((sum, { cpuMs }, i) => sum + cpuMs * shares[i]!.length, 0) / pictures.length,
        peakRss: done.reduce((sum, { peakRss }) => sum + peakRss, 0),
      };
    },
    close: async () => void (await Promise.all(peers.map((peer) => peer.close()))),
  };
}

/** The child's next line as JSON; fails with what it wrote to its error output when it ends instead. */
function answers(child: ChildProcessWithoutNullStreams): () => Promise<unknown> {
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = `${complaint}${text}`.slice(-4000);
  });
  // A command that is written to a process which has just died; its end is reported below.
  child.stdin.on("error", () => {});
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
  });
  failed.catch(() => {});
  const ended = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line = await Promise.race([lines.next(), failed]);
    if (!line.done) return JSON.parse(line.value);
    const how = await ended;
    throw new Error(`ended (${how}): ${reasonIn(complaint)}`);
  };
}

/** What a process said of its end: the line that names an error, else its last one. */
export function reasonIn(complaint: string): string {
  const lines = complaint.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => /^\S*Error\b|\[[A-Z_]+\]/.test(line)) ?? lines.at(-1) ?? "").trim();
}
