import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";

const FOLDER = join(import.meta.dirname, "../../../out/page");

/**
 * Keeps a picture of the page for people who look at it after a run: out/page/NAME.png, which git ignores.
 *
 * @param isWhole with what must be scrolled to; not for a page of thousands of rows, which no picture is high enough for
 */
export async function keepPicture(page: Page, name: string, { isWhole = true } = {}): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: isWhole });
}
