// Sentences as paragraphs: [[text, values], ...], each said in the visitor's language.
import { t } from "../shared/words.js";

export function mount({ element, props, watch }) {
  const place = document.createElement("div");
  if (props.role) place.setAttribute("role", props.role);
  element.append(place);
  const draw = () => place.replaceChildren(...JSON.parse(props.value || "[]").map(paragraph));
  watch("value", draw);
  draw();
}

function paragraph(sentence) {
  const line = document.createElement("p");
  line.textContent = say(sentence);
  return line;
}

// a value may be a sentence of its own
function say([text, values]) {
  const said = ([name, value]) => [name, Array.isArray(value) ? say(value) : t(String(value))];
  return t(text, Object.fromEntries(Object.entries(values).map(said)));
}
