import { type Answer, send } from "../api/answer.ts";
import type { Fault } from "../api/exchange.ts";

/** Faults that send what the catalog answers, and alter it. */

/** Consul's or Nomad's. */
const INDEX_HEADER = /^X-(Consul|Nomad)-Index$/;

/** The true answer without its index. */
export function noIndexHeader(): Fault {
  return altered(({ headers, ...answer }) => {
    const others = Object.entries(headers).filter(([name]) => !INDEX_HEADER.test(name));
    return { ...answer, headers: Object.fromEntries(others) };
  });
}

/** The true answer under index 0: a client that sends it back never blocks again. */
export function indexZero(): Fault {
  return indexGoesBack(0);
}

/** The true answer under a lower index, as after a restore of the servers. */
export function indexGoesBack(to = 1): Fault {
  return altered(({ headers, ...answer }) => {
    const entries = Object.entries(headers).map(([name, value]) => [
      name,
      INDEX_HEADER.test(name) ? String(to) : value,
    ]);
    return { ...answer, headers: Object.fromEntries(entries) };
  });
}

/** An empty result under the true index, as a token without its policy gets it. Newer servers admit it in a header. */
export function answersEmpty(headers: Readonly<Record<string, string>> = {}): Fault {
  return altered((answer) => ({
    ...answer,
    headers: { ...answer.headers, ...headers },
    body: answer.body.startsWith("[") ? "[]" : "{}",
  }));
}

/** JSON of another shape: an object where a list belongs and the other way round. */
export function answersWrongType(): Fault {
  return altered((answer) => ({
    ...answer,
    body: answer.body.startsWith("[") ? '{"unexpected":1}' : '["unexpected"]',
  }));
}

/** The true answer, blown up with white space to so many bytes. */
export function answersBytes(bytes: number): Fault {
  return altered((answer) => ({ ...answer, body: answer.body.padStart(bytes) }));
}

function altered(alter: (answer: Answer) => Answer): Fault {
  return async ({ response, answer }) => send(response, alter(await answer()));
}
