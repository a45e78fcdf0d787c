import { expect, it } from "vitest";
import { encodeWebp } from "../images/encode-webp.js";
import { decodeThumbnails } from "./decode-thumbnails.js";

it("decodes what there is and can be decoded, from shared memory too", async () => {
  const grey = { width: 3, height: 2, channels: 3 as const, data: new Uint8Array(18).fill(90) };
  const file = await encodeWebp(grey);
  const memory = new Uint8Array(new SharedArrayBuffer(file.length));
  memory.set(file);
  const thumbnail = (picture: number) =>
    picture === 1 ? memory : picture === 2 ? Uint8Array.of(1, 2, 3) : null;
  const found = await decodeThumbnails([0, 1, 2], { thumbnail });
  expect([...found.keys()]).toEqual([1]);
  expect(found.get(1)).toMatchObject({ width: 3, height: 2, channels: 3 });
  expect(await decodeThumbnails([0], {})).toEqual(new Map());
});
