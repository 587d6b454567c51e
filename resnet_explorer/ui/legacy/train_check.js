// Asks what a press would train, lane by lane, while the form is filled: widths and sizes, or why a lane cannot be.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { lineOf } from "./train_lanes.js";
import { choice, fieldsOf } from "./train_settings.js";
import { url } from "./server.js";
import { t } from "../components/shared/words.js";

const PAUSE_MS = 120;

// {lanes: [{widths, image, ...} or {error}], error, settled}
export function useCheck(state) {
  const [found, set] = useState({ key: "", lanes: [], error: "" });
  const asked = { networks: state.lanes.map(lineOf), ...askedOf(state.settings) };
  const key = JSON.stringify(asked);
  useEffect(() => {
    let wanted = true;
    const take = (news) => wanted && set({ key, lanes: [], error: "", ...news });
    const timer = setTimeout(() => check(key).then(take, () => take({ error: t("The server does not answer; is it still running?") })), PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key]);
  return { ...found, settled: found.key === key };
}

export function askedOf(settings) {
  return { data: choice(settings, "train_data"), recipe: choice(settings, "train_recipe"), settings: fieldsOf(choice(settings, "train_set")) };
}

async function check(body) {
  const response = await fetch(url("runs/check"), { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return response.json();
}
