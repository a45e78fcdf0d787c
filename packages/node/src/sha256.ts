/** The one hash of this package: of pictures, networks and model files. */
import { createHash } from "node:crypto";
import type { RgbImage, Sha256 } from "@blemish/core";

/** SHA-256 of the parts one after another, as 64 lower-case hexadecimal digits. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** SHA-256 of what a picture shows, size and pixels: the same for the same picture in files of different formats. */
export function pixelHash({ width, height, data }: RgbImage): string {
  return sha256([new TextEncoder().encode(`${width} ${height} `), data]);
}
