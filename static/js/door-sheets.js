// Sheets that open over the camera and close again, by finger, key or when their work is done.

export const sheet = (name) => document.getElementById(`door-${name}`);
export const isOpen = () => document.querySelector("dialog[open]") !== null;

const opened = new Map();

// What is to be done when a sheet opens.
export function onOpen(name, work) {
  opened.set(`door-${name}`, work);
}

export function closeAll() {
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    closeAll();
    document.getElementById(opener.dataset.open).showModal();
    opened.get(opener.dataset.open)?.();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog[open]")) event.target.close();
});
