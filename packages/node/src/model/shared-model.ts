/**
 * A model file in memory that all workers share: the file's bytes, which kernels read in place, and behind them a part
 * for each worker to calculate in. Where WebAssembly is missing the memory is a plain SharedArrayBuffer, and the plain
 * kernels work on it.
 */
import { type FileHandle, open } from "node:fs/promises";
import {
  ALIGNMENT,
  BlemishError,
  bufferOf,
  createKernelMemory,
  detectorBytes,
  headerEnd,
  helperBytes,
  type KernelMemory,
  type ModelFile,
  type ModelManifest,
  readModelFile,
  readModelStart,
  writeModelFile,
} from "@blemish/core";
import { sha256 } from "../sha256.js";

/** What a worker gets: where the file is, and its own part of the memory. */
export interface ModelPart {
  readonly memory: KernelMemory;
  readonly fileStart: number;
  readonly fileLength: number;
  /** null = no part is free: the worker takes memory of its own and copies there what it needs. See `helperPlaces`. */
  readonly scratch: Place | null;
}

/** A part of a memory, bytes. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Threads that can help a worker; its part of the memory has room for so many. */
export const MOST_HELPERS = 3;

/** A model whose bytes have been checked, in shared memory. */
export interface SharedModel {
  /** Its arrays are views of the memory. */
  readonly model: ModelFile;
  /** The part of one more worker; `release` makes it free for another when the worker has ended. */
  takePart(): { readonly part: ModelPart; readonly release: () => void };
}

/** Longest single read: Node's limit is 2 GiB. */
const CHUNK = 2 ** 30;

/** Enough for the headers of most files, so that one read suffices. */
const FIRST_READ = 65_536;

/**
 * Reads a model file once, straight into shared memory, and checks it.
 * @param workers at most so many find a part of the memory for themselves.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, MODEL_VERSION, MEMORY.
 */
export async function readSharedModel(path: string, workers: number): Promise<SharedModel> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new BlemishError("MODEL_NOT_FOUND", { subject: path, cause });
  });
  try {
    const { size } = await handle.stat();
    const { manifest, old } = readModelStart(await readStart(handle, size), path);
    if (old) {
      const model = readModelFile(await readPart(handle, new Uint8Array(size)), path, sha256);
      return shareModel(model, path, workers);
    }
    const room = makeRoom(size, manifest, workers);
    return shared(readModelFile(await readPart(handle, room.file), path, sha256), room);
  } finally {
    await handle.close();
  }
}

/**
 * Writes a model straight into shared memory, as the file it would be but for the hash, which nobody reads there.
 * @throws BlemishError MEMORY.
 */
export function shareModel(model: ModelFile, subject: string, workers: number): SharedModel {
  const rooms: Room[] = [];
  const allocate = (length: number) => {
    const room = makeRoom(length, model.manifest, workers);
    rooms.push(room);
    return room.file;
  };
  const file = writeModelFile(model, null, allocate);
  return shared(readModelFile(file, subject, null), rooms[0]!);
}

/** Memory for a file and the workers behind it. */
interface Room {
  readonly memory: KernelMemory;
  /** View of the memory. */
  readonly file: Uint8Array;
  /** Bytes of each worker's part. */
  readonly scratch: number;
  readonly workers: number;
}

function makeRoom(length: number, manifest: ModelManifest, workers: number): Room {
  const scratch = aligned(detectorBytes(manifest)) + MOST_HELPERS * helperRoom(manifest);
  const memory = createKernelMemory(FILE_START + aligned(length) + workers * scratch, true);
  return { memory, file: new Uint8Array(bufferOf(memory), FILE_START, length), scratch, workers };
}

function helperRoom(manifest: ModelManifest): number {
  return aligned(helperBytes(manifest)) + ALIGNMENT;
}

/** How a worker's part of the memory is divided: for its detector, and for each of its helpers. */
export function helperPlaces(
  { start, end }: Place,
  manifest: ModelManifest,
): { readonly detector: Place; readonly helpers: readonly Place[] } {
  const room = helperRoom(manifest);
  const first = end - MOST_HELPERS * room;
  const helpers = Array.from({ length: MOST_HELPERS }, (_, i) => ({
    start: first + i * room,
    end: first + (i + 1) * room - ALIGNMENT,
  }));
  return { detector: { start, end: first }, helpers };
}

/** A cache line apart from address 0, so that no array is a null pointer. */
const FILE_START = ALIGNMENT;

function shared(model: ModelFile, { memory, file, scratch, workers }: Room): SharedModel {
  const first = FILE_START + aligned(file.length);
  const free = Array.from({ length: workers }, (_, i) => first + i * scratch);
  return {
    model,
    takePart() {
      const start = free.shift();
      const common = { memory, fileStart: FILE_START, fileLength: file.length };
      if (start === undefined) return { part: { ...common, scratch: null }, release: () => {} };
      return {
        part: { ...common, scratch: { start, end: start + scratch } },
        release: () => free.push(start),
      };
    },
  };
}

/** The beginning of the file, its whole header included; what is too long for that is left to the reader to refuse. */
async function readStart(handle: FileHandle, size: number): Promise<Uint8Array> {
  const start = await readPart(handle, new Uint8Array(Math.min(size, FIRST_READ)));
  const end = headerEnd(start);
  return end > start.length && end <= size ? readPart(handle, new Uint8Array(end)) : start;
}

/** Fills the bytes from the beginning of the file; a file that has become shorter leaves zeros. */
async function readPart(handle: FileHandle, bytes: Uint8Array): Promise<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, bytes.length - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
