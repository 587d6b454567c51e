// One lane's heat map on a canvas: steps to the right, units downward from the input; arrows read it cell by cell.
import { html, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { channels, KINDS, pixels, power, thinnedFlows } from "./scale.js";
import { Mark } from "../curves/list.js";
import { count, t } from "../shared/words.js";

const COLUMNS = 300;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function Map({ line, run, flows: all, kind, range, shades }) {
  const canvas = useRef(null);
  const [place, setPlace] = useState(null);
  const flows = all.filter((flow) => flow[kind].length);
  const shown = flows.length && range ? thinnedFlows(flows, COLUMNS) : [];
  const last = flows.at(-1);
  useEffect(() => {
    draw(canvas.current, shown, kind, range, shades, run.steps);
  }, [last?.step, range?.join(), kind, shown.length, run.steps]);
  const at = place && cellAt(place, shown, kind);
  const point = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const step = ((event.clientX - box.left) / box.width) * (run.steps || 1);
    const x = shown.findIndex((flow) => flow.step >= step);
    setPlace(x < 0 ? null : [x, Math.floor(((event.clientY - box.top) / box.height) * (last?.[kind].length ?? 1))]);
  };
  const walk = (event) => {
    const move = MOVES[event.key];
    if (event.key === "Escape") setPlace(null);
    if (!move || !shown.length) return;
    event.preventDefault();
    const [x, unit] = place ?? [shown.length - 1, 0];
    setPlace(place ? [limit(x + move[0], shown.length), limit(unit + move[1], last[kind].length)] : [x, unit]);
  };
  return html`<figure class="heat" data-run=${run.run} data-columns=${shown.length}>
    <figcaption><${Mark} line=${line} /> <span>${line.title}</span><small>${last ? t("{units} units × {steps} steps", { units: last[kind].length - 1 + first(kind), steps: count(run.steps) }) : ""}</small></figcaption>
    <div class="heat-frame">
      <canvas ref=${canvas} role="img" tabindex="0" aria-label=${inWords(line, last, kind)} onPointerMove=${point} onPointerLeave=${() => setPlace(null)} onKeyDown=${walk} onBlur=${() => setPlace(null)}></canvas>
    </div>
    <p class="heat-read" aria-live=${place ? "polite" : "off"}>${at ? t("step {step}, unit {unit}: {value}", at) : ends(last, kind)}</p>
  </figure>`;
}

function limit(value, size) {
  return Math.max(0, Math.min(size - 1, value));
}

function cellAt([x, unit], shown, kind) {
  const flow = shown[x];
  return flow && flow[kind].length > unit ? { step: count(flow.step), unit: unit + first(kind), value: power(flow[kind][unit]) } : null;
}

// The branch of a unit belongs to units from 1; what lies between two units begins with x_0, what enters the first.
function first(kind) {
  return kind === "responses" ? 1 : 0;
}

function ends(last, kind) {
  if (!last) return " ";
  const values = last[kind];
  return t("step {step}: {first} at the input, {last} at the output", { step: count(last.step), first: power(values[0]), last: power(values.at(-1)) });
}

function inWords(line, last, kind) {
  const name = `${line.label} ${line.title}, ${KINDS[kind]}`;
  if (!last) return `${name}: ${t("nothing measured yet")}`;
  const bad = [...last[kind]].filter((value) => !Number.isFinite(value)).length;
  return `${name}. ${ends(last, kind)}${bad ? `; ${t("{n} units not finite", { n: bad })}` : ""}`;
}

function draw(canvas, shown, kind, range, shades, steps) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale].map(Math.round);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  if (!shown.length) return;
  const warn = channels(getComputedStyle(canvas).getPropertyValue("--warn"));
  const image = pixels(shown, kind, range, shades, warn);
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, width * Math.min(1, shown.at(-1).step / (steps || shown.at(-1).step)), height);
}
