import type { Reporter, TestModule } from "vitest/node";
import { findTool, IMAGES, type ToolName } from "./real-binaries.ts";

const TOOLS: readonly ToolName[] = ["consul", "traefik", "oracle", "jobspec", "nft", "ip"];
/** The browser is asked for by name: it is large, and only the page's own tests need it. */
const TOOLS_OF_PAGE: readonly ToolName[] = ["chromium"];

/** Ends a run in which tests were skipped for want of real programs with a line that says so, the last of the run. */
export function createNotPlayedReporter(): Reporter {
  return {
    async onTestRunEnd(modules) {
      const skipped = modules.filter(playsAgainstTools).flatMap((module) => [...module.children.allTests("skipped")]);
      if (skipped.length === 0) return;
      const tools = [...new Set(skipped.flatMap(({ project }) => (project.name === "page" ? TOOLS_OF_PAGE : TOOLS)))];
      const found = await Promise.all(tools.map(findTool));
      const missing = tools.filter((_, position) => found[position] === undefined);
      if (missing.length === 0) return;
      // At the exit, so that it comes after the summaries of the other reporters; npm prints nothing after a run that passed.
      process.once("exit", () => console.log(notPlayedLine(skipped.length, missing)));
    },
  };
}

/** The unit tests skip themselves for other reasons: another user, another file system. */
function playsAgainstTools({ project }: TestModule): boolean {
  return project.name !== "unit";
}

/** How many tests were not played, which programs they lack, and what would play them. */
export function notPlayedLine(count: number, missing: readonly ToolName[]): string {
  const images = missing.flatMap((name) => IMAGES[name]?.pinned ?? []);
  const engine = images.length === 0 ? "" : `; a container engine plays those of the images ${images.join(" and ")}`;
  return (
    `NOT PLAYED: ${count} tests, for want of ${missing.join(", ")}. ` +
    `To play them run test/tools/install${missing.includes("chromium") ? " chromium" : ""}, which says what it lacks here${engine}`
  );
}
