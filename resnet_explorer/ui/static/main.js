// Starts the page: reads the link, draws header, lanes and the view.
import { Component, html, render, useEffect, useState } from "./vendor/preact.js";
import { onAnnounce } from "./announce.js";
import { Header } from "./header.js";
import { Keys } from "./keys.js";
import { Lanes } from "./lanes.js";
import { restore } from "./session.js";
import { useStore } from "./store.js";
import { t } from "./words.js";

// The page stands beside Gradio's frame, not inside it, so that none of the frame's style rules reach it.
export function start(root) {
  restore();
  root.replaceChildren();
  render(html`<${Page} />`, root);
}

function Page() {
  const state = useStore();
  const parts = state.hide.map((part) => `hidden-${part}`).join(" ");
  return html`<div class=${`page ${parts}`}>
    <${Header} state=${state} />
    <${Lanes} state=${state} />
    <main>
      <div class="view" id="view" role="tabpanel" aria-label=${t(TITLES[state.view])}>
        <${Guard} key=${state.view}><${View} state=${state} /><//>
      </div>
    </main>
    <${Live} />
    <${Keys} />
  </div>`;
}

const TITLES = { structure: "Structure", gradient: "Gradient flow", train: "Train" };
// a view's modules are loaded when it is first shown
const LOADS = {
  structure: () => import("./structure.js").then((module) => module.StructureView),
  gradient: () => import("./gradient.js").then((module) => module.GradientView),
  train: () => import("./train.js").then((module) => module.TrainView),
};

function View({ state }) {
  const [{ Drawn, error }, setFound] = useState({});
  useEffect(() => {
    LOADS[state.view]().then(
      (found) => setFound({ Drawn: found }),
      (failed) => setFound({ error: failed }),
    );
  }, []);
  if (error) throw error;
  return Drawn ? html`<${Drawn} state=${state} />` : null;
}

// A view that fails says so in its place; header and lanes go on.
class Guard extends Component {
  componentDidCatch(error) {
    this.setState({ error });
  }

  render({ children }, { error }) {
    if (!error) return children;
    return html`<p class="wrong" role="alert">${t("This view could not be drawn: {message}", { message: error.message })}</p>`;
  }
}

function Live() {
  const [said, setSaid] = useState("");
  useEffect(() => {
    let timer = 0;
    return onAnnounce((text) => {
      clearTimeout(timer);
      setSaid(text);
      timer = setTimeout(() => setSaid(""), 4000);
    });
  }, []);
  return html`<div class="live" role="status" aria-live="polite">${said}</div>`;
}
