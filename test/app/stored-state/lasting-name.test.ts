import { expect, test } from "vitest";
import { lastingName } from "../../../src/app/stored-state/lasting-name.ts";

test.each([
  [
    "nomad unix:///opt/alloc/b8d3/portolan/secrets/api.sock global/default traefik",
    "nomad unix:// global/default traefik",
  ],
  ["nomad unix:///opt/my data/b8d3/api.sock -/- traefik+public", "nomad unix:// -/- traefik+public"],
  ["consul unix:///run/consul.sock dc1/-/- traefik", "consul unix:// dc1/-/- traefik"],
  ["nomad unix:// global/default traefik", "nomad unix:// global/default traefik"],
  ["nomad http://127.0.0.1:4646 global/default traefik", "nomad http://127.0.0.1:4646 global/default traefik"],
  ["unix:///opt/alloc/b8d3/secrets/api.sock (region global)", "unix:// (region global)"],
  ["unix:///opt/alloc/b8d3/secrets/api.sock", "unix://"],
  ["http://127.0.0.1:4646 (region global)", "http://127.0.0.1:4646 (region global)"],
])("%s is stored as %s", (before, now) => {
  expect(lastingName(before)).toBe(now);
});
