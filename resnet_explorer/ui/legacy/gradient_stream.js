// A long answer, read line by line; the newest question wins, here and on the server.
import { url } from "./server.js";
import { t } from "../components/shared/words.js";

// Names this page to the server, so that a new question there ends the older one.
const visitor = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

// Calls hear(line) for each line of JSON as it comes; throws when the answer is refused or breaks off.
export async function listen(path, question, hear, signal) {
  const body = JSON.stringify({ ...question, visitor });
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal };
  const response = await fetch(url(path), request);
  if (!response.ok) throw new Error(await refusal(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (!signal.aborted) hear(JSON.parse(line));
  }
}

export function broken(error) {
  const gone = error instanceof TypeError;
  return gone ? t("The server does not answer; is it still running?") : error.message;
}

async function refusal(response) {
  const answer = await response.json().catch(() => ({}));
  return answer.error ?? t("The server gave no answer that can be read.");
}
