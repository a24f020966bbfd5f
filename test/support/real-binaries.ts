import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A real server, judge or shell, and the way to run it that was found on this machine. */
export type Tool =
  | { readonly kind: "binary"; readonly name: ToolName; readonly path: string }
  | { readonly kind: "image"; readonly name: ToolName; readonly image: string };

export type ToolName =
  | "consul"
  | "traefik"
  | "oracle"
  | "jobspec"
  | "zsh"
  | "consul-template"
  | "nft"
  | "ip"
  | "prometheus"
  | "promtool"
  | "chromium";

/** Images that stand in for a program; the oracle and jobspec are ours (test/oracle, test/jobspec), so that there are none of them. */
export const IMAGES: Partial<Record<ToolName, { readonly variable: string; readonly pinned: string }>> = {
  consul: { variable: "TEST_CONSUL_IMAGE", pinned: "consul:1.8.7" },
  traefik: { variable: "TEST_TRAEFIK_IMAGE", pinned: "traefik:v3.6.12" },
};

/**
 * The tool from test/tools/bin, else from PATH, else as an image where containers can be run. Where there is none the
 * answer is undefined, so that a test can skip itself: the run says at its end how many did. With TEST_TOOLS=required, as
 * in .ci/run, it is an error instead.
 */
export async function findTool(name: ToolName): Promise<Tool | undefined> {
  // Programs for the administrator lie in folders that other users' PATH may lack.
  const onPath = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const directories = [join(import.meta.dirname, "../tools/bin"), ...onPath];
  const path = directories.map((directory) => join(directory, name)).find(isExecutable);
  if (path !== undefined) return { kind: "binary", name, path };
  const image = IMAGES[name];
  if (image !== undefined && (await canRunContainers())) {
    return { kind: "image", name, image: process.env[image.variable] ?? image.pinned };
  }
  if (process.env["TEST_TOOLS"] === "required") {
    const engine = image === undefined ? "" : ", and no container engine";
    throw new Error(
      `no ${name} in test/tools/bin or on PATH${engine}; run test/tools/install ${name === "promtool" ? "prometheus" : name}`,
    );
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function canRunContainers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}
