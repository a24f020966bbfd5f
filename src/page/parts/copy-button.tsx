import { useEffect, useState } from "preact/hooks";
import { useAnnounce } from "./announcer.tsx";
import { shown } from "./shown.ts";

/** Copies a text. @param what it is, to stand behind "Copy": "as curl" */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "failed">();
  const announce = useAnnounce();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? "copied" : "failed");
    announce(isCopied ? "copied" : "the browser did not let it be copied");
  };
  const words = { copied: "Copied", failed: "Not copied" };
  return (
    <button type="button" class="button-small" title={shown(text)} onClick={() => void copy()}>
      {outcome === undefined ? `Copy ${what}` : words[outcome]}
    </button>
  );
}

/** The clipboard is there for pages of HTTPS and of this machine only; elsewhere the old way is left. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    const place = document.querySelector("dialog[open]") ?? document.body;
    const focused = document.activeElement;
    place.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return isCopied;
  }
}
