import { expect, test } from "vitest";
import { lastOfServices } from "../../../src/core/catalog/last-of-services.ts";
import { instance } from "../../builders/world.ts";

test("a service has others only in its own namespace and catalog", () => {
  const gone = [
    instance({ id: "a", service: "web", namespace: "one" }),
    instance({ id: "b", service: "web", namespace: "two" }),
    instance({ id: "c", service: "web", namespace: "one", catalogName: "dc2" }),
    instance({ id: "d", service: "api", namespace: "one" }),
  ];
  const there = [instance({ id: "e", service: "web", namespace: "one" })];
  expect(lastOfServices(gone, there).map(({ id }) => id)).toEqual(["b", "c", "d"]);
});
