// The one line to the server: rows of the run list, whole curves, then what is new. It mends itself where it left off.
import { owner } from "./train_settings.js";
import { url } from "./server.js";

const AGAIN_MS = 2000;

// hear({rows, gone}), hear({curves}), hear({points}); say("live" | "lost" | "hidden")
export function createLine(hear, say) {
  let source = null;
  let watched = [];
  let known = new Set();
  let cursor = 0;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    source?.close();
    if (document.hidden) return say("hidden");
    const query = new URLSearchParams({ runs: watched.join(","), after: cursor, owner: owner() });
    const fresh = watched.filter((run) => !known.has(run));
    if (cursor && fresh.length) query.set("whole", fresh.join(","));
    source = new EventSource(`${url("runs/events")}?${query}`);
    source.onopen = () => say("live");
    source.onerror = lost;
    source.addEventListener("rows", (event) => hear(JSON.parse(event.data)));
    source.addEventListener("curves", (event) => {
      const curves = JSON.parse(event.data);
      known.add(curves.run);
      told(event, { curves });
    });
    source.addEventListener("points", (event) => told(event, { points: JSON.parse(event.data) }));
    return undefined;
  }

  function told(event, news) {
    cursor = Number(event.lastEventId) || cursor;
    hear(news);
  }

  // The browser would try again by itself, but gives up where the server answers something else for a while.
  function lost() {
    source.close();
    say("lost");
    clearTimeout(timer);
    timer = setTimeout(open, AGAIN_MS);
  }

  const turned = () => (document.hidden ? (source?.close(), clearTimeout(timer), say("hidden")) : open());
  document.addEventListener("visibilitychange", turned);

  return {
    watch(runs) {
      watched = [...runs];
      known = new Set(watched.filter((run) => known.has(run)));
      open();
    },
    close() {
      document.removeEventListener("visibilitychange", turned);
      clearTimeout(timer);
      source?.close();
    },
  };
}
