// Asks the structure routes; the newest question wins, and what was shown stays until its answer is there.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { url } from "./server.js";
import { t } from "../components/shared/words.js";

const MOST_KNOWN = 120;
const known = new Map();

// The answer to a question, or null for none; `tag` comes back with the answer that it belongs to.
export function useAnswer(name, args, tag = null) {
  const key = args ? `${name} ${JSON.stringify(args)}` : "";
  const [found, setFound] = useState({ key: "", answer: null, error: "", tag: null });
  useEffect(() => {
    if (!key) return undefined;
    let wanted = true;
    const take = (news) => wanted && setFound((old) => ({ ...old, error: "", key, ...news }));
    question(name, args, key).then(
      (answer) => take({ answer, tag }),
      (error) => take({ error: error.message }),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return { ...found, pending: key !== found.key };
}

function question(name, args, key) {
  if (!known.has(key)) {
    if (known.size > MOST_KNOWN) known.clear();
    const answer = post(`structure/${name}`, args);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
  }
  return known.get(key);
}

async function post(path, args) {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(args) };
  const response = await fetch(url(path), request).catch(() => {
    throw new Error(t("The server does not answer; is it still running?"));
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error(answer.error ?? t("The server gave no answer that can be read."));
}

// The address of a file to keep; `networks` may be one or several.
export function fileUrl(name, networks, fields) {
  const query = new URLSearchParams([...[networks].flat().map((network) => ["network", network]), ...Object.entries(fields)]);
  return `${url(`structure/file/${name}`)}?${query}`;
}

// The lanes that have an answer to draw.
export function lanesOf(state) {
  return state.lanes.filter((lane) => lane.spec && lane.answer);
}
