/** The report in a real browser, opened from disk: the threshold to drag, the gallery, the large view, phone and paper. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { renderReport } from "../../packages/cli/src/report-page/render-report.js";
import type { ReportData } from "../../packages/cli/src/report-page/report-data.js";
import { describeBrowser, launchChromium } from "../support/chromium.js";
import { madeUpReport } from "../support/made-up-report.js";
import { plainReport } from "../support/plain-report.js";

const DESKTOP = { viewport: { width: 1400, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

let browser: Browser;
let folder = "";
let data: ReportData;
const address = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;

/** What went wrong in any page: errors, and requests for anything but the file itself and data inside it. */
const troubles: string[] = [];

async function open(name: string, options: BrowserContextOptions = DESKTOP): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!/^data:/.test(request.url()) && request.url() !== address(name))
      troubles.push(`request: ${request.url()}`);
  });
  await page.goto(address(name));
  await page.waitForSelector("html.ready");
  return page;
}

/** Scores of the test by label. */
const scores = (label: "good" | "anomalous") =>
  data.test?.pictures.filter((picture) => picture.label === label).map(({ score }) => score) ?? [];
const reach = (list: readonly number[], threshold: number) =>
  list.filter((score) => score >= threshold).length;

/** What the page says about the threshold now. */
async function shown(page: Page) {
  const count = async (id: string) => page.locator(`#${id} b`).innerText();
  return {
    threshold: Number(await page.inputValue("#threshold-field")),
    alarms: await count("live-alarms"),
    escapes: await count("live-escapes"),
    training: await count("live-training"),
  };
}

/** What it should say at a threshold. */
function counted(threshold: number) {
  const [good, bad] = [scores("good"), scores("anomalous")];
  const training = data.calibration.scores.map(({ score }) => score);
  return {
    threshold,
    alarms: `${reach(good, threshold)} of ${good.length}`,
    escapes: `${bad.length - reach(bad, threshold)} of ${bad.length}`,
    training: `${reach(training, threshold)} of ${training.length}`,
  };
}

/** Position of the threshold's line in the window. */
async function lineX(page: Page): Promise<number> {
  const box = await page.locator("#line").boundingBox();
  return (box?.x ?? 0) + (box?.width ?? 0) / 2;
}

/** Whole paths of the cards in order. */
const paths = (page: Page) =>
  page
    .locator("#cards .card .path")
    .evaluateAll((all: readonly { title: string }[]) => all.map(({ title }) => title));
const scrollsSideways = (page: Page) =>
  page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");

describeBrowser("the report in Chromium", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blemish-report-"));
    data = await madeUpReport({ training: 120, good: 16, bad: 4, side: 96, suspects: 4 });
    await writeFile(join(folder, "report.html"), renderReport(data));
    await writeFile(join(folder, "plain.html"), renderReport(plainReport()));
    browser = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(troubles.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("opens from disk without an error or a request, and begins at the model's threshold", async () => {
    const page = await open("report");
    const { imageThreshold } = data.calibration;
    const now = await shown(page);
    expect(now).toEqual({ ...counted(imageThreshold), threshold: Number(imageThreshold.toPrecision(6)) });
    expect(now.alarms).toMatch(`${data.test?.figures.falseAlarms} of`);
    expect(now.escapes).toMatch(`${data.test?.figures.escapes} of`);
    expect(await page.locator("#command-row").isVisible()).toBe(false);
    expect(await page.locator(".u-over").count()).toBe(5);
  });

  it("sees a request that leaves the page, and stops it", async () => {
    const page = await open("report");
    await page.evaluate(
      `const image = new Image(); image.src = "http://127.0.0.1:9/x.png"; document.body.append(image)`,
    );
    await expect.poll(() => troubles.length).toBeGreaterThan(0);
    expect(troubles.splice(0).join()).toMatch(/127\.0\.0\.1|Content Security Policy/);
  });

  it("counts anew while the line is dragged with the mouse", async () => {
    const page = await open("report");
    const seen: string[] = [];
    const grip = await page.locator("#grip").boundingBox();
    const y = (grip?.y ?? 0) + 10;
    await page.mouse.move((grip?.x ?? 0) + (grip?.width ?? 0) / 2, y);
    await page.mouse.down();
    for (const shift of [60, 140, 260, -60, -90]) {
      const x = (await lineX(page)) + shift;
      await page.mouse.move(x, y, { steps: 3 });
      const now = await shown(page);
      expect(now).toEqual(counted(now.threshold));
      expect(Math.abs((await lineX(page)) - x)).toBeLessThan(2);
      seen.push(`${now.alarms} ${now.escapes}`);
    }
    await page.mouse.up();
    expect(new Set(seen).size).toBeGreaterThan(3);
    const { threshold } = await shown(page);
    expect(await page.locator("#command").innerText()).toBe(
      `blemish threshold washer.blemish --set ${threshold}`,
    );
    await page.click("#reset");
    expect((await shown(page)).threshold).toBe(Number(data.calibration.imageThreshold.toPrecision(6)));
    expect(await page.locator("#command-row").isVisible()).toBe(false);
  });

  it("counts anew while the line is moved with the keyboard", async () => {
    const page = await open("report");
    await page.focus("#grip");
    const start = await lineX(page);
    for (const key of ["ArrowRight", "PageUp", "PageUp", "ArrowLeft", "ArrowUp", "PageDown", "Home", "End"]) {
      await page.keyboard.press(key);
      const now = await shown(page);
      expect(now).toEqual(counted(now.threshold));
      const [told, value] = await page
        .locator("#grip")
        .evaluate((grip: { ariaValueNow: string; ariaValueText: string }) => [
          grip.ariaValueNow,
          grip.ariaValueText,
        ]);
      expect(Number(told)).toBeCloseTo(now.threshold, 2);
      expect(value).toContain(
        `${now.alarms.split(" ")[0]} false alarms, ${now.escapes.split(" ")[0]} escapes`,
      );
    }
    expect(await lineX(page)).toBeGreaterThan(start);
    expect((await shown(page)).escapes).toBe(
      `${scores("anomalous").length} of ${scores("anomalous").length}`,
    );
  });

  it("counts anew while the line is dragged with a finger", async () => {
    const page = await open("report", PHONE);
    await page.locator("#grip").scrollIntoViewIfNeeded();
    const grip = await page.locator("#grip").boundingBox();
    const [x, y] = [(grip?.x ?? 0) + (grip?.width ?? 0) / 2, (grip?.y ?? 0) + (grip?.height ?? 0) / 2];
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", at: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: at, y }],
      });
    await touch("touchStart", x);
    for (let step = 1; step <= 10; step++) await touch("touchMove", x + 8 * step);
    await touch("touchEnd", 0);
    const now = await shown(page);
    expect(now.threshold).toBeGreaterThan(data.calibration.imageThreshold + 1);
    expect(now).toEqual(counted(now.threshold));
  });

  it("takes a typed threshold and follows it in the gallery", async () => {
    const page = await open("report");
    await page.fill("#threshold-field", "30.5");
    await page.keyboard.press("Enter");
    expect(await shown(page)).toEqual(counted(30.5));
    await page.selectOption("#outcome", "escape");
    const escapes = scores("anomalous").length - reach(scores("anomalous"), 30.5);
    await expect.poll(() => page.locator("#cards .card").count()).toBe(escapes);
  });

  it("sorts and filters the gallery", async () => {
    const page = await open("report");
    const names = (
      keep: (picture: ReportData["gallery"][number]) => boolean,
      order: (score: number) => number,
    ) =>
      data.gallery
        .filter(keep)
        .sort((a, b) => order(a.score) - order(b.score))
        .map(({ path }) => path);
    await page.selectOption("#order", "high");
    expect(await paths(page)).toEqual(
      names(
        () => true,
        (score) => -score,
      ),
    );
    expect(await page.locator("#cards .card .path").first().innerText()).not.toContain("washer/");
    await page.selectOption("#order", "low");
    await page.selectOption("#kind", "scratch");
    expect(await paths(page)).toEqual(
      names(
        ({ defect }) => defect === "scratch",
        (score) => score,
      ),
    );
    await page.fill("#from", "20");
    await expect
      .poll(() => paths(page))
      .toEqual(
        names(
          ({ defect, score }) => defect === "scratch" && score >= 20,
          (score) => score,
        ),
      );
    await page.fill("#find", "no such file");
    await expect.poll(() => page.locator("#nothing").isVisible()).toBe(true);
    expect(await page.locator("#shown").innerText()).toBe(`0 of ${data.gallery.length} pictures`);
  });

  it("puts mistakes first and names them in words", async () => {
    const page = await open("report");
    const badges = await page.locator("#cards .card .badge").allInnerTexts();
    const { falseAlarms = 0, escapes = 0 } = data.test?.figures ?? {};
    expect(badges.filter((text) => text === "Escape")).toHaveLength(escapes);
    expect(badges.slice(0, falseAlarms + escapes)).not.toContain("Right");
    expect(badges.slice(falseAlarms + escapes)).not.toContain("Escape");
  });

  it("draws heat maps and masks, in the chosen colours", async () => {
    const page = await open("report");
    await page.selectOption("#order", "high");
    const canvas = page.locator("#cards .card canvas").first();
    await canvas.scrollIntoViewIfNeeded();
    const image = () => canvas.evaluate((one: { toDataURL(): string }) => one.toDataURL());
    const looks = new Set<string>();
    const next = async (act: () => Promise<unknown>) => {
      await act();
      await expect.poll(async () => looks.has(await image())).toBe(false);
      looks.add(await image());
    };
    await expect.poll(() => canvas.getAttribute("data-drawn")).toBe("heat");
    looks.add(await image());
    await next(() => page.selectOption("#view-controls .scale select", "jet"));
    await next(() => page.locator("#view-controls .strength input").fill("90"));
    await next(() => page.click("#view-controls [data-mode=masks]"));
    await next(() => page.click("#view-controls [data-mode=picture]"));
    expect(looks.size).toBe(5);
  });

  it("draws only what is near the window of 2,000 pictures, and can still sort them", async () => {
    const gallery = Array.from({ length: 2000 }, (_, i) => ({
      ...(data.gallery[i % data.gallery.length] as ReportData["gallery"][number]),
      path: `part-${String(i).padStart(4, "0")}.png`,
      score: (i * 7919) % 2000,
    }));
    await writeFile(join(folder, "many.html"), renderReport({ ...data, gallery }));
    const page = await open("many");
    await page.selectOption("#order", "high");
    expect(await page.locator("#cards .card").count()).toBe(2000);
    expect((await page.locator("#cards .card .row b").allTextContents()).slice(0, 2)).toEqual([
      "1999",
      "1998",
    ]);
    await page.locator("#cards .card").nth(1500).scrollIntoViewIfNeeded();
    const drawn = page.locator("#cards canvas[data-drawn]");
    await expect.poll(() => page.locator("#cards .card:nth-child(1501) canvas[data-drawn]").count()).toBe(1);
    expect(await drawn.count()).toBeLessThan(200);
  });

  it("shows one picture large, steps with the arrow keys, and closes with Escape", async () => {
    const page = await open("report");
    await page.selectOption("#order", "name");
    const order = await paths(page);
    await page.locator("#cards .card").nth(1).click();
    const title = page.locator("#viewer-path");
    expect(await title.innerText()).toBe(order[1]);
    await page.keyboard.press("ArrowRight");
    expect(await title.innerText()).toBe(order[2]);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await title.innerText()).toBe(order[0]);
    expect(await page.locator("#viewer-facts").innerText()).toMatch(
      /^Anomalous: dent\. Score [\d.]+, threshold/,
    );
    await expect.poll(() => page.locator("#viewer-view").getAttribute("data-drawn")).toBe("heat");
    await page.keyboard.press("3");
    await expect.poll(() => page.locator("#viewer-view").getAttribute("data-drawn")).toBe("masks");
    await page.keyboard.press("Escape");
    expect(await page.locator("#viewer").isVisible()).toBe(false);
    expect(await page.evaluate("document.activeElement.classList.contains('card')")).toBe(true);
  });

  it("ranks suspect goods", async () => {
    const page = await open("report");
    const suspects = page.locator("#suspect-cards .card");
    expect(await suspects.locator("b").allInnerTexts()).toEqual(
      data.suspects.map(({ score }) => String(Number(score.toPrecision(5)))),
    );
    await suspects.first().click();
    expect(await page.locator("#viewer-facts").innerText()).toMatch(
      /^Good training picture\..*leave-one-out/,
    );
  });

  it.each([
    ["a phone", "report", PHONE],
    ["a dark phone", "report", { ...PHONE, colorScheme: "dark" as const }],
    ["a very small window", "report", { viewport: { width: 320, height: 600 } }],
    ["a phone, without a test", "plain", PHONE],
  ])("fits %s", async (_where, name, options) => {
    const page = await open(name, options);
    expect(await scrollsSideways(page)).toBe(false);
    const grip = await page.locator("#grip").boundingBox();
    expect(grip?.x).toBeGreaterThanOrEqual(0);
    expect((grip?.x ?? 0) + (grip?.width ?? 0)).toBeLessThanOrEqual(options.viewport.width);
  });

  it("prints: light, without controls, nothing wider than the paper, at most 24 pictures", async () => {
    const page = await open("report", { ...DESKTOP, colorScheme: "dark" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 700, height: 1000 });
    expect(await scrollsSideways(page)).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    for (const hidden of ["nav", "#view-controls", ".filters"])
      expect(await page.locator(hidden).isVisible()).toBe(false);
    expect(await page.locator("#cards .card:visible").count()).toBe(24);
    expect(await page.locator("#figures details[open]").count()).toBe(1);
    await page.emulateMedia({ media: "screen" });
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(15, 19, 25)");
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(50_000);
  });

  it("says what it can without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address("report"));
    expect(await page.locator(".headline").innerText()).toMatch(/anomalous test pictures found/);
    expect(await page.locator("#scores .no-js").isVisible()).toBe(true);
    expect(await page.locator("#lanes").isVisible()).toBe(false);
    expect(await page.locator("#figures table").first().isVisible()).toBe(true);
  });

  it("shows names as text, whatever they hold", async () => {
    const page = await open("report");
    expect(await page.locator("#health .paths").first().innerText()).toContain("<b>broken</b> & co.png");
    expect(await page.locator("#health b").count()).toBe(0);
  });
});
