// A slider beside a number: turning one sets the other. Without a script only the number is there, and works as well.
const join = (root) => {
  for (const slider of root.querySelectorAll("input.turn[hidden]")) {
    const number = document.getElementById(slider.dataset.turns);
    if (!number) continue;
    slider.value = number.value || slider.max;
    slider.hidden = false;
    slider.addEventListener("input", () => { number.value = slider.value; });
    number.addEventListener("input", () => { if (number.value !== "") slider.value = number.value; });
  }
};
addEventListener("DOMContentLoaded", () => join(document));
