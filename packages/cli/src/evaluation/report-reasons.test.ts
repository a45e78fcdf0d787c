import { packThumbnails } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { explained } from "../../../../tests/support/explained.js";
import type { ReportPicture } from "../report-page/report-data.js";
import { goodsOf, reasonsOf } from "./report-reasons.js";

describe("reasonsOf", () => {
  it("has lines, the place in the picture, and good patches with what is shown around them", () => {
    const [reason] = reasonsOf([explained()]);
    expect(reason).toMatchObject({ x: 0.6, y: 0.3, hot: { box: explained().detectors[1]!.box } });
    expect(reason!.words).toHaveLength(2);
    expect(reason!.goods.map(({ picture }) => picture)).toEqual([4, 2, 7]);
    expect(reason!.goods[1]).toMatchObject({ box: null, window: { x: 0, y: 0, width: 1, height: 1 } });
  });

  it("is about three places at most", () => {
    expect(reasonsOf(Array.from({ length: 5 }, explained))).toHaveLength(3);
  });
});

describe("goodsOf", () => {
  const picture = { why: reasonsOf([explained()]) } as unknown as ReportPicture;
  const thumbnails = (length: number) =>
    packThumbnails(
      [2, 4, 6].map((number) => ({ picture: number, bytes: new Uint8Array(length).fill(number) })),
    )!;

  it("holds each named picture once, where the model keeps a thumbnail", () => {
    const goods = goodsOf([picture, picture, {} as unknown as ReportPicture], thumbnails(3));
    expect(goods).toEqual({
      2: "data:image/webp;base64,AgIC",
      4: "data:image/webp;base64,BAQE",
    });
    expect(goodsOf([picture], undefined)).toEqual({});
  });

  it("stays within 2 MB", () => {
    expect(Object.keys(goodsOf([picture], thumbnails(1_500_000)))).toEqual(["4"]);
  });
});
