// While the server cannot be reached, one sentence says so; when it answers, what it missed is asked again. A server that was
// started anew may be another version of it: then the page is opened anew, and the link holds its state.
import { t } from "./words.js";

const LOOK_MS = 2000;
const SENTENCE =
  "The page cannot reach its server at {server}: what you press does not arrive, what is shown stays, and it goes on by itself when the server answers.";
const place = Object.assign(document.createElement("div"), { className: "unreached", role: "alert" });
document.body.append(place);
const missed = new Map();
let looking = false;

// Whoever asked in vain says so: `again` asks once more, and is missing where that could do something twice.
document.addEventListener("server-lost", (event) => {
  event.preventDefault();
  const { key, again } = event.detail;
  if (again) missed.set(key, again);
  if (looking) return;
  looking = true;
  place.textContent = t(SENTENCE, { server: window.location.host });
  setTimeout(look, LOOK_MS);
});

async function look() {
  const id = await fetch(new URL("gradio_api/app_id", document.baseURI))
    .then((answer) => answer.json())
    .then(({ app_id: id }) => id)
    .catch(() => null);
  if (id === null) return setTimeout(look, LOOK_MS);
  if (id !== window.gradio_config.app_id) return window.location.reload();
  looking = false;
  place.textContent = "";
  const again = [...missed.values()];
  missed.clear();
  for (const ask of again) ask();
  return undefined;
}
