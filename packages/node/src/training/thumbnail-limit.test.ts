import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { THUMBNAIL_BYTES, thumbnailLimit } from "./thumbnail-limit.js";

/** A model with so many bytes of thumbnails. */
const withThumbnails = (bytes: number) => ({
  ...smallModel(),
  thumbnails: {
    picture: Int32Array.of(0),
    offset: Int32Array.of(0, bytes),
    bytes: new Uint8Array(bytes),
  },
});

describe("thumbnailLimit", () => {
  it("is what was asked for, and 0 where nothing was", () => {
    expect(thumbnailLimit({})).toBe(0);
    expect(thumbnailLimit({ thumbnails: 5000 })).toBe(5000);
    expect(thumbnailLimit({ thumbnails: 0, addTo: withThumbnails(10) })).toBe(0);
  });

  it("leaves a model that is added to with thumbnails or without, as it was", () => {
    expect(thumbnailLimit({ addTo: smallModel() })).toBe(0);
    expect(thumbnailLimit({ addTo: withThumbnails(10) })).toBe(THUMBNAIL_BYTES);
    expect(thumbnailLimit({ addTo: withThumbnails(THUMBNAIL_BYTES + 7) })).toBe(THUMBNAIL_BYTES + 7);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])("refuses %d bytes", (thumbnails) => {
    expect(() => thumbnailLimit({ thumbnails })).toThrow(/thumbnails.*bytes from 0.*OPTION_VALUE/);
  });
});
