import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Binary } from "../stage.ts";

const run = promisify(execFile);

export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate for 127.0.0.1 and the authority that has signed it, made by Consul itself, as PEM files in the folder. */
export async function createCertificates(consul: Binary, directory: string): Promise<Certificates> {
  await run(consul.path, ["tls", "ca", "create"], { cwd: directory });
  await run(consul.path, ["tls", "cert", "create", "-server"], { cwd: directory });
  return {
    caFile: join(directory, "consul-agent-ca.pem"),
    certFile: join(directory, "dc1-server-consul-0.pem"),
    keyFile: join(directory, "dc1-server-consul-0-key.pem"),
  };
}
