import { nearest } from "../../base/nearest.ts";
import { PRODUCT_NAMES } from "../catalog/product-rules.ts";
import type { CatalogSnapshot } from "../catalog/snapshot.ts";
import type { Reason, UnknownAnswer } from "./answer.ts";
import type { Decided, ReadCatalog } from "./decided.ts";
import { knownHosts, knownRouters } from "./host-answer.ts";
import { serviceKeys } from "./known-services.ts";
import { agoText } from "./way/ago.ts";

/** What was asked about is not there: what may have been meant, and why it may be there all the same, by what is known. */
export function explainUnknown(about: string, decided: Decided): UnknownAnswer {
  return {
    kind: "unknown",
    about,
    verdict: {
      state: "unknown",
      says: `there is no service, router, host, port or allocation ${about} in what portolan reads`,
    },
    didYouMean: suggestions(about, decided),
    reasons: decided.catalogs.flatMap((catalog) => whyUnseen(catalog, decided)),
  };
}

function suggestions(about: string, decided: Decided): readonly string[] {
  const kinds = [serviceKeys(decided), new Set(knownRouters(decided).values()), knownHosts(decided)];
  return [...new Set(kinds.map((names) => nearest(about, names)).filter((name) => name !== undefined))];
}

/** Why a service may be in a catalog, and portolan does not see it; the likeliest first. */
function whyUnseen(catalog: ReadCatalog, { snapshots, settings, nowMs }: Decided): readonly Reason[] {
  const stage = "catalog";
  const snapshot = snapshots.find(({ catalogName }) => catalogName === catalog.name);
  const what = catalog.name === undefined ? PRODUCT_NAMES[catalog.product] : `catalog ${catalog.name}`;
  const reasons: Reason[] = [];
  if (snapshot === undefined || snapshot.freshness !== "live") {
    const read =
      snapshot === undefined || snapshot.freshness === "unread"
        ? "never"
        : `last ${agoText(nowMs - snapshot.readAtMs)}`;
    reasons.push({
      ...{ stage, code: "CATALOG_UNREAD" },
      message: `${what} at ${catalog.address} has not been read since the start (${read}): what is new in it is unknown${catalog.failure === undefined ? "" : `; ${catalog.failure}`}`,
      remedy: "see docs/troubleshooting.md; portolan status says how the catalog answers",
    });
  }
  const { blind, deniedNamespaces = [] } = snapshot ?? {};
  if (blind !== undefined) {
    reasons.push({
      ...{ stage, code: "CATALOG_BLIND" },
      message: `${what} does not show all it has: ${blind.reason}`,
      remedy: "give portolan's token the rights to read it (docs/identity.md)",
    });
  }
  if (deniedNamespaces.length > 0) {
    reasons.push({
      ...{ stage, code: "NAMESPACE_DENIED" },
      message: `${what} denies the token the namespaces ${deniedNamespaces.join(", ")}`,
      remedy: "give portolan's token the right to read them (docs/identity.md)",
    });
  }
  reasons.push(placesRead(catalog, snapshot));
  const { prefix, exposedByDefault } = settings.traefik;
  if (exposedByDefault) return reasons;
  const message = `of ${what} portolan reads the services that have a tag for Traefik`;
  const remedy = `where it is registered without any, add the tag ${prefix}.enable=true`;
  return [...reasons, { stage, code: "NO_TAG", message, remedy }];
}

/** Where portolan looks, and how it would look elsewhere, too. */
function placesRead(catalog: ReadCatalog, snapshot: CatalogSnapshot | undefined): Reason {
  const { product, address, datacenter, namespaces, section } = catalog;
  const [place, setting] = product === "consul" ? ["datacenter", "datacenter"] : ["region", "region"];
  const [seen] = snapshot?.instances ?? [];
  const own = datacenter ?? (product === "consul" ? seen?.datacenter : undefined);
  const which =
    datacenter === undefined ? `that of the agent that answers${own === undefined ? "" : ` (${own})`}` : datacenter;
  const spaces = namespaces.length === 1 ? "namespace" : "namespaces";
  const inNamespaces =
    namespaces.length === 0 || namespaces.includes("*") ? "" : `, and there the ${spaces} ${namespaces.join(", ")}`;
  const other = `${product}: { ${setting}: OTHER }`;
  const both = `catalogs: [{ name: one, ${product}: { ${setting}: ${own ?? "ONE"} } }, { name: other, ${other} }]`;
  const remedy =
    catalog.name === undefined
      ? `where it is registered in another ${place}, read that one: ${other}; or both: ${both}`
      : `where it is registered in another ${place}, add a catalog to the settings: { name: other, ${other} }`;
  return {
    ...{ stage: "catalog", code: "PLACES_READ" },
    message: `portolan reads ${PRODUCT_NAMES[product]} at ${address}, of it one ${place}, ${which}${inNamespaces} (setting ${section})`,
    remedy,
  };
}
