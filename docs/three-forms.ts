/**
 * How a command of portolan's is typed, by where portolan runs. The documentation writes commands in the first form; the pages
 * that an operator reads in need have this table (test/repo/examples-in-docs.test.ts).
 */
export const THREE_FORMS = `| portolan runs | \`portolan status\` is typed as |
|---|---|
| on a host | \`portolan status\`, as root or as portolan's user |
| in a container | \`docker exec CONTAINER portolan status\` |
| in an allocation | \`nomad alloc exec -task portolan ALLOC portolan status\` |`;
