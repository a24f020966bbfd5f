/** What a policy may name as a host, in lower case: `*`, a host, or `*.` and a domain for every host below it. */
export const HOST_PATTERN = /^(?:\*|(?:\*\.)?[^*\s/:]*[^*\s/:.])$/;
