import { type Settings, settingsSchema } from "../files/schema.ts";
import { describeValue, plainIssues, valueAt } from "../files/schema-problem.ts";
import { CATALOG_SECTIONS, type CatalogSection, chooseCatalog } from "./choose-catalog.ts";
import { crossChecks } from "./cross-checks.ts";
import { environmentValue, httpsAddress } from "./environment-value.ts";
import { moveRenamed } from "./renamed-settings.ts";
import { ENVIRONMENT, FLAGS, type SettingPath, TRIED_FLAGS } from "./setting-origins.ts";
import { explainIssue } from "./setting-problems.ts";
import { isSettingTree, placeSetting, type SettingTree } from "./setting-tree.ts";
import { withoutApi, writeOutShortForms } from "./short-forms.ts";

export interface SettingsInput {
  /** The parsed settings file, and what it is called in messages. */
  readonly file?: { readonly name: string; readonly content: unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Flags without dashes, for example `{ "consul-addr": "…" }`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

/** What file, environment and flags say together, as it is written, before defaults. */
export interface GivenSettings {
  readonly tree: SettingTree;
  /** What does not come from the file: `flag --output`, `environment CONSUL_HTTP_ADDR`. */
  readonly origins: ReadonlyMap<SettingPath, string>;
}

/** Settings never throw: either they are whole, or every problem is listed at once. */
export type ResolvedSettings =
  | {
      readonly kind: "resolved";
      readonly settings: Settings;
      /** What routes depend on, as it is written, in the order of `ROUTES_DEPEND_ON`. */
      readonly forRoutes: readonly unknown[];
      readonly given: GivenSettings;
    }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/**
 * Merges file, environment and flags, checks everything, and reports all problems at once. The later wins, but for the
 * variables that Nomad sets in every task.
 */
export function resolveSettings({ file, environment, flags }: SettingsInput): ResolvedSettings {
  const content = file?.content ?? {};
  if (!isSettingTree(content)) {
    return {
      kind: "refused",
      errors: [`${file?.name}: found ${describeValue(content)}; a mapping of settings is allowed`],
    };
  }
  const tree = structuredClone(content);
  writeOutShortForms(tree);
  const origins = new Map<SettingPath, string>();
  const place = (path: SettingPath, value: string | boolean, origin: string) => {
    placeSetting(tree, path, value);
    origins.set(path, origin);
  };
  const chosen = chooseCatalog((path) => valueAt(tree, path.split(".")) !== undefined, flags, environment);
  // The variables of a catalog that is not charted say nothing: in a task of Nomad's some of its own are always set.
  const counts = (path: SettingPath) => {
    // A password for an API that is not asked says nothing either.
    if (path.startsWith("traefik.api.")) return valueAt(tree, ["traefik", "api"]) !== undefined;
    return chosen === "both" || path.startsWith(`${chosen}.`);
  };
  for (const [variable, path] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    // An empty variable counts as unset, as in Consul's own tools.
    if (value === undefined || value === "" || !counts(path)) continue;
    if (isSetByNomad(variable, environment) && valueAt(tree, path.split(".")) !== undefined) continue;
    place(path, environmentValue(variable, value), `environment ${variable}`);
  }
  for (const [flag, path] of Object.entries({ ...FLAGS, ...TRIED_FLAGS })) {
    const value = flags[flag];
    if (value !== undefined) place(path, value, `flag --${flag}`);
  }
  const https = httpsAddress(valueAt(tree, ["consul", "address"]), environment["CONSUL_HTTP_SSL"]);
  if (https !== undefined && counts("consul.address")) {
    place("consul.address", https, "environment CONSUL_HTTP_SSL");
  }

  const renamed = moveRenamed(tree);
  const parsed = settingsSchema.safeParse(tree);
  const errors = parsed.success
    ? [...crossChecks(parsed.data)]
    : plainIssues(parsed.error.issues).flatMap((issue) => explainIssue(issue, tree));
  errors.unshift(...renamed.errors);
  if (chosen === "both") errors.unshift(BOTH_CATALOGS);
  if (chosen === "list") {
    errors.unshift(...CATALOG_SECTIONS.filter((one) => tree[one] !== undefined).map(besideTheList));
  }
  if (parsed.success && errors.length === 0) {
    const added = ADDED_SINCE.filter((section) => tree[section] !== undefined);
    const forRoutes = [
      ...ROUTES_DEPEND_ON.map((section) => withoutApi(tree[section])),
      ...added.map((section) => [section, tree[section]]),
    ];
    const { warnings } = renamed;
    const settings = warnings.length === 0 ? parsed.data : { ...parsed.data, warnings };
    return { kind: "resolved", settings, forRoutes, given: { tree, origins } };
  }
  return { kind: "refused", errors: errors.map((error) => withOrigin(error, origins, file?.name)) };
}

/** Sections that decide which routes there are, besides the catalogs. */
const ROUTES_DEPEND_ON = ["compat", "equalNames", "traefik", "ports", "backends", "edges"];
/** Those that came later count where they are written: a file without them is what it was, and an upgrade holds nothing. */
const ADDED_SINCE = ["allow", "schedulers"];

const BOTH_CATALOGS =
  "nomad.address: found beside consul.address; one of the two is allowed: keep one of --consul-addr and --nomad-addr (or of consul.address and nomad.address, CONSUL_HTTP_ADDR and NOMAD_ADDR), or list both under catalogs";

function besideTheList(section: CatalogSection): string {
  return `catalogs: found beside ${section} (its section, or --${section}-addr); one or the other is allowed: move it into the list, as - { name: …, ${section}: {…} }`;
}

/** What Nomad itself tells a task of its own place, and gives it as its identity. */
const OF_THE_TASK: ReadonlySet<string> = new Set(["NOMAD_NAMESPACE", "NOMAD_REGION", "NOMAD_TOKEN"]);

/**
 * In a task Nomad sets these variables, whatever process runs there and whatever it is to read: there they are what counts where the
 * file says nothing. Elsewhere a person has set them, and they win over the file.
 */
function isSetByNomad(variable: string, environment: SettingsInput["environment"]): boolean {
  return OF_THE_TASK.has(variable) && (environment["NOMAD_ALLOC_ID"] ?? "") !== "";
}

/** Adds where the value came from: a flag, a variable or the settings file. */
function withOrigin(error: string, origins: ReadonlyMap<SettingPath, string>, fileName: string | undefined): string {
  const path = error.slice(0, error.indexOf(":"));
  const origin = origins.get(path) ?? (error.includes("found nothing") ? undefined : fileName);
  return origin === undefined || path.startsWith("--") ? error : `${error} (${origin})`;
}
