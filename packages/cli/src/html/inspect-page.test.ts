import { describe, expect, it } from "vitest";
import type { GraphView, NodeView } from "./graph-view.js";
import { inspectPage } from "./inspect-page.js";

const evil = "</script><script>alert(1)</script>";
const node = (id: number, kind: NodeView["kind"]): NodeView => ({
  id,
  op: evil,
  name: evil,
  kind,
  caption: "3×3",
  attributes: [{ name: evil, value: evil }],
  inputs: [{ name: evil, from: id === 0 ? null : 0, tensor: null }],
  outputs: [{ name: evil, type: evil }],
});
const graph: GraphView = {
  nodes: [node(0, "backbone"), node(1, "blur")],
  edges: [{ from: 0, to: 1, name: evil }],
};
const page = inspectPage({
  title: evil,
  subtitle: evil,
  sections: [{ title: evil, rows: [[evil, evil]], remarks: [evil] }],
  graph,
});

describe("inspectPage", () => {
  it("lets nothing from the file become markup", () => {
    expect(page).not.toContain("<script>alert");
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
  });
  it("asks for nothing from outside", () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(src|href)=|url\(["']?http|@import/);
    expect(page.match(/https?:\/\/[^"']*/g)).toEqual(["http://www.w3.org/2000/svg"]);
  });
  it("carries the graph with its positions", () => {
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    const data = JSON.parse(json);
    expect(data.nodes[1]).toMatchObject({ op: evil, kind: "blur", inputs: [{ from: 0 }] });
    expect(data.nodes[1].y).toBeGreaterThan(data.nodes[0].y);
    expect(data.edges[0].points.length).toBeGreaterThanOrEqual(4);
  });
  it("explains the colours that occur and no others", () => {
    expect(page).toContain("<i></i>backbone");
    expect(page).toContain("<i></i>blur");
    expect(page).not.toContain("<i></i>preprocessing");
  });
});
