/** How something stands; each has a sign of its own, so that no colour is needed. */
export type Tone = "good" | "warning" | "bad" | "quiet" | "plain";
