import { useState } from "preact/hooks";
import { keptTheme, showTheme, THEMES, type Theme } from "../theme.ts";

const WORDS: Readonly<Record<Theme, string>> = { system: "◐ as the system", light: "☀ light", dark: "☾ dark" };

/** Goes through light, dark and what the system has. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(keptTheme);
  return (
    <label class="theme">
      <span class="visually-hidden">Colours</span>
      <select
        value={theme}
        onChange={({ currentTarget }) => {
          const chosen = THEMES.find((one) => one === currentTarget.value) ?? "system";
          setTheme(chosen);
          showTheme(chosen);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {WORDS[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
