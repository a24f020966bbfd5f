import { chmod } from "node:fs/promises";
import { expect } from "vitest";
import { startCluster } from "./support/cluster.ts";
import { routeRow, viewLink } from "./support/find.ts";
import { pageTestOf } from "./support/page-test.ts";
import { keepPicture } from "./support/pictures.ts";

const ordinaryTest = pageTestOf(() => startCluster(undefined, {}, { isOrdinaryUser: true }));

ordinaryTest(
  "a daemon that may no longer read its state is shown with what it cannot tell, and goes on",
  async ({ open, cluster }) => {
    const watched = await open("/#/chart");
    // What the daemon cannot answer is an error of its own.
    watched.expectComplaint(/status of (?:500|503)/);
    const { page } = watched;
    await routeRow(page, "shop").waitFor();
    await chmod(cluster.site.stateDir, 0o000);
    try {
      cluster.register({ service: "news", port: 24_100 });
      await routeRow(page, "news").waitFor();
      for (const view of ["Timeline", "Attention", "Ports", "Chart"] as const) {
        await viewLink(page, view).click();
        await page.getByRole("heading", { level: 1, name: view }).waitFor();
      }
      await viewLink(page, "Timeline").click();
      // The versions are files of the state.
      await page
        .getByRole("main")
        .getByRole("link", { name: /^Versions/ })
        .click();
      await page
        .getByRole("main")
        .getByText(/cannot read .*state/)
        .first()
        .waitFor();
      await keepPicture(page, "state-rights-versions");
      expect(await page.getByRole("main").innerText()).toContain(cluster.site.stateDir);

      await viewLink(page, "Attention").click();
      await page
        .getByRole("main")
        .getByText(/state could not be stored/)
        .first()
        .waitFor();
    } finally {
      await chmod(cluster.site.stateDir, 0o700);
    }
  },
);
