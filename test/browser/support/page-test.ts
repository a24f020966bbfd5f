import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { CHROMIUM, startChromium } from "./chromium.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { openWatched, type View, type WatchedPage } from "./watched-page.ts";

/**
 * Opens a page of the cluster's portolan at an address within it, such as `/#/ports`; `about:blank` is a page that is still to
 * be sent there.
 */
export type OpenPage = (address?: string, view?: View) => Promise<WatchedPage>;

interface Fixtures {
  /** One for all tests of a file. */
  readonly browser: Browser;
  readonly cluster: Cluster;
  /** A page that complains, as WatchedPage says, fails the test that opened it. */
  readonly open: OpenPage;
}

/** Tests in a real browser, each with a cluster of its own and pages of it. Skipped where there is no Chromium. */
export function pageTestOf(start: () => Promise<Cluster>) {
  const withBrowser = test.extend<Fixtures>({
    browser: [
      // biome-ignore lint/correctness/noEmptyPattern: the runner wants the pattern
      async ({}, use) => {
        const browser = await startChromium();
        await use(browser);
        await browser.close();
      },
      { scope: "file" },
    ],
    // biome-ignore lint/correctness/noEmptyPattern: the runner wants the pattern
    cluster: async ({}, use) => {
      const cluster = await start();
      await use(cluster);
      await cluster.stop();
    },
    open: async ({ browser, cluster }, use) => {
      const pages: WatchedPage[] = [];
      await use(async (address = "/", view = {}) => {
        const watched = await openWatched(browser, cluster.url, view);
        pages.push(watched);
        await watched.page.goto(address === "about:blank" ? address : `${cluster.url}${address}`);
        return watched;
      });
      const complaints = pages.flatMap((one) => one.complaints());
      await Promise.all(pages.map((one) => one.close()));
      expect(complaints).toEqual([]);
    },
  });
  return CHROMIUM === undefined ? withBrowser.skip : withBrowser;
}

/** With a few services: see AT_START. */
export const pageTest = pageTestOf(startCluster);
