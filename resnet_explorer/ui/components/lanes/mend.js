// One press for each lane that would be right in the place of a wrong one.
import { html } from "../shared/vendor/preact.js";
import { useStore } from "./store.js";
import { t } from "../shared/words.js";

export function Mend({ lane: { slot, error } }) {
  const { edit } = useStore();
  return error.mends?.map(({ text, lane }) => html`<button type="button" class="use" onClick=${() => edit(slot, (draft) => Object.assign(draft, lane))}>
    ${t("use {word}", { word: text })}
  </button> `);
}
