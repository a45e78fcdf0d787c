/** `--show`: hands pictures to the system's viewer, and says where they are on a machine that has none. */
import type { ChildProcess } from "node:child_process";
import open from "open";
import { type Terminal, writeLine } from "../terminal.js";

/** Most windows that one command opens. */
export const SHOWN_AT_MOST = 5;

/** How long a viewer may take to fail before it is believed to work. */
const PATIENCE_MS = 1500;

/**
 * Opens a picture in the viewer.
 * @param launch Starts the viewer; replaced in tests.
 * @returns False, after a hint on standard error, where no viewer starts.
 */
export async function showPicture(
  path: string,
  { stderr }: Pick<Terminal, "stderr">,
  launch: (path: string) => Promise<ChildProcess> = open,
): Promise<boolean> {
  const works = hasDisplay() && (await launch(path).then(startsWell, () => false));
  if (!works) await writeLine(stderr, `No picture viewer starts here (--show). The picture is ${path}`);
  return works;
}

/** A Linux without a graphical session would start a text browser, or nothing after a long wait. */
function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  return process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}

function startsWell(viewer: ChildProcess): Promise<boolean> {
  return new Promise((settle) => {
    const timer = setTimeout(() => settle(true), PATIENCE_MS);
    const finish = (works: boolean) => {
      clearTimeout(timer);
      settle(works);
    };
    viewer.once("error", () => finish(false));
    viewer.once("exit", (code) => finish(code === 0));
  });
}
