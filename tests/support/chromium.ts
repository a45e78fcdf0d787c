/** The system's Chromium for tests in a real browser. Where there is none, those tests say so and are skipped. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { describe } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the browser is: CHROMIUM_PATH, or a usual place; undefined without one. */
const path = [process.env.CHROMIUM_PATH ?? "", ...PLACES].find((one) => one !== "" && existsSync(one));

/** `describe` that runs where there is a Chromium; otherwise it is skipped with the reason in its name. */
export function describeBrowser(name: string, body: () => void): void {
  if (path !== undefined) describe(name, body);
  else describe.skip(`${name} (skipped: no Chromium; install it or set CHROMIUM_PATH)`, body);
}

/** Starts it, headless and without any traffic of its own. */
export function launchChromium(): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ ...(path !== undefined && { executablePath: path }), headless: true, args });
}
