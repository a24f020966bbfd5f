/** A kind of object that Traefik disables and the default mode publishes all the same. */
export interface Gap {
  readonly id: string;
  readonly sentence: string;
  /** What Traefik says of it. */
  readonly messages: readonly RegExp[];
}

/** First what cannot be known without Traefik's own machine, then what the default mode does not judge yet. */
export const GAPS: readonly Gap[] = [
  {
    id: "files-of-traefik",
    sentence: "a tag names a file on Traefik's machine, or holds a certificate, and Traefik cannot use it",
    messages: [
      /^open .*: (no such file or directory|file name too long|invalid argument)$/,
      /client TLS configuration|creating TLS config/,
    ],
  },
  {
    id: "middleware-values",
    sentence:
      "an expression within a middleware (circuitBreaker, retryExpression of buffering) is none that Traefik can use, or one of regular expressions that are too dear to be compiled",
    messages: [/^\d+:\d+: |is not defined$|expected predicate/, /error parsing regexp/],
  },
];

/** The gap that one of Traefik's messages is known by. */
export function gapOf(message: string): Gap | undefined {
  return GAPS.find(({ messages }) => messages.some((pattern) => pattern.test(message)));
}
