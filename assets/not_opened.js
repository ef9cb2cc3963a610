// A file that is dropped where nothing takes it stays where it is: the browser would open it in place of
// the page.
const staysClosed = (event) => {
  const isFile = [...(event.dataTransfer?.types ?? [])].includes("Files");
  if (!isFile || event.defaultPrevented) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
};
for (const kind of ["dragover", "drop"]) addEventListener(kind, staysClosed);
