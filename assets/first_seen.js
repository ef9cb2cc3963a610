// Shows the first pictures where the grid was when this device left it last, until it is there itself.
// Stands in the page, right behind them. Where the grid will be elsewhere, they are not shown.
(() => {
  const pictures = document.getElementById("first-seen");
  const place = JSON.parse(localStorage.getItem("batchgen.grid-place"));
  const isLeftBelow = sessionStorage.getItem(`images:${location.pathname}${location.search}`) !== null;
  if (place?.seenAt !== innerWidth || isLeftBelow) return pictures.remove();
  const { left, top, width, columns } = place;
  const style = { left: `${left}px`, top: `${top}px`, width: `${width}px`, "--columns": columns, "--top": `${top}px` };
  for (const [name, value] of Object.entries(style)) pictures.style.setProperty(name, value);
})();
