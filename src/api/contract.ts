/**
 * A digest of the rows: the form of every question and answer. A command takes the answers of a daemon with the same digest
 * as they are; it need not load zod for that, which takes longer than all the rest of what it does.
 * test/api/contract.test.ts says what it must be.
 */
export const CONTRACT = "d8cba489400f";
