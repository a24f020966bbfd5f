import { type ResourceKey, routerLabel } from "../traefik/chart/dynamic-config.ts";
import type { ExplainedRouter, RouterAnswer, Verdict } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { serviceKeys } from "./known-services.ts";
import { explainRouter, ownerOf } from "./router-answer.ts";
import { explainService } from "./service-answer.ts";

/** A router by its name: whose it is, where it leads, and the services that ask for it. */
export function explainNamedRouter(key: ResourceKey, decided: Decided): RouterAnswer {
  const { merge, hosts } = decided.decision.memory;
  const owner = ownerOf(key, decided);
  const known = serviceKeys(decided);
  const refused = [...hosts.refused.keys()].filter((claimant) => claimant.key === key).map(({ service }) => service);
  const definers = (merge?.contested.get(key)?.definitions ?? []).map(({ service }) => service);
  const services = [...new Set([owner, ...definers, ...refused])].filter((one) => one !== undefined && known.has(one));
  const answers = services.map((service) => explainService(service ?? "", decided));
  const own = answers.flatMap(({ routers }) => routers).find(({ name, protocol }) => isOf(key, name, protocol));
  const router = own ?? explainRouter({ key }, decided);
  const reason = router.state === "live" ? router.reasons[0] : (router.reasons[0] ?? answers[0]?.reason);
  return {
    kind: "router",
    verdict: verdictOf(key, router),
    ...(reason === undefined ? {} : { reason }),
    router,
    services: answers,
  };
}

function isOf(key: ResourceKey, name: string, protocol: string): boolean {
  return key === `${protocol}/routers/${name}`;
}

function verdictOf(key: ResourceKey, { state, servers, owner, because, isServedByTraefik }: ExplainedRouter): Verdict {
  const what = `router ${routerLabel(key)}${owner === "" ? "" : ` of ${owner}`}`;
  const why = because === undefined ? "" : `: ${because}`;
  if (state === "left-out") return { state: "not-routed", says: `${what} is not in the chart` };
  if (!isServedByTraefik)
    return { state: "refused-by-traefik", says: `${what} is in the chart, and Traefik does not serve it` };
  if (state === "held" || state === "kept") return { state: "kept", says: `${what} is in the chart as it was${why}` };
  if (servers.length === 0) return { state: "answers-503", says: `${what} answers 503${why}` };
  return { state: "routed", says: `${what} is in the chart` };
}
