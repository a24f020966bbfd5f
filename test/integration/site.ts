import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CatalogClient } from "../support/catalog-client.ts";

/** Directories for one portolan and one Traefik, and one backend for all services. */
export interface Site {
  readonly watched: string;
  readonly chart: string;
  readonly stateDir: string;
  /** A port in the dynamic range where every service's instance answers with its Host header. */
  readonly backendPort: number;
  settings(content: string): Promise<string>;
  /** Writes a file beside the settings. */
  beside(name: string, content: string): Promise<void>;
  /** The files in the watched directory; the socket that shows a living writer is none. */
  files(): Promise<readonly string[]>;
  chartText(): Promise<string>;
  remove(): Promise<void>;
}

export async function createSite(): Promise<Site> {
  const root = await mkdtemp(join(tmpdir(), "portolan-site-"));
  const watched = join(root, "dynamic");
  await mkdir(watched);
  const { server, port } = await startBackend();
  return {
    watched,
    chart: join(watched, "portolan.yml"),
    stateDir: join(root, "state"),
    backendPort: port,
    async settings(content) {
      const path = join(root, "settings.yml");
      await writeFile(path, content);
      return path;
    },
    beside: (name, content) => writeFile(join(root, name), content),
    async files() {
      const entries = await readdir(watched, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    chartText: () => readFile(join(watched, "portolan.yml"), "utf8"),
    async remove() {
      server.closeAllConnections();
      server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Makes the state directory, and lets an ordinary user reach the site's directories, once they are given to that user. */
export async function openToUsers({ stateDir, watched }: Pick<Site, "stateDir" | "watched">): Promise<void> {
  await mkdir(stateDir, { mode: 0o700 });
  await chmod(dirname(watched), 0o711);
  await chmod(watched, 0o2750);
}

async function startBackend(): Promise<{ server: Server; port: number }> {
  for (let port = 29_000; port < 29_100; port += 1) {
    const server = createServer((incoming, response) => response.end(incoming.headers.host));
    const isListening = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (isListening) return { server, port };
  }
  throw new Error("no free port between 29000 and 29099 for the backend");
}

/** Registers a tagged service with a passing check; the router bears its name and its host is NAME.test. */
export async function registerService(catalog: CatalogClient, name: string, port: number): Promise<void> {
  await catalog.register({
    Node: "node-1",
    Address: "127.0.0.1",
    Service: { ID: name, Service: name, Port: port, Tags: tagsOf(name) },
    Check: { CheckID: `check-${name}`, Name: `${name} answers`, Status: "passing", ServiceID: name },
  });
}

export async function setStatus(catalog: CatalogClient, name: string, status: string): Promise<void> {
  await catalog.register({
    Node: "node-1",
    Address: "127.0.0.1",
    Check: { CheckID: `check-${name}`, Name: `${name} answers`, Status: status, ServiceID: name },
  });
}

function tagsOf(name: string): readonly string[] {
  return ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`];
}

/** The status and text that Traefik answers for a host; status 0 where nothing listens. */
export function ask(traefikUrl: string, host: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(traefikUrl, { headers: { host }, agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on("error", () => resolve({ status: 0, text: "" }));
    outgoing.end();
  });
}

/** Lines of Traefik's log that are errors about our file or anything in it. */
export function errorsAboutUs(logLines: readonly string[]): readonly string[] {
  return logLines.filter((line) => {
    const entry: Record<string, unknown> = line.startsWith("{") ? JSON.parse(line) : {};
    const isOwn = /dashboard|index\.html|unable to (?:read|open) template/i.test(line);
    return entry["level"] === "error" && !isOwn;
  });
}
