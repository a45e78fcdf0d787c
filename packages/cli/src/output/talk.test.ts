import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { startTalk, type TalkOptions } from "./talk.js";

async function heard(options: TalkOptions) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const talk = startTalk(options, terminal);
  await talk.say("words");
  await talk.sections([]);
  await talk.sections([{ title: "Facts", rows: [["a", "1"]], remarks: ["R."] }]);
  await talk.warn("care\u001b[2J");
  await talk.data({ value: Number.NaN });
  return { out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("startTalk", () => {
  it("says words on standard output, warnings on standard error, and no data unasked", async () =>
    expect(await heard({ json: false, quiet: false })).toEqual({
      out: "words\nFacts\n  a  1\n  - R.\n",
      err: "warning: care [2J\n",
    }));

  it("leaves standard output to the data", async () => {
    const { out, err } = await heard({ json: true, quiet: false });
    expect(JSON.parse(out)).toEqual({ value: null });
    expect(err).toBe("words\nFacts\n  a  1\n  - R.\nwarning: care [2J\n");
  });

  it("is quiet but for warnings and data", async () => {
    expect(await heard({ json: false, quiet: true })).toEqual({ out: "", err: "warning: care [2J\n" });
    const { out } = await heard({ json: true, quiet: true });
    expect(JSON.parse(out)).toEqual({ value: null });
  });
});
