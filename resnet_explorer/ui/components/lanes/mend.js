// One press for each text that would be right.
import { html } from "../shared/vendor/preact.js";
import { mend } from "./lane.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Mend({ lane }) {
  const store = useStore();
  const { suggestions = [], suggestion = "" } = lane.error;
  const use = (text) => store.edit(lane.slot, (draft) => mend(draft, lane.error, text));
  return suggestions.map((text) => html`<button type="button" class="use" key=${text} onClick=${() => use(text)}>
    ${t("use {word}", { word: suggestions.length === 1 && suggestion ? suggestion : text })}
  </button> `);
}
