import { arch, availableParallelism, release, totalmem, type } from "node:os";
import { dirname } from "node:path";
import { daemonPlace } from "../../config/daemon-place.ts";
import type { Settings } from "../../config/files/schema.ts";
import { SETTINGS_VARIABLE, settingsFileTitle } from "../../config/files/settings-file.ts";
import { readYaml } from "../../config/read-yaml.ts";
import { maskedSetting } from "../../config/resolve/masked-settings.ts";
import type { SettingsInput } from "../../config/resolve/resolve.ts";
import { ENVIRONMENT, SECRET_PATHS } from "../../config/resolve/setting-origins.ts";
import { settingsInForce } from "../../config/settings-in-force.ts";
import { edgePlans } from "../edges/edge-plan.ts";
import { readOperatorConfig } from "../inputs/operator-snippets.ts";
import { packageVersion } from "../process/version.ts";
import { askedDaemon, type Part, part } from "./asked-daemon.ts";
import { secretsOfSettings, withoutSecrets } from "./known-secrets.ts";
import { statedChart, statedConfig } from "./stated-chart.ts";
import { statedFiles } from "./stated-files.ts";

/** What a bundle is, as text, and what it lacks. */
export interface SupportBundle {
  readonly json: string;
  /** Each part that is not there, with the reason. */
  readonly missing: readonly string[];
}

/**
 * Gathers what a maintainer needs to see, without secrets: every part is masked where it is made, and what is known to be a secret is
 * taken out of the whole text once more. Works without a daemon and with settings that are wrong: what is missing says why.
 *
 * @param nowMs milliseconds since the epoch
 */
export async function makeSupportBundle(
  flags: SettingsInput["flags"],
  environment: SettingsInput["environment"],
  nowMs: number,
): Promise<SupportBundle> {
  const secrets = secretsOfEnvironment(environment);
  const settings = await part(async () => {
    const inForce = await settingsInForce(flags, environment);
    secrets.push(...(await secretsOfSettings(inForce.given.tree)));
    return inForce;
  });
  // Of settings that are wrong the address may be right.
  const place = "missing" in settings ? await part(() => daemonPlace(flags, environment)) : settings.settings;
  const parts: Record<string, Part<unknown>> = {
    about: ABOUT,
    madeAt: new Date(nowMs).toISOString(),
    version: packageVersion(),
    platform: platform(),
    environment: variablesIn(environment),
    settings:
      "missing" in settings
        ? settings
        : {
            file: settingsFileTitle(settings.file),
            warnings: settings.settings.warnings ?? [],
            inForce: settings.rows.map(({ path, value, from }) => ({ path, value, from })),
          },
    ...("missing" in settings ? {} : await filesOf(settings.settings, secrets)),
    daemon: "missing" in place ? place : await askedDaemon(place.listen),
  };
  return {
    json: `${withoutSecrets(JSON.stringify(parts, undefined, 2), secrets)}\n`,
    missing: [...missingIn(parts)],
  };
}

const ABOUT =
  "What a maintainer of portolan needs. Tokens, password hashes, keys, values of headers and what plugins are given are masked (***). Names of services, hosts and nodes, addresses, rules and paths of files are as they are. Log lines are not in it: add them with journalctl -u portolan --since -1h, docker logs --since 1h NAME, or nomad alloc logs -stderr ALLOC portolan.";

function platform() {
  return {
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    cpus: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
    user: process.getuid?.() ?? null,
  };
}

/** Which of the variables that count are set: their values stand among the settings. */
function variablesIn(environment: SettingsInput["environment"]): readonly string[] {
  const names = [SETTINGS_VARIABLE, "CONSUL_HTTP_SSL", "NOMAD_ALLOC_ID", ...Object.keys(ENVIRONMENT)];
  return names.filter((name) => (environment[name] ?? "") !== "");
}

function secretsOfEnvironment(environment: SettingsInput["environment"]): string[] {
  return Object.entries(ENVIRONMENT)
    .filter(([, path]) => SECRET_PATHS.has(path))
    .flatMap(([name]) => environment[name] ?? []);
}

/** What lies in files: policy, ledger, snippets, charts, and which files are beside them. */
async function filesOf(settings: Settings, secrets: string[]): Promise<Readonly<Record<string, Part<unknown>>>> {
  const { policy, ports, snippets, stateDir } = settings;
  const charts = edgePlans(settings).map(async ({ name, file }) => {
    const stated = await statedChart(file);
    if ("secrets" in stated) secrets.push(...stated.secrets);
    const chart = "secrets" in stated ? stated.config : stated;
    return { name, file, chart, directory: await statedFiles(dirname(file)) };
  });
  return {
    ...(policy !== undefined && { policy: await part(() => readMasked("policy file", policy)) }),
    ...(ports.ledger !== undefined && { ledger: await part(() => readMasked("ledger", ports.ledger ?? "")) }),
    ...(snippets !== undefined && { snippets: await part(() => snippetsOf(settings, secrets)) }),
    charts: await Promise.all(charts),
    stateDirectory: await statedFiles(stateDir),
  };
}

async function readMasked(what: string, path: string): Promise<unknown> {
  return maskedSetting(await readYaml(what, path, "the settings"));
}

async function snippetsOf(settings: Settings, secrets: string[]) {
  const { config, origins, diagnostics } = await readOperatorConfig(settings);
  const stated = statedConfig(config);
  secrets.push(...stated.secrets);
  return { config: stated.config, origins: Object.fromEntries(origins), diagnostics };
}

function* missingIn(value: unknown, path = ""): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  if ("missing" in value && Object.keys(value).length === 1) yield `${path}: ${String(value.missing)}`;
  else for (const [key, one] of Object.entries(value)) yield* missingIn(one, path === "" ? key : `${path}.${key}`);
}
