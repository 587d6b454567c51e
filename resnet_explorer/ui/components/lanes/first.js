// The lanes of the still picture: drawn from the address and from what the page brings along, while Gradio starts.
import { html, render } from "../shared/vendor/preact.js";
import { lanesOfAddress } from "../shared/link.js";
import { argumentsOf, createLane, specOf } from "./lane.js";
import { Lanes } from "./lanes.js";
import { createStore, known, Store } from "./store.js";

const VERB = "gradio_api/explorer/verb/outline";
const never = () => new Promise(() => {});

// `usual` are the lanes of an address that names none, each with its answer.
export function drawFirst(element, usual) {
  usual.forEach(({ answer, ...lane }) => known.set(specOf(lane), { answer }));
  const { props } = window.gradio_config.components.find(({ props: { elem_classes: classes } }) => classes?.includes("lanes")).props;
  const draw = (state) => render(html`<${Store.Provider} value=${store}><${Lanes} state=${state} /></${Store.Provider}>`, element);
  const store = createStore({ id: "first", catalog: JSON.parse(props.catalog), ask: never, draw, emit: () => {} });
  const lanes = (lanesOfAddress() ?? usual).map((lane) => createLane(lane.slot, lane));
  const put = () => element.isConnected && store.put({ lanes, selected: lanes[0].slot });
  element.textContent = "";
  put();
  const asked = lanes.filter((lane) => !known.has(specOf(lane))).map(ask);
  if (asked.length) Promise.allSettled(asked).then(put);
}

// What is wrong with a lane is said by the page itself.
async function ask(lane) {
  const answer = await fetch(VERB, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(argumentsOf(lane)) }).then((got) => got.json());
  if (!answer.error) known.set(specOf(lane), { answer });
}
