/** The machine that something was measured on: what a figure needs to be compared with another one. */
import { availableParallelism, cpus, loadavg, totalmem, type } from "node:os";

/** What there is to compute with, and how busy it was. */
export interface MachineFacts {
  readonly cpu: string;
  /** Cores that this process may use. */
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly os: string;
  /** Version of Node. */
  readonly node: string;
  /** Mean number of running processes in the minute before; 0 on Windows, which does not count them. */
  readonly load: number;
}

/** The facts as they are now. */
export function machineFacts(): MachineFacts {
  return {
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    os: type(),
    node: process.version.slice(1),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
