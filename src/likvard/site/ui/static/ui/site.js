// What a page does more with a script than without. Everything works without this file and without htmx.

// htmx 4.0.1 cancels a click with Ctrl, Cmd or Shift on a link that it follows, and then does nothing: no new tab opens.
// Such clicks are the browser's own; htmx shall not see them.
addEventListener("click", (event) => {
  const other = event.ctrlKey || event.metaKey || event.shiftKey;
  if (other && event.target.closest && event.target.closest("a[href]")) event.stopImmediatePropagation();
}, true);

// What is wrong with a form is read first.
const toErrors = () => {
  const errors = document.querySelector(".alert[tabindex]");
  if (errors) errors.focus();
};
addEventListener("DOMContentLoaded", toErrors);

// Where only a part of the page is changed, nothing tells the ear so: say it.
document.addEventListener("htmx:after:swap", () => {
  const shown = document.getElementById("shown");
  if (!shown) return;
  shown.textContent = "";
  setTimeout(() => { shown.textContent = shown.dataset.text; }, 100);
});
