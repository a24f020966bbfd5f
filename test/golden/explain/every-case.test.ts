import { expect, test } from "vitest";
import { readCatalogs } from "../../../src/app/explain/read-catalogs.ts";
import { PLAIN_TEXT } from "../../../src/cli/text/colour.ts";
import { answerText } from "../../../src/cli/text/explain/answer-text.ts";
import { serviceKey } from "../../../src/core/catalog/snapshot.ts";
import type { ServiceAnswer } from "../../../src/core/explain/answer.ts";
import type { Decided } from "../../../src/core/explain/decided.ts";
import { explain } from "../../../src/core/explain/explain.ts";
import { knownHosts, knownRouters } from "../../../src/core/explain/host-answer.ts";
import { serviceKeys } from "../../../src/core/explain/known-services.ts";
import { isBlocking } from "../../../src/core/explain/way/reason.ts";
import { readCases } from "../case-file.ts";
import { playWhole } from "../play.ts";

const cases = readCases().map((golden) => [golden.name, golden] as const);

function decidedBy(golden: (typeof cases)[number][1]): Decided {
  const { decision, snapshots, settings, core, nowMs } = playWhole(golden);
  return { decision, snapshots, settings: core, catalogs: readCatalogs(settings), nowMs, output: "portolan.yml" };
}

test.each(cases)("%s: every service, router and host is answered by what the pass decided", (_, golden) => {
  const decided = decidedBy(golden);
  judgeServices(decided);
  judgeRouters(decided);
});

function judgeServices(decided: Decided): void {
  const { chart, diagnostics, memory } = decided.decision;
  for (const key of serviceKeys(decided)) {
    const answer = explain(key, decided).find(
      (one): one is ServiceAnswer => one.kind === "service" && one.service === key,
    );
    if (answer === undefined) throw new Error(`${key} is answered as something else`);
    const { verdict, reason, besides, routers, instances } = answer;
    // What it says of routers and servers is what is in the chart.
    for (const { name, protocol, state, owner } of routers) {
      const section = `${protocol}/routers` as "http/routers" | "tcp/routers" | "udp/routers";
      if (state !== "left-out") expect(chart[section].has(name), `${key}: ${name}`).toBe(true);
      const isAnothers = chart[section].has(name) && (memory.owners.get(`${section}/${name}`)?.service ?? key) !== key;
      if (state === "left-out" && owner === key && !isAnothers)
        expect(chart[section].has(name), `${key}: ${name}`).toBe(false);
    }
    const isServed = routers.some(({ state, servers }) => state !== "left-out" && servers.length > 0);
    expect(["routed", "partly", "kept"].includes(verdict.state), `${key}: ${verdict.says}`).toBe(isServed);
    // Nothing is left without a reason, and nothing that was reported is kept back.
    if (verdict.state === "not-routed") expect(reason, key).toBeDefined();
    const own = instances.map(({ id, node }) => `${id} ${node}`);
    const told = diagnostics.filter(
      (one) => isBlocking(one) && own.includes(`${one.subject.instance} ${one.subject.node}`) && isOf(key, one.subject),
    );
    const said = [reason, ...besides].map((one) => `${one?.code}: ${one?.message}`);
    for (const one of told) expect(said, key).toContain(`${one.code}: ${one.message}`);
    expect(answerText(answer, PLAIN_TEXT)).toMatch(/^[✓✗!] service/);
  }

  function isOf(key: string, { catalog, service }: { readonly catalog?: string; readonly service: string }): boolean {
    const named = decided.snapshots.flatMap(({ instances, catalogName }) =>
      instances.map((one) => ({ ...one, ...(catalogName === undefined ? {} : { catalogName }) })),
    );
    return named.some((one) => serviceKey(one) === key && one.service === service && one.catalogName === catalog);
  }
}

function judgeRouters(decided: Decided): void {
  const { chart } = decided.decision;
  for (const [key] of knownRouters(decided)) {
    const [answer] = explain(key, decided);
    expect(answer.kind, key).toBe("router");
    const [protocol, , name = ""] = key.split(/\/(.*?)\//s);
    const isCharted = chart[`${protocol as "http" | "tcp" | "udp"}/routers`].has(name);
    if (!isCharted) expect(answer.verdict.state).toBe("not-routed");
  }
  for (const host of knownHosts(decided)) {
    if (host === "") continue;
    const [answer] = explain(host, decided);
    expect(["host", "service", "router"], host).toContain(answer.kind);
    const [byUrl] = explain(`http://${host}/`, decided);
    expect(byUrl.kind, host).toBe("url");
    if (byUrl.kind !== "url") continue;
    const takers = byUrl.routers.filter(({ outcome }) => outcome === "takes");
    expect(takers.length).toBeLessThanOrEqual(1);
    for (const { router } of takers)
      expect(chart["http/routers"].has(router.name) || chart["tcp/routers"].has(router.name)).toBe(true);
  }
}
