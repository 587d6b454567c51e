// The depth cliff: first value over last against depth, for all lanes, measured when asked for.
import { html, useEffect, useReducer, useRef } from "../components/shared/vendor/preact.js";
import { Figure } from "./figure.js";
import { Progress } from "./gradient_progress.js";
import { broken, listen } from "./gradient_stream.js";
import { t } from "../components/shared/words.js";

const EMPTY = { figure: null, running: false, done: 0, of: 0, depth: 0, failures: {}, summary: null, error: "" };

export function CliffView({ question, height }) {
  const [cliff, tell] = useReducer(reduce, EMPTY);
  const running = useRef(null);
  const key = JSON.stringify(asked(question));
  const stop = () => running.current?.abort();
  useEffect(() => {
    // other lanes or conditions: what stands there is true of the older ones only
    stop();
    tell({ event: "stale" });
  }, [key]);
  useEffect(() => stop, []);
  const start = () => {
    stop();
    running.current = new AbortController();
    begin(asked(question), tell, running.current.signal);
  };
  return html`<section class="flow-cliff" aria-label=${t("Depth cliff")}>
    <div class="flow-cliff-top">
      <h2>${t("Depth cliff")}</h2>
      ${cliff.running
        ? html`<button type="button" class="press" onClick=${() => (stop(), tell({ event: "stopped" }))}>${t("Stop")}</button>`
        : html`<button type="button" class="press" disabled=${!question} onClick=${start}>
            ${t("Measure {n} lanes from depth 20 to 1202", { n: question?.lanes.length ?? 0 })}
          </button>`}
      <span role="status">${cliff.running && cliff.depth ? t("depth {depth}", { depth: cliff.depth }) : ""}</span>
    </div>
    <${Progress} done=${cliff.running ? cliff.done : 0} of=${cliff.of} />
    ${cliff.error && html`<p class="wrong" role="alert">${cliff.error}</p>`}
    ${Object.values(cliff.failures).map((text) => html`<p class="wrong" key=${text}>${text}</p>`)}
    <${Figure}
      figure=${cliff.figure}
      name="depth-cliff"
      height=${height}
      alt=${cliff.summary && [cliff.summary.caption, ...cliff.summary.seen].join(" ")}
      table=${cliff.summary?.table}
      caption=${cliff.summary?.caption}
      empty=${t("The first value over the last, against depth; nothing is measured before you ask.")}
      fresh=${cliff.fresh}
    />
    <ul class="flow-cliff-seen" aria-live="polite">
      ${(cliff.summary?.seen ?? []).map((text) => html`<li key=${text}>${text}</li>`)}
    </ul>
  </section>`;
}

// Depth is what varies, so one seed and the same conditions; names without their depth.
function asked(question) {
  return question && { ...question, seeds: 1, fraction: false, theory: false, lanes: question.lanes.map(unsized) };
}

function unsized(lane) {
  return { ...lane, name: lane.name.replace(/ \d+$/, "") };
}

async function begin(question, tell, signal) {
  tell({ event: "asked" });
  try {
    await listen("stream/cliff", question, (line) => tell(line), signal);
  } catch (error) {
    if (!signal.aborted) tell({ event: "broken", error: broken(error) });
  }
}

function reduce(cliff, line) {
  switch (line.event) {
    case "asked":
      return { ...EMPTY, figure: cliff.figure, running: true, fresh: false };
    case "begun":
      return { ...cliff, of: line.of };
    case "measured":
      return { ...cliff, done: line.done, depth: line.depth };
    case "failed":
      return { ...cliff, failures: { ...cliff.failures, [line.slot]: line.error } };
    case "figure":
      return { ...cliff, done: line.done, figure: JSON.parse(line.figure), fresh: true };
    case "done":
      return { ...cliff, running: false, summary: line };
    case "stopped":
      return { ...cliff, running: false };
    case "stale":
      return { ...cliff, running: false, fresh: false };
    case "broken":
      return { ...cliff, running: false, error: line.error };
    default:
      return cliff;
  }
}
