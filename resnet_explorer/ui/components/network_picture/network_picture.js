// Whole networks as the server draws them; a unit is pressed with a mouse or by Enter, arrows go from unit to unit.
import { labelled } from "../shared/words.js";

export function mount({ element, props, trigger }) {
  const place = Object.assign(document.createElement("div"), { className: "networks" });
  element.append(place);
  const draw = () => {
    const { picture = "", error = "" } = props.value ? JSON.parse(props.value) : {};
    place.classList.toggle("old", Boolean(error));
    // what cannot be drawn leaves the last picture, dimmed, with the reason below
    element.querySelector(".wrong")?.remove();
    const held = [...place.querySelectorAll(".unit")].indexOf(document.activeElement);
    if (!error) place.innerHTML = labelled(picture);
    place.querySelectorAll(".unit")[held]?.focus();
    if (error) element.append(Object.assign(document.createElement("p"), { className: "wrong", role: "alert", textContent: error }));
  };
  const press = (unit) => trigger("select", { network: Number(unit.dataset.network), unit: `${unit.dataset.stage}.${unit.dataset.unit.split("-")[0]}` });
  place.addEventListener("click", ({ target }) => target.closest(".unit") && press(target.closest(".unit")));
  place.addEventListener("keydown", (event) => {
    const unit = event.target.closest(".unit");
    const units = [...place.querySelectorAll(".unit")];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!unit || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    if (step) units[units.indexOf(unit) + step]?.focus();
    else press(unit);
  });
  return draw;
}
