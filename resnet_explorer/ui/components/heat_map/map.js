// One line's heat map on a canvas: steps to the right, units downward from the input; arrows read it cell by cell.
import { html, useEffect, useRef, useState } from "../shared/vendor/preact.js";
import { pixels, power, thinnedFlows } from "./scale.js";
import { Mark } from "../curves/list.js";
import { count, t } from "../shared/words.js";

const COLUMNS = 300;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function Map({ line, run, flows, kind, name, first, range, shades }) {
  const canvas = useRef(null);
  const [place, setPlace] = useState(null);
  const shown = range ? thinnedFlows(flows.filter((flow) => flow[kind].length), COLUMNS) : [];
  const last = shown.at(-1)?.[kind];
  const drawn = [shown.at(-1)?.step, range?.join(), kind, shown.length, run.steps];
  useEffect(() => draw(canvas.current, shown, kind, range, shades, run.steps), drawn);
  const point = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.current.getBoundingClientRect();
    const x = shown.findIndex(({ step }) => step >= ((clientX - left) / width) * (run.steps || 1));
    setPlace(x < 0 ? null : [x, Math.floor(((clientY - top) / height) * last.length)]);
  };
  const walk = (event) => {
    const move = MOVES[event.key];
    if (event.key === "Escape") setPlace(null);
    if (!move || !last) return;
    event.preventDefault();
    const within = (value, size) => Math.max(0, Math.min(size - 1, value));
    setPlace(place ? [within(place[0] + move[0], shown.length), within(place[1] + move[1], last.length)] : [shown.length - 1, 0]);
  };
  const values = place && shown[place[0]]?.[kind];
  const cell = values?.length > place?.[1] && { step: count(shown[place[0]].step), unit: place[1] + first, value: power(values[place[1]]) };
  const size = last ? t("{n} units", { n: last.length - 1 + first }) : "";
  return html`<figure class="heat" data-run=${run.run} data-columns=${shown.length}>
    <figcaption><${Mark} line=${line} /> <span>${line.title}</span><small>${size}</small></figcaption>
    <div class="heat-frame">
      <canvas ref=${canvas} role="img" tabindex="0" aria-label=${inWords(`${line.label} ${line.title}, ${name}`, shown, kind)}
        onPointerMove=${point} onPointerLeave=${() => setPlace(null)} onKeyDown=${walk} onBlur=${() => setPlace(null)}></canvas>
    </div>
    <p class="heat-read" aria-live=${place ? "polite" : "off"}>${cell ? t("step {step}, unit {unit}: {value}", cell) : ends(shown, kind)}</p>
  </figure>`;
}

function ends(shown, kind) {
  const [step, values] = [shown.at(-1)?.step, shown.at(-1)?.[kind]];
  if (!values) return " ";
  const [first, last] = [values[0], values.at(-1)].map(power);
  return t("step {step}: {first} at the input, {last} at the output", { step: count(step), first, last });
}

function inWords(name, shown, kind) {
  if (!shown.length) return `${name}: ${t("nothing measured yet")}`;
  const bad = shown.at(-1)[kind].filter((value) => !Number.isFinite(value)).length;
  return `${name}. ${ends(shown, kind)}${bad ? `; ${t("{n} units not finite", { n: bad })}` : ""}`;
}

// The warning tone stands behind the cells, where there is none.
function draw(canvas, shown, kind, range, shades, steps) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * (window.devicePixelRatio || 1)));
  Object.assign(canvas, { width, height });
  if (!shown.length) return;
  const pen = canvas.getContext("2d");
  const filled = width * Math.min(1, shown.at(-1).step / (steps || shown.at(-1).step));
  const image = pixels(shown, kind, range, shades);
  const small = new OffscreenCanvas(image.width, image.height);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.fillStyle = getComputedStyle(canvas).getPropertyValue("--warn");
  pen.fillRect(0, 0, filled, height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, filled, height);
}
