import { type Browser, chromium } from "playwright-core";
import { findTool } from "../../support/real-binaries.ts";

/** Debian's Chromium, where there is one: `test/tools/install chromium`. */
export const CHROMIUM = await findTool("chromium");

/** Starts it without a window. Its sandbox is left out for root alone, for whom Chromium refuses to start with one. */
export async function startChromium(): Promise<Browser> {
  if (CHROMIUM?.kind !== "binary") throw new Error("no chromium here: run test/tools/install chromium");
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({
    executablePath: CHROMIUM.path,
    // Small shared memory, as in containers, must not end a page; letters are drawn alike on all machines.
    args: [...(isRoot ? ["--no-sandbox"] : []), "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}
