import { type IncomingHttpHeaders, request } from "node:http";

export interface ProbeAnswer {
  readonly status: number;
  /** The body; without an answer the system's code, "ECONNREFUSED" for instance. */
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** One request on a connection of its own, so that a listener that is away is seen; no answer counts as status 0. */
export function askOnce(url: string, host: string): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fail = ({ code, name }: NodeJS.ErrnoException) => resolve({ status: 0, text: code ?? name, headers: {} });
    const asking = request(
      url,
      { headers: { host }, agent: false, signal: AbortSignal.timeout(ANSWER_MS) },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
        response.once("error", fail);
      },
    );
    asking.once("error", fail).end();
  });
}

const ANSWER_MS = 3_000;

export interface ProbeReport {
  readonly asked: number;
  readonly good: number;
  /** From the first question to the last, without pauses. */
  readonly forMs: number;
  /** What came in place of good answers, with how often: "404 ×12". */
  readonly bad: string;
  /** When the first and the last bad answer were asked for, from the start of the probe. */
  readonly badFromMs: number | undefined;
  readonly badUntilMs: number | undefined;
}

export interface InnocentProbe {
  /** While Traefik itself is being restarted no request can be answered. Waits for the answers that are out: they count. */
  pause(): Promise<void>;
  resume(): void;
  /** Waits for the answers that are out. */
  stop(): Promise<ProbeReport>;
}

/** Requests go out by the clock, not after the last answer, so that slow answers do not make them fewer. */
export const QUESTIONS_PER_SECOND = 60;

/** Asks Traefik for the host all the time; good is status 200 with the text of one of the right backends. */
export function startProbe(url: string, host: string, right: readonly string[]): InnocentProbe {
  const startedAtMs = performance.now();
  const answers = new Set<Promise<void>>();
  const bad = new Map<string, number>();
  let badFromMs: number | undefined;
  let badUntilMs: number | undefined;
  let asked = 0;
  let good = 0;
  let activeMs = 0;
  let isPaused = false;
  let lastTickMs = startedAtMs;

  async function ask(): Promise<void> {
    const askedAtMs = performance.now() - startedAtMs;
    const { status, text } = await askOnce(url, host);
    if (status === 200 && right.includes(text)) {
      good += 1;
      return;
    }
    const what = status === 0 ? text : status === 200 ? `answer of ${JSON.stringify(text.slice(0, 20))}` : `${status}`;
    bad.set(what, (bad.get(what) ?? 0) + 1);
    badFromMs = Math.min(badFromMs ?? askedAtMs, askedAtMs);
    badUntilMs = Math.max(badUntilMs ?? askedAtMs, askedAtMs);
  }

  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (!isPaused) activeMs += nowMs - lastTickMs;
    lastTickMs = nowMs;
    for (; asked < (activeMs / 1000) * QUESTIONS_PER_SECOND && !isPaused; asked += 1) {
      const answer = ask().finally(() => answers.delete(answer));
      answers.add(answer);
    }
  }, 5);

  return {
    async pause() {
      isPaused = true;
      await Promise.all(answers);
    },
    resume() {
      lastTickMs = performance.now();
      isPaused = false;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(answers);
      const kinds = [...bad].map(([what, count]) => `${what} ×${count}`).join(", ");
      return { asked, good, forMs: activeMs, bad: kinds, badFromMs, badUntilMs };
    },
  };
}
