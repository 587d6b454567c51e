// Asks the server: one verb, one JSON answer, or an error in one sentence.
import { t } from "../components/shared/words.js";

export function url(path) {
  return new URL(`gradio_api/explorer/${path}`, document.baseURI).href;
}

export async function ask(verb, args = {}) {
  const response = await post(url(`verb/${verb}`), args);
  const answer = await response.json().catch(() => ({ error: t("The server gave no answer that can be read.") }));
  if (response.ok && !answer.error) return answer;
  throw refusal(answer.error ?? t("The server gave no answer that can be read."), answer);
}

async function post(address, args) {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(args) };
  try {
    return await fetch(address, request);
  } catch {
    throw Object.assign(refusal(t("The server does not answer; is it still running?")), { passing: true });
  }
}

function refusal(message, { column = 0, suggestion = "" } = {}) {
  return Object.assign(new Error(message), { column, suggestion });
}

// the catalogue never changes while a page is open
let asked = null;
export function catalog() {
  asked ??= ask("catalog").catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}
