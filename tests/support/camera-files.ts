/** Files as industrial cameras and their programs write them: PGM/PPM with any maxval, TIFF of real numbers. */

/** What a file stores: samples row by row, channels interleaved. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  /** Default 1. */
  readonly channels?: 1 | 3;
  readonly data: ArrayLike<number>;
}

/** A PGM (1 channel) or PPM (3) file; above 255 with 16-bit samples. */
export function pnmFile({ width, height, channels = 1, data }: Samples, maxval: number): Buffer {
  const header = Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n${maxval}\n`, "latin1");
  const body = Buffer.alloc(data.length * (maxval > 255 ? 2 : 1));
  for (let i = 0; i < data.length; i++) {
    if (maxval > 255) body.writeUInt16BE(data[i] ?? 0, 2 * i);
    else body[i] = data[i] ?? 0;
  }
  return Buffer.concat([header, body]);
}

/** An uncompressed little-endian TIFF of 32-bit real numbers. @param whiteIsZero grey that counts from white. */
export function realTiff({ width, height, channels = 1, data }: Samples, whiteIsZero = false): Buffer {
  const pixels = Buffer.alloc(4 * data.length);
  for (let i = 0; i < data.length; i++) pixels.writeFloatLE(data[i] ?? 0, 4 * i);
  const at = 8 + pixels.length;
  const photometric = channels === 3 ? 2 : whiteIsZero ? 0 : 1;
  const short = (tag: number, value: number) => [tag, 3, 1, value] as const;
  const long = (tag: number, value: number) => [tag, 4, 1, value] as const;
  const entries = [
    long(256, width),
    long(257, height),
    // Three numbers do not fit into an entry; they stand behind the directory.
    channels === 3 ? ([258, 3, 3, 0] as const) : short(258, 32),
    short(259, 1),
    short(262, photometric),
    long(273, 8),
    short(277, channels),
    long(278, height),
    long(279, pixels.length),
    channels === 3 ? ([339, 3, 3, 0] as const) : short(339, 3),
  ];
  const behind = at + 2 + 12 * entries.length + 4;
  const directory = Buffer.alloc(behind - at + 12);
  directory.writeUInt16LE(entries.length, 0);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const entry = 2 + 12 * i;
    directory.writeUInt16LE(tag, entry);
    directory.writeUInt16LE(type, entry + 2);
    directory.writeUInt32LE(count, entry + 4);
    if (count === 3) directory.writeUInt32LE(tag === 258 ? behind : behind + 6, entry + 8);
    else if (type === 3) directory.writeUInt16LE(value, entry + 8);
    else directory.writeUInt32LE(value, entry + 8);
  }
  for (let i = 0; i < 3; i++) {
    directory.writeUInt16LE(32, behind - at + 2 * i);
    directory.writeUInt16LE(3, behind - at + 6 + 2 * i);
  }
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(at, 4);
  return Buffer.concat([header, pixels, directory]);
}

/** A raw frame of a colour picture: of every pixel the one sample that its filter lets pass. */
export function rawFrame(
  {
    width,
    height,
    data,
  }: { readonly width: number; readonly height: number; readonly data: ArrayLike<number> },
  pattern: string,
): Samples {
  const raw = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return data[3 * i + "rgb".indexOf(pattern[2 * (y & 1) + (x & 1)] ?? "")] ?? 0;
  });
  return { width, height, data: raw };
}
