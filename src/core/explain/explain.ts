import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { explainAllocation } from "./allocation-answer.ts";
import type { Answer, RouterAnswer } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { explainHost } from "./host-answer.ts";
import { explainPort } from "./port-answer.ts";
import { type Question, questionsOf } from "./question.ts";
import { explainNamedRouter } from "./router-question.ts";
import { explainService } from "./service-answer.ts";
import { explainUnknown } from "./unknown-answer.ts";
import { explainUrl } from "./url-answer.ts";

/** So many services or routers of one name are answered: of more, one is asked about by its key. */
const MOST_ANSWERS = 20;

/**
 * Answers why something is routed, or why it is not, by what a pass decided: a service, a router, a host, a URL, a port or an
 * allocation. Several answers where several services or routers have the name. Everything that it says follows from what the
 * pass was given and came to; rules are evaluated by the functions that the pass evaluates them by.
 */
export function explain(about: string, decided: Decided): readonly [Answer, ...Answer[]] {
  for (const question of questionsOf(about, decided)) {
    const [first, ...others] = answersTo(question, decided);
    if (first !== undefined) return [first, ...others];
  }
  return [explainUnknown(about, decided)];
}

function answersTo(question: Question, decided: Decided): readonly Answer[] {
  switch (question.kind) {
    case "service":
      return question.keys.slice(0, MOST_ANSWERS).map((key) => explainService(key, decided));
    case "router":
      return question.keys
        .slice(0, MOST_ANSWERS)
        .map((key: ResourceKey): RouterAnswer => explainNamedRouter(key, decided));
    case "allocation":
      return listed(explainAllocation(question.id, decided));
    case "port":
      return [explainPort(question.port, decided)];
    case "url":
      return [explainUrl(question.request, decided)];
    case "host":
      return listed(explainHost(question.host, decided));
  }
}

function listed(answer: Answer | undefined): readonly Answer[] {
  return answer === undefined ? [] : [answer];
}
