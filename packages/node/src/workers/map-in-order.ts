/** Runs a task over many sources: several at a time, results in the order of the sources, memory bounded. */
import { BlemishError } from "@blemish/core";

/** How {@link mapInOrder} runs. */
export interface MapInOrderOptions {
  /** Sources taken but not yet given back as results, at most. */
  readonly limit: number;
  /** Ends it: no further source is taken and CANCELLED is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The results of `task`, in the order of `sources`. The next source is asked for only while fewer than `limit` are
 * under way, and a result is given as soon as it and those before it are there, even while a slow source (a camera)
 * has nothing new. Whoever stops listening early ends the sources too.
 *
 * @param task must not reject for what may fail in everyday use: a rejection ends everything.
 * @throws BlemishError CANCELLED after `signal`; whatever `sources` or `task` throw.
 */
export async function* mapInOrder<S, R>(
  sources: Iterable<S> | AsyncIterable<S>,
  task: (source: S, index: number) => Promise<R>,
  { limit, signal }: MapInOrderOptions,
): AsyncGenerator<R, void, void> {
  const bell = new Bell();
  const source = new Puller(sources, bell);
  const running: Settled<R>[] = [];
  let index = 0;
  const onAbort = () => bell.ring();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The prediction", cause: signal.reason });
      const arrived = source.take();
      if (arrived !== null) running.push(settle(task(arrived.value, index++), bell));
      else if (running[0]?.outcome) yield running.shift()!.outcome!();
      else {
        if (running.length < limit) source.pull();
        if (source.ended && running.length === 0) return;
        await bell.rung();
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await source.stop();
  }
}

/** A promise whose outcome can be looked at. */
interface Settled<R> {
  /** Gives the value or throws the reason; null while pending. */
  outcome: (() => R) | null;
}

function settle<R>(promise: Promise<R>, bell: Bell): Settled<R> {
  const settled: Settled<R> = { outcome: null };
  const finish = (outcome: () => R) => {
    settled.outcome = outcome;
    bell.ring();
  };
  promise.then(
    (value) => finish(() => value),
    (reason: unknown) =>
      finish(() => {
        throw reason;
      }),
  );
  return settled;
}

/** Wakes one sleeper. Unlike a race of promises it leaves nothing behind on promises that live long. */
class Bell {
  #wake: (() => void) | null = null;
  #rung = false;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or at once after a ring that nobody has waited for. */
  async rung(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    this.#rung = false;
    this.#wake = null;
  }
}

/** Takes values out of an iterable one at a time, in the background. */
class Puller<S> {
  readonly #iterator: Iterator<S> | AsyncIterator<S>;
  readonly #bell: Bell;
  #pulling = false;
  #arrived: { readonly value: S } | null = null;
  #failure: { readonly reason: unknown } | null = null;
  ended = false;

  constructor(sources: Iterable<S> | AsyncIterable<S>, bell: Bell) {
    this.#iterator =
      Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]();
    this.#bell = bell;
  }

  /** Asks for the next value unless one is under way. */
  pull(): void {
    if (this.#pulling || this.ended || this.#failure !== null) return;
    this.#pulling = true;
    void this.#next();
  }

  /** The value that has arrived, or null; throws what the iterable threw. */
  take(): { readonly value: S } | null {
    if (this.#failure !== null) throw this.#failure.reason;
    const arrived = this.#arrived;
    this.#arrived = null;
    return arrived;
  }

  /** Ends the iterable early. One that is still thinking about its next value is told, not waited for. */
  async stop(): Promise<void> {
    if (this.ended || this.#failure !== null) return;
    this.ended = true;
    const stopped = this.#stopIterator();
    if (!this.#pulling) await stopped;
  }

  async #next(): Promise<void> {
    try {
      const step = await this.#iterator.next();
      if (step.done) this.ended = true;
      else this.#arrived = { value: step.value };
    } catch (reason) {
      this.#failure = { reason };
    }
    this.#pulling = false;
    this.#bell.ring();
  }

  async #stopIterator(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // Nobody is left to hear why the end failed.
    }
  }
}
