import { spotPlace } from "../../explained/spot-place.ts";
import {
  type Block,
  ITEM_SIGN,
  type Line,
  STEP_SIGNS,
  type ToldAnswer,
  type ToldVerdict,
} from "../../explained/told-answer.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { WholeText } from "../parts/whole-text.tsx";
import { copyablesIn } from "./copyable.ts";

/** An answer as the command prints it, laid out for a page. */
export function ToldView({ told: { verdict, blocks } }: { readonly told: ToldAnswer }) {
  return (
    <section class="told">
      <VerdictView verdict={verdict} />
      {blocks.map((block, position) => (
        <BlockView key={position} block={block} />
      ))}
    </section>
  );
}

function VerdictView({ verdict: { sign, tone, says } }: { readonly verdict: ToldVerdict }) {
  return (
    <p class={`verdict verdict-${tone}`}>
      <span aria-hidden="true">{sign} </span>
      <WholeText text={says} />
    </p>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.kind === "verdict") return <VerdictView verdict={block.verdict} />;
  const { kind, title = "", lines } = block;
  return (
    <div class={`block block-${kind}`}>
      {title === "" ? null : (
        <h2>
          <WholeText text={title} />
        </h2>
      )}
      {lines.map((line, position) => (
        <LineView key={position} line={line} />
      ))}
    </div>
  );
}

type LineOf<Kind extends Line["kind"]> = Extract<Line, { readonly kind: Kind }>;

function LineView({ line }: { readonly line: Line }) {
  switch (line.kind) {
    case "labelled":
      return (
        <div class="labelled">
          <span class="label">{line.label}</span>
          <span>
            {line.label === "owner" ? <ExplainLink name={line.text} /> : <WholeText text={line.text} />}
            {line.label === "Remedy" ? <Copyables remedy={line.text} /> : null}
          </span>
        </div>
      );
    case "read":
      return (
        <div class={line.label === undefined ? "read" : "labelled"}>
          {line.label === undefined ? null : <span class="label">{line.label}</span>}
          <code>
            <WholeText text={line.text} />
          </code>
        </div>
      );
    case "tag":
      return <BlamedTag line={line} />;
    case "step":
      return <StepView line={line} />;
    case "heading":
      return <h3>{line.text}</h3>;
    case "item":
      return <ItemView line={line} />;
    case "meaning":
      return (
        <p class="read">
          <code>
            <WholeText text={line.tag} />
          </code>{" "}
          <span class="quiet">
            (<WholeText text={line.means} />)
          </span>
        </p>
      );
    case "note":
      return (
        <p class="read quiet">
          <WholeText text={line.text} />
        </p>
      );
  }
}

const OUTCOMES: Readonly<Record<LineOf<"step">["outcome"], string>> = {
  yes: "passed: ",
  no: "ends here: ",
  waits: "for now: ",
  open: "",
};

function StepView({ line: { outcome, stage, text } }: { readonly line: LineOf<"step"> }) {
  return (
    <div class={`step step-${outcome}`}>
      <span aria-hidden="true">{STEP_SIGNS[outcome]}</span>
      <span class="label">{stage}</span>
      <span>
        <span class="visually-hidden">{OUTCOMES[outcome]}</span>
        <WholeText text={text} />
      </span>
    </div>
  );
}

function ItemView({ line: { sign, text, below } }: { readonly line: LineOf<"item"> }) {
  return (
    <div class="item">
      <span aria-hidden="true">{sign === ITEM_SIGN ? "•" : sign}</span>
      <span>
        <WholeText text={text} />
        {below.map((one) => (
          <span class="below" key={one}>
            <WholeText text={one} />
            {one.startsWith("remedy: ") ? <Copyables remedy={one} /> : null}
          </span>
        ))}
      </span>
    </div>
  );
}

/** The tag, with what is wrong in it marked. */
function BlamedTag({ line: { tag, spot } }: { readonly line: LineOf<"tag"> }) {
  const [start, end] = spot === undefined ? [0, 0] : spotPlace(tag, spot);
  return (
    <div class="labelled">
      <span class="label">in the tag</span>
      <code>
        <WholeText text={tag.slice(0, start)} />
        {end > start ? (
          <mark>
            <WholeText text={tag.slice(start, end)} />
          </mark>
        ) : null}
        <WholeText text={tag.slice(end)} />
      </code>
    </div>
  );
}

function Copyables({ remedy }: { readonly remedy: string }) {
  return (
    <>
      {copyablesIn(remedy).map(({ what, text }) => (
        <span key={text} class="copyable">
          <CopyButton what={what} text={text} />
        </span>
      ))}
    </>
  );
}
