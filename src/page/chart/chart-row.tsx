import type { ComponentChildren } from "preact";
import type { RouteRow } from "../../api/resources/routes.ts";
import { count } from "../../base/count.ts";
import { Age } from "../parts/age.tsx";
import { Badge } from "../parts/badge.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { LinkOut } from "../parts/link-out.tsx";
import { Name } from "../parts/name.tsx";
import { shown } from "../parts/shown.ts";
import type { Tone } from "../parts/tone.ts";
import { STATE_TONES, STATE_WORDS } from "../parts/tones.ts";
import type { RowAttributes } from "../parts/virtual-rows.tsx";
import { type ChartRow, MOST_SERVERS, NO_HOST } from "./chart-rows.ts";

/** A host, above its routers. */
export function HostRow({
  row: { host, routes },
  attributes,
}: {
  readonly row: Extract<ChartRow, { readonly kind: "host" }>;
  readonly attributes: RowAttributes;
}) {
  return (
    <div {...attributes} class="chart-row host-row">
      <span role="rowheader" aria-colspan={5}>
        {host === NO_HOST ? (
          <span class="host" tabIndex={-1}>
            (no host: all requests of the entry point)
          </span>
        ) : host === "*" ? (
          <span class="host" tabIndex={-1}>
            (any host)
          </span>
        ) : (
          <span class="host">
            <ExplainLink name={host} />
          </span>
        )}
        {routes.length > 1 ? <span class="quiet"> {count(routes.length, "router")}</span> : null}
      </span>
    </div>
  );
}

/** A router with where it leads. */
export function RouteRowView({
  route,
  hasChart,
  attributes,
}: {
  readonly route: RouteRow;
  readonly hasChart: boolean;
  readonly attributes: RowAttributes;
}) {
  const { chart, router, protocol, rule, paths, entryPoints, service, state, since, isSinceStart, owner, dashboard } =
    route;
  const marks = [...(hasChart ? [chart] : []), ...(protocol === "http" ? [] : [protocol])];
  const isOwnersName = owner !== null && owner === service;
  return (
    <div {...attributes} class={`chart-row chart-grid route-row state-${state}`}>
      <span role="cell" class="cell-router" title={shown(rule)}>
        <ExplainLink name={router} />
        {marks.map((mark) => (
          <span key={mark} class="mark">
            <Name text={mark} />
          </span>
        ))}
        {paths.length === 0 ? null : (
          <span class="paths">
            <Name text={paths.join(", ")} />
          </span>
        )}
      </span>
      <span role="cell" class="cell-entry">
        {entryPoints.length === 0 ? <span class="quiet">default</span> : <Name text={entryPoints.join(", ")} />}
      </span>
      <span role="cell" class="cell-service" title={shown(service)}>
        {isOwnersName ? <ExplainLink name={owner} /> : <Name text={service} />}
        <Owner route={route} isSame={isOwnersName} />
      </span>
      <span role="cell" class="cell-state">
        <span title={STATE_WORDS[state]}>
          <Badge tone={STATE_TONES[state]}>{state}</Badge>
        </span>{" "}
        <span class="quiet">
          <Age since={since} isAtLeast={isSinceStart} />
        </span>{" "}
        {dashboard === undefined ? null : <LinkOut to={dashboard}>Traefik</LinkOut>}
      </span>
      <span role="cell" class="cell-servers">
        <Servers route={route} />
      </span>
    </div>
  );
}

/** Whose the router is: the service of the catalog with its job, or the operator's file. */
function Owner({
  route: { owner, definedIn, instances },
  isSame,
}: {
  readonly route: RouteRow;
  readonly isSame: boolean;
}) {
  const job = instances.find((one) => one.job !== undefined && one.toldBy === "nomad");
  if (owner === null) {
    return definedIn === null ? null : (
      <span class="quiet">
        {" "}
        in <Name text={definedIn} />
      </span>
    );
  }
  return (
    <>
      {isSame ? null : (
        <span class="quiet">
          {" "}
          of <ExplainLink name={owner} />
        </span>
      )}
      {job === undefined ? null : (
        <span class="quiet">
          {" "}
          job <Name text={[job.job, job.group].filter((one) => one !== undefined).join("/")} />
        </span>
      )}
    </>
  );
}

const HEALTH_TONES: Readonly<Record<string, Tone>> = {
  passing: "good",
  warning: "warning",
  critical: "bad",
  failed: "bad",
  maintenance: "warning",
  stopped: "quiet",
  pending: "quiet",
};

function Servers({ route: { servers, instances, state, router, protocol } }: { readonly route: RouteRow }) {
  if (servers.length === 0) {
    const words =
      state === "sleeping" ? "no server: asleep" : protocol === "http" ? "no server: answers 503" : "no server";
    return <Line>{words}</Line>;
  }
  const more = servers.length - MOST_SERVERS;
  const told = servers.slice(0, MOST_SERVERS);
  return (
    <>
      {told.map((server) => {
        const instance = instances.find((one) => one.server === server);
        return (
          <Line key={server}>
            <span class="server">
              <Name text={server} />
            </span>
            {instance === undefined ? null : (
              <>
                {" "}
                <Badge tone={HEALTH_TONES[instance.health] ?? "quiet"}>{instance.health}</Badge>
                <span class="quiet">
                  {" "}
                  on <Name text={instance.node} />
                </span>{" "}
                <Links links={instance.links} />
              </>
            )}
          </Line>
        );
      })}
      {more > 0 ? (
        <Line>
          <ExplainLink name={router}>{`and ${count(more, "more server")}`}</ExplainLink>
        </Line>
      ) : null}
    </>
  );
}

function Links({ links = {} }: { readonly links: RouteRow["instances"][number]["links"] }) {
  return (
    <>
      {links.nomad === undefined ? null : <LinkOut to={links.nomad}>Nomad</LinkOut>}{" "}
      {links.consul === undefined ? null : <LinkOut to={links.consul}>Consul</LinkOut>}
    </>
  );
}

function Line({ children }: { readonly children: ComponentChildren }) {
  return <span class="line">{children}</span>;
}
