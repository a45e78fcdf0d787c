/** The one hash of this package: of pictures, networks and model files. */
import { createHash } from "node:crypto";
import type { Sha256 } from "@blemish/core";

/** SHA-256 of the parts one after another, as 64 lower-case hexadecimal digits. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
