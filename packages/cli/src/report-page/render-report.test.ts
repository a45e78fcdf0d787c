import { describe, expect, it } from "vitest";
import { plainCalibration, plainReport, plainTest } from "../../../../tests/support/plain-report.js";
import { renderReport } from "./render-report.js";
import type { ReportData, ReportPicture } from "./report-data.js";

const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'`;
const picture: ReportPicture = {
  path: evil,
  set: "test",
  label: "anomalous",
  defect: evil,
  score: 3,
  image: "data:image/png;base64,AA==",
  map: null,
  mask: null,
};
const everything: Partial<ReportData> = {
  title: evil,
  date: evil,
  model: {
    ...plainReport().model,
    file: evil,
    backbone: evil,
    sections: [{ title: evil, rows: [[evil, evil]], remarks: [evil] }],
  },
  calibration: {
    ...plainCalibration(50, 0.05),
    changes: [{ from: 1, to: 2, reason: evil }],
    scores: plainCalibration(50, 0.05).scores.map(({ score }) => ({ score, path: evil })),
  },
  suspects: [picture],
  gallery: [picture],
  test: { ...plainTest(40, [1, 2, 50], { [evil]: [3, 60] }), name: evil },
  health: {
    pictures: 3,
    findings: [
      {
        kind: "blur",
        severity: "note",
        message: evil,
        paths: [evil, evil, evil, evil, evil, evil],
        thumbnails: [{ path: evil, png: evil }],
      },
    ],
  },
  warnings: [evil],
  durations: [{ stage: evil, seconds: 1 }],
};
const page = renderReport(plainReport(everything));

/** Ids that the page's links lead to. */
const links = (html: string) => [...html.matchAll(/<a href="#([a-z]+)">/g)].map((match) => match[1]);

describe("renderReport", () => {
  it("lets nothing from names become markup", () => {
    expect(page).not.toMatch(/<script>alert|<img src=x/);
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    expect(page.match(/<img/g)).toHaveLength(1);
  });

  it("asks for nothing from outside", () => {
    expect(page).toContain("default-src 'none'; img-src data:;");
    const markup = page.replace(/<script.*?<\/script>/gs, "");
    const addresses = [...markup.matchAll(/<[a-z][^>]*?\s(?:src|href|action)="?([^">]*)/g)].map(
      (match) => match[1],
    );
    expect(addresses.length).toBeGreaterThan(7);
    expect(addresses.filter((one) => !/^(#|data:image\/png;base64,)/.test(one ?? ""))).toEqual([]);
    expect(markup).not.toMatch(/<(?:link|iframe|object|embed|base|form)\b|url\(|@import/);
  });

  it("has all parts when there is something in them, and links to each", () => {
    expect(links(page)).toEqual([
      "verdict",
      "scores",
      "figures",
      "pictures",
      "suspects",
      "promise",
      "health",
      "model",
    ]);
    for (const id of links(page)) expect(page).toContain(`<section id="${id}"`);
  });

  it("leaves out parts without content", () => {
    expect(links(renderReport(plainReport()))).toEqual(["verdict", "scores", "promise", "model"]);
    const bare = plainReport({ calibration: { ...plainCalibration(5, 0.2), scores: [] } });
    expect(links(renderReport(bare))).toEqual(["verdict", "promise", "model"]);
  });

  it("carries data that reads back the same", () => {
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect(JSON.parse(json)).toMatchObject({ gallery: [picture], suspects: [picture], threshold: 49 });
  });

  it("bears a model without threshold, scores that are not known, and an unknown size", () => {
    const { model, calibration } = plainReport();
    const scores = [{ path: "a", score: Number.NaN }];
    const html = renderReport(
      plainReport({
        model: { ...model, trainedOn: null, inputs: [] },
        calibration: { ...calibration, method: "imported", imageThreshold: Number.NaN, scores },
        test: plainTest(Number.NaN, [1], { dent: [2] }),
      }),
    );
    expect(links(html)).toEqual(["verdict", "figures", "promise", "model"]);
    expect(html.replace(/<script.*?<\/script>/gs, "")).not.toMatch(/NaN|null|0 × 0/);
  });

  it("is small by itself", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(160_000);
  });
});
