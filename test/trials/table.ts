import type { Outcome } from "./play-trial.ts";

/** One line a trial, and below it the promises that were not kept. */
export function outcomeLines(outcome: Outcome, nameWidth: number): readonly string[] {
  const { trial, peer, probe, newsMs, headline, problems } = outcome;
  const share = probe === undefined ? "-" : percent(probe.good, probe.asked);
  const news = probe === undefined ? "-" : newsMs === undefined ? "never" : `${(newsMs / 1000).toFixed(2)} s`;
  const mark = problems.length === 0 ? "ok    " : "FAILED";
  const line = [mark, trial.padEnd(nameWidth), peer.padEnd(8), share.padStart(7), news.padStart(7), shorten(headline)];
  return [line.join("  "), ...problems.map((problem) => `          ${problem}`)];
}

export function heading(kind: string, nameWidth: number): string {
  return ["      ", kind.padEnd(nameWidth), "peer    ", "   good", "   news", "what the log said"].join("  ");
}

/** Never rounded up to 100. */
function percent(good: number, asked: number): string {
  return good === asked ? "100 %" : `${Math.min(99.9, Math.floor((good / asked) * 1_000) / 10).toFixed(1)} %`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}
