/** Something that Traefik disables and the default mode publishes all the same. */
export interface Gap {
  readonly id: string;
  readonly sentence: string;
  /** What Traefik says of it. */
  readonly messages: readonly RegExp[];
}

/** What cannot be known without Traefik's own machine, and then what the default mode does not judge yet. */
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
    sentence: "a value within a middleware is none that Traefik can use: an address range, an expression, a number",
    messages: [
      /sourceRange is empty/,
      /invalid CIDR/,
      /invalid IPv6 subnet/,
      /error parsing BasicUser|error parsing DigestUser/,
      /headers configuration not valid/,
      /parsing (ex|in)cluded media type|unsupported (default )?encoding/,
      /mutually exclusive/,
      /incorrect \(or empty\) value for attempt/,
      /you must provide a target scheme/,
      /strconv\.Atoi: parsing/,
      /bytes should be >= 0/,
      /^\d+:\d+: |is not defined$|expected predicate/,
    ],
  },
  {
    id: "basic-auth-without-users",
    sentence: "a basicAuth without users makes Traefik 3.6 panic, after which it takes no configuration at all",
    messages: [/index out of range \[0\] with length 0/],
  },
  {
    id: "proxy-protocol-version",
    sentence: "a TCP service has a version of the PROXY protocol other than 1 and 2",
    messages: [/unknown proxyProtocol version/],
  },
  {
    id: "empty-reference",
    sentence: "a list of middlewares has an empty piece, or an errors middleware has no service",
    messages: [/^(the service|middleware) "@file" does not exist/],
  },
  {
    id: "empty-default-name",
    sentence: "a service's name has no letter and no digit, so that the default name is empty",
    messages: [
      /router has no service and no child|must have either a service or child|the service is missing on the (udp )?router/,
    ],
  },
];

/** The gap that one of Traefik's messages is known by. */
export function gapOf(message: string): Gap | undefined {
  return GAPS.find(({ messages }) => messages.some((pattern) => pattern.test(message)));
}
