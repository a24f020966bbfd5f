import { spawn } from "node:child_process";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";
import { ON_HOST_NETWORK } from "./berth.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The project's own image; what the suite built last bears the name until the next build. */
export const IMAGE = "portolan:container-suite";

/** What the engine does not get: it is large, and .dockerignore lets none of it in, as it does for `docker build`. */
const LEFT_OUT = ["./.git", "./node_modules", "./dist", "./out", "./test"];

/** Builds the Dockerfile by the engine that testcontainers finds. Throws with what the build said last. */
export async function buildImage(): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const mirror = process.env["NPM_CONFIG_REGISTRY"];
  const packing = ["-c", "-C", ROOT, ...LEFT_OUT.map((path) => `--exclude=${path}`), "."];
  const packed = spawn("tar", packing, { stdio: ["ignore", "pipe", "inherit"] });
  const stream = await dockerode.buildImage(packed.stdout, {
    t: IMAGE,
    ...(ON_HOST_NETWORK ? { networkmode: "host" } : {}),
    buildargs: mirror === undefined ? {} : { NPM_CONFIG_REGISTRY: mirror },
  });
  const said: string[] = [];
  let failure: string | undefined;
  await new Promise<void>((resolve, reject) => {
    dockerode.modem.followProgress(
      stream,
      (error) => (error === null ? resolve() : reject(error)),
      (part: { readonly stream?: string; readonly error?: string }) => {
        said.push(part.stream ?? "");
        failure ??= part.error;
      },
    );
  });
  // The engine tells it as one more line of its progress.
  if (failure !== undefined) throw new Error(`the image could not be built: ${failure}\n${said.slice(-30).join("")}`);
}
