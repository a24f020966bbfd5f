import { useMemo, useState } from "preact/hooks";
import type { Explained } from "../../api/resources/explain.ts";
import type { RouteRow } from "../../api/resources/routes.ts";
import { shellOperand } from "../../core/diagnostics/shell-word.ts";
import { tellCharts } from "../../explained/tell-charts.ts";
import { explainAddress } from "../addresses.ts";
import { curlOf, curlOfUrl, type Gateway, gatewayOf } from "../explain/curl.ts";
import { jobTags } from "../explain/job-tags.ts";
import { namedIn, routerKey } from "../explain/named-in.ts";
import { ToldView } from "../explain/told-view.tsx";
import { useExplained } from "../explain/use-explained.ts";
import { useLive } from "../live/use-live.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { LinkOut } from "../parts/link-out.tsx";
import { Name } from "../parts/name.tsx";
import { ViewHeading } from "../parts/view-heading.tsx";
import type { ViewQuery } from "./view-query.ts";

/** Why something is routed, or why it is not: what `portolan explain` prints. */
export function ExplainView({ query }: { readonly query: ViewQuery }) {
  const about = query["about"] ?? "";
  const { explained, error } = useExplained(about);
  const charts = useMemo(() => (explained === undefined ? [] : tellCharts(explained)), [explained]);
  return (
    <>
      <ViewHeading title={about === "" ? "Explain" : about}>
        <AskForm key={about} about={about} />
      </ViewHeading>
      {error === undefined ? null : (
        <p class="told-error" role="alert">
          <Name text={error} />
        </p>
      )}
      {explained === undefined ? (
        about === "" ? (
          <Empty title="What is asked about?">
            <p>A service, a host, a URL, a router, a port or an allocation: why it is routed, or why it is not.</p>
          </Empty>
        ) : error === undefined ? (
          <p class="quiet">Asking …</p>
        ) : null
      ) : (
        <>
          <Copies about={about} explained={explained} />
          {charts.map(({ name, answers }) => (
            <section key={name ?? ""} aria-label={name === undefined ? "Answer" : `Chart ${name}`}>
              {name === undefined ? null : (
                <h2 class="told-chart">
                  Chart <Name text={name} />
                </h2>
              )}
              {answers.map((told, position) => (
                <ToldView key={position} told={told} />
              ))}
            </section>
          ))}
        </>
      )}
    </>
  );
}

function AskForm({ about }: { readonly about: string }) {
  const [text, setText] = useState(about);
  return (
    <form
      class="filter"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") location.hash = explainAddress(text.trim());
      }}
    >
      <label>
        <span class="visually-hidden">Ask about a service, a host, a URL, a router, a port or an allocation</span>
        <input
          type="search"
          value={text}
          placeholder="Ask: service, host, URL, router, port or allocation"
          maxLength={2_000}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
    </form>
  );
}

/** What can be copied of the whole answer, and where else the thing is shown. */
function Copies({ about, explained }: { readonly about: string; readonly explained: Explained }) {
  const rows = useLive((known) => known.routes.rows);
  const gatewayFor = useGateways();
  const { routers, tags, instances, services } = useMemo(() => namedIn(explained), [explained]);
  const found = useMemo(() => rows.filter((row) => routers.has(routerKey(row))), [rows, routers]);
  const curl = curlFor(about, found, (row) => routers.get(routerKey(row))?.hasTls ?? false, gatewayFor);
  const links = [
    ...found
      .slice(0, 1)
      .flatMap(({ dashboard }) => (dashboard === undefined ? [] : [{ name: "Traefik", url: dashboard }])),
    ...linksOf(rows, instances),
  ];
  return (
    <div class="copies">
      <CopyButton what="as command" text={`portolan explain ${shellOperand(about)}`} />
      {curl === undefined ? null : <CopyButton what="as curl" text={curl} />}
      {tags.length === 0 ? null : <CopyButton what="tags" text={jobTags(tags)} />}
      {services
        .filter((service) => service !== about)
        .slice(0, MOST_LINKS)
        .map((service) => (
          <ExplainLink key={service} name={service}>
            Explain <Name text={service} />
          </ExplainLink>
        ))}
      {links.map(({ name, url }) => (
        <LinkOut key={url} to={url}>
          {name}
        </LinkOut>
      ))}
    </div>
  );
}

function curlFor(
  about: string,
  rows: readonly RouteRow[],
  hasTls: (row: RouteRow) => boolean,
  gatewayFor: (chart: string | undefined) => Gateway,
): string | undefined {
  const ofUrl = curlOfUrl(about, rows[0]?.entryPoints ?? [], gatewayFor(rows[0]?.chart));
  if (ofUrl !== undefined) return ofUrl;
  // Of several hosts the one that was asked about.
  const asked = rows.find(({ hosts }) => hosts.includes(about));
  if (asked !== undefined) return curlOf({ ...asked, hosts: [about] }, hasTls(asked), gatewayFor(asked.chart));
  for (const row of rows) {
    const curl = curlOf(row, hasTls(row), gatewayFor(row.chart));
    if (curl !== undefined) return curl;
  }
  return undefined;
}

/** Where the routers of a chart are asked: the load balancer by the ledger; else this machine, whose Traefik reads the chart. */
function useGateways(): (chart: string | undefined) => Gateway {
  const status = useLive((known) => known.status);
  return (chart) => gatewayOf(status, chart, location.hostname.replace(/^\[|\]$/g, ""));
}

const MOST_LINKS = 6;

/** Where the instances are shown in Consul's and Nomad's pages. */
function linksOf(
  rows: readonly RouteRow[],
  ids: ReadonlySet<string>,
): readonly { readonly name: string; readonly url: string }[] {
  const links = new Map<string, string>();
  for (const { instances } of rows) {
    for (const { id, node, links: known = {} } of instances) {
      if (!ids.has(id)) continue;
      if (known.nomad !== undefined) links.set(known.nomad, `Nomad: ${node}`);
      if (known.consul !== undefined) links.set(known.consul, `Consul: ${node}`);
    }
  }
  return [...links].slice(0, MOST_LINKS).map(([url, name]) => ({ name, url }));
}
