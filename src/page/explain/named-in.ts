import type { Explained } from "../../api/resources/explain.ts";
import type { Answer, AnswerOf, Router } from "../../explained/told-answer.ts";

/** What answers name, for what is to be copied and where else it is shown. */
export interface Named {
  /** Routers that are charted, by {@link routerKey}. */
  readonly routers: ReadonlyMap<string, Router>;
  /** The tags for Traefik of the first instance that has any. */
  readonly tags: readonly string[];
  /** The ids of instances. */
  readonly instances: ReadonlySet<string>;
  /** Services that it is about, or whose routers it names. */
  readonly services: readonly string[];
}

type RouterName = Readonly<Record<"chart" | "protocol" | "router", string>>;

/** Two charts, and two protocols of one chart, may have routers of one name. */
export function routerKey({ chart, protocol, router }: RouterName): string {
  return `${protocol} ${router} ${chart}`;
}

export function namedIn({ charts }: Explained): Named {
  const answers = charts.flatMap((one) => one.answers);
  const services = answers.flatMap(servicesOf);
  const routers = charts.flatMap(({ chart, answers: own }) =>
    own.flatMap(routersOf).flatMap((router) => (router.state === "left-out" ? [] : [{ chart, router }])),
  );
  const instances = services.flatMap((service) => service.instances);
  return {
    routers: new Map(
      routers.map(({ chart, router }) => [
        routerKey({ chart, protocol: router.protocol, router: router.name }),
        router,
      ]),
    ),
    tags: instances.find(({ tags }) => tags.length > 0)?.tags.map(({ tag }) => tag) ?? [],
    services: [
      ...new Set([...services.map(({ service }) => service), ...answers.flatMap(routersOf).map(({ owner }) => owner)]),
    ].filter((name) => name !== ""),
    instances: new Set([
      ...instances.map(({ id }) => id),
      ...routers.flatMap(({ router: { servers } }) => servers.flatMap(({ id }) => id ?? [])),
    ]),
  };
}

function servicesOf(answer: Answer): readonly AnswerOf<"service">[] {
  if (answer.kind === "service") return [answer];
  return answer.kind === "router" || answer.kind === "allocation" ? answer.services : [];
}

function routersOf(answer: Answer): readonly Router[] {
  const ofServices = servicesOf(answer).flatMap(({ routers }) => routers);
  switch (answer.kind) {
    case "router":
      return [answer.router, ...ofServices];
    case "host":
      return answer.routers;
    case "url":
      return answer.routers.map(({ router }) => router);
    default:
      return ofServices;
  }
}
