import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../test/support/await-until.ts";
import { startRealTraefik } from "../../test/support/real-traefik.ts";
import type { PeerCatalog } from "../catalogs/peer-catalog.ts";
import { startCatalog } from "../catalogs/start-catalog.ts";
import { requireBinary } from "../require-binary.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import { startDaemon } from "./child-daemon.ts";
import type { Peer } from "./peer.ts";

/**
 * consul-template with a template that asks for every service by itself, as people write it. Each service is a long poll
 * on a connection of its own, so Consul's limit is raised for it: with the default it ends beyond some 200 services
 * without ever having rendered.
 */
export function startConsulTemplate(stage: Stage): Promise<Peer> {
  return startWithTeardown(async (teardown) => {
    const tool = await requireBinary("consul-template");
    const catalog = await startCatalog(stage, { isUnlimited: true });
    teardown.add(catalog.stop);
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-template-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    const chartPath = join(directory, "routes.yml");
    const template = join(directory, "routes.ctmpl");
    const settings = join(directory, "settings.json");
    await writeFile(template, TEMPLATE);
    await writeFile(settings, settingsText(catalog, template, chartPath));
    const daemon = startDaemon(tool.path, ["-config", settings]);
    teardown.add(daemon.stop);
    await until(() => stage.signal.aborted || daemon.exitReason() !== undefined || existsSync(chartPath), {
      timeoutMs: 180_000,
      what: "consul-template's first file",
    });
    stage.signal.throwIfAborted();
    if (daemon.exitReason() !== undefined) throw new Error(`consul-template has ended: ${daemon.exitReason()}`);
    const traefik = await startRealTraefik(stage.traefik, {
      // Of the file alone: its temporary files in the directory would make Traefik reload once more.
      args: [`--providers.file.filename=${chartPath}`, "--providers.file.watch=true"],
      throttleMs: stage.options.throttleMs,
      logLevel: "ERROR",
    });
    teardown.add(traefik.stop);
    return {
      name: "consul-template",
      url: traefik.url,
      daemon: { chartPath, pid: daemon.pid },
      prepare: catalog.prepare,
      traffic: catalog.traffic,
      stop: teardown.run,
    };
  });
}

function settingsText({ url, caFile }: PeerCatalog, source: string, destination: string): string {
  const { host } = new URL(url);
  return JSON.stringify({
    consul: { address: host, ...(caFile === undefined ? {} : { ssl: { enabled: true, ca_cert: caFile } }) },
    template: { source, destination },
    log_level: "err",
  });
}

/** The same routers and services as in portolan's chart; without a healthy instance a service has no servers. */
const TEMPLATE = `http:
  routers:
{{- range services }}{{ if in .Tags "traefik.enable=true" }}
    {{ .Name | toJSON }}:
      rule: {{ range .Tags }}{{ if . | regexMatch "[.]rule=" }}{{ . | regexReplaceAll "^[^=]*=" "" | toJSON }}{{ end }}{{ end }}
      service: {{ .Name | toJSON }}
{{- end }}{{ end }}
  services:
{{- range services }}{{ if in .Tags "traefik.enable=true" }}
    {{ .Name | toJSON }}:
      loadBalancer:
        servers:
{{- range service .Name }}
          - url: "http://{{ .Address }}:{{ .Port }}"
{{- else }} []
{{- end }}
{{- end }}{{ end }}
`;
