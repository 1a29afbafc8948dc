// A slider beside a number: turning one sets the other. Without a script only the number is there, and works as well.
const join = (root) => {
  for (const slider of root.querySelectorAll("input.turn[hidden]")) {
    const number = document.getElementById(slider.dataset.turns);
    if (!number) continue;
    const typed = () => number.value.replace(",", ".").replace("%", "").trim();
    slider.value = typed() || slider.max;
    slider.hidden = false;
    slider.addEventListener("input", () => { number.value = slider.value.replace(".", document.documentElement.lang === "sv" ? "," : "."); });
    number.addEventListener("input", () => { if (typed() !== "") slider.value = typed(); });
  }
};
addEventListener("DOMContentLoaded", () => join(document));
