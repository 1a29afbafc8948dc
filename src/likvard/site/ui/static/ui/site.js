// What the page does more with a script than without: it says when a choice has been shown, and keeps the focus there.
document.addEventListener("htmx:after:swap", () => {
  const alert = document.querySelector(".alert[tabindex]");
  if (alert) alert.focus();
});
addEventListener("DOMContentLoaded", () => {
  const alert = document.querySelector(".alert[tabindex]");
  if (alert) alert.focus();
});
