// Sentences as paragraphs: [[text, values], ...], each said in the visitor's language.
import { say } from "../shared/words.js";

export function mount({ element, props }) {
  const place = document.createElement("div");
  if (props.role) place.setAttribute("role", props.role);
  element.append(place);
  return () => place.replaceChildren(...JSON.parse(props.value || "[]").map(paragraph));
}

function paragraph(sentence) {
  return Object.assign(document.createElement("p"), { textContent: say(sentence) });
}
