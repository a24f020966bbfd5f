import { Fragment } from "preact";
import { useRef } from "preact/hooks";
import type { View } from "../addresses.ts";
import { filterHelp } from "./filter-help.ts";

/** Keys and words that a person may not find by looking. */
export function HelpButton({ view }: { readonly view: View }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="button-small" aria-label="Help" onClick={() => dialog.current?.showModal()}>
        ?
      </button>
      <dialog ref={dialog} class="help" aria-labelledby="help-title">
        <h2 id="help-title">Keys and filters</h2>
        <dl>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>goes to the filter</dd>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>clears it</dd>
          <dt>
            <kbd>↓</kbd> <kbd>↑</kbd> <kbd>Home</kbd> <kbd>End</kbd>
          </dt>
          <dd>go from row to row, once a link of a row has the focus</dd>
          {filterHelp(view).map(({ words, meaning }) => (
            <Fragment key={words}>
              <dt>
                <code>{words}</code>
              </dt>
              <dd>{meaning}</dd>
            </Fragment>
          ))}
        </dl>
        <p>Each view has its address, filter and all: it can be sent to a colleague.</p>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </dialog>
    </>
  );
}
