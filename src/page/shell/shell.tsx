import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Address, addressOf, VIEWS, type View } from "../addresses.ts";
import { useLive } from "../live/use-live.ts";
import { AnnounceContext } from "../parts/announcer.tsx";
import { shown } from "../parts/shown.ts";
import { AttentionView } from "../views/attention.tsx";
import { ChartView } from "../views/chart.tsx";
import { ExplainView } from "../views/explain.tsx";
import { PortsView } from "../views/ports.tsx";
import { TimelineView } from "../views/timeline.tsx";
import { ConnectionState, Readiness, Trouble } from "./daemon-state.tsx";
import { HelpButton } from "./help.tsx";
import { useKeys } from "./keys.ts";
import { useAddress, usePlaceKept } from "./navigation.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

const TITLES: Readonly<Record<View, string>> = {
  chart: "Chart",
  ports: "Ports",
  timeline: "Timeline",
  attention: "Attention",
  explain: "Explain",
};

/** What stands around every view. */
export function Shell() {
  const address = useAddress();
  const { view } = address;
  const about = address.query["about"] ?? "";
  usePlaceKept(`${view} ${about}`, address);
  useTitle(about === "" ? TITLES[view] : `${shown(about)} · ${TITLES[view]}`);
  const main = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  const announce = useCallback((text: string) => setSaid(text), []);
  useKeys();
  return (
    <AnnounceContext.Provider value={announce}>
      <header class="head">
        <a
          class="skip"
          href={addressOf(view, address.query)}
          onClick={(event) => {
            event.preventDefault();
            main.current?.querySelector<HTMLElement>("h1")?.focus();
          }}
        >
          Skip to the content
        </a>
        <a class="brand" href={addressOf("chart")}>
          portolan
        </a>
        <Readiness />
        <nav aria-label="Views" class="views">
          {VIEWS.map((one) =>
            one === "explain" && view !== "explain" ? null : (
              <a
                key={one}
                href={one === view ? addressOf(one, address.query) : addressOf(one)}
                aria-current={one === view ? "page" : undefined}
              >
                {TITLES[one]}
              </a>
            ),
          )}
        </nav>
        <ConnectionState />
        <ThemeSwitch />
        <HelpButton view={view} />
      </header>
      <Trouble />
      <main ref={main}>
        <Content address={address} />
      </main>
      <Foot />
      <div class="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
    </AnnounceContext.Provider>
  );
}

function Content({ address }: { readonly address: Address }) {
  switch (address.view) {
    case "chart":
      return <ChartView query={address.query} />;
    case "ports":
      return <PortsView query={address.query} />;
    case "timeline":
      return <TimelineView query={address.query} />;
    case "attention":
      return <AttentionView query={address.query} />;
    case "explain":
      return <ExplainView query={address.query} />;
  }
}

function Foot() {
  const status = useLive((known) => known.status);
  return (
    <footer class="foot">
      {status === undefined ? null : (
        <span>
          portolan {status.version} · <bdi>{status.chart.output}</bdi> ·{" "}
        </span>
      )}
      This page only reads: orders are given by the command <code>portolan</code>.
    </footer>
  );
}

/** The title of the tab: what is shown, and whether the daemon is not ready. */
function useTitle(title: string): void {
  const isReady = useLive(({ status }) => status?.ready ?? true);
  useEffect(() => {
    document.title = `${isReady ? "" : "! "}${title} · portolan`;
  }, [title, isReady]);
}
