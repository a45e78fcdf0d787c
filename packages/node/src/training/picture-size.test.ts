import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { withPictureSize } from "./picture-size.js";

it("reads the first picture's size only where an option is said in its pixels", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-size-"));
  const path = join(folder, "a.png");
  await writeFile(path, await encodePng({ width: 7, height: 5, channels: 3, data: new Uint8Array(105) }));
  const filters = { minArea: 3 };
  expect(await withPictureSize({ filters }, [path])).toEqual({ filters, picture: { width: 7, height: 5 } });
  const known = { filters, picture: { width: 70, height: 50 } };
  expect(await withPictureSize(known, ["none.png"])).toBe(known);
  for (const options of [{}, { filters: { minPeak: 0.6 } }, { uncertainRate: 0.1 }])
    expect(await withPictureSize(options, ["none.png"])).toBe(options);
  await expect(withPictureSize({ filters }, ["none.png"])).rejects.toThrow("none.png");
  await rm(folder, { recursive: true });
});
