import type { ComponentChildren } from "preact";
import { explainAddress } from "../addresses.ts";
import { Name } from "./name.tsx";

/** A name that leads to its explanation. @param about what is asked, where it is not the name itself */
export function ExplainLink({
  name,
  about = name,
  children,
}: {
  readonly name: string;
  readonly about?: string;
  readonly children?: ComponentChildren;
}) {
  return <a href={explainAddress(about)}>{children ?? <Name text={name} />}</a>;
}
