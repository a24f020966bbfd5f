import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { badge, routeRow, viewLink } from "./support/find.ts";
import { pageTest } from "./support/page-test.ts";
import { openWatched } from "./support/watched-page.ts";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

pageTest("the demo prints the page's address, and the page tells its story as it happens", async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), "portolan-demo-"));
  const demo = spawn(process.execPath, [MAIN, "demo"], {
    cwd: folder,
    // Without a Traefik, which is not what is looked at.
    env: { PATH: "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(demo, "close");
  let said = "";
  demo.stdout.on("data", (part: Buffer) => {
    said += part.toString();
  });
  try {
    const address = await until(() => /page +(http:\S+)\//.exec(said)?.[1], { timeoutMs: 20_000, what: "its address" });
    await until(async () => (await fetch(`${address}/readyz`)).ok, { timeoutMs: 20_000, what: "the first chart" });
    const watched = await openWatched(browser, address);
    const { page } = watched;
    page.setDefaultTimeout(25_000);
    await page.goto(`${address}/`);
    // The deploy of windmill from one node to the other, then weather's illness and recovery.
    await routeRow(page, "windmill").getByText("on node-2").waitFor();
    await routeRow(page, "weather").getByText(badge("emptied")).waitFor();
    await routeRow(page, "weather").getByText(badge("live")).waitFor();
    await viewLink(page, "Attention").click();
    await page.getByRole("main").getByText(/ruel/).first().waitFor();
    expect(watched.complaints()).toEqual([]);
    await watched.close();
  } finally {
    demo.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
