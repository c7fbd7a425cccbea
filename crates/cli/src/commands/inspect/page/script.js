addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const pages = [...document.querySelectorAll(".page[id]")];
  const at = pages.findLastIndex((page) => page.getBoundingClientRect().top < innerHeight / 3);
  const step = { n: 1, PageDown: 1, p: -1, PageUp: -1 }[event.key];
  if (step && pages.length) {
    event.preventDefault();
    pages[Math.max(0, Math.min(pages.length - 1, at + step))].scrollIntoView();
  }
  const box = event.key === "a" && document.getElementById("arrows");
  if (box) box.checked = !box.checked;
});
