// Before a document is sent: a file that cannot be read is told at once, and pasted text outlives a reload or a refusal.
import { remember } from "./drafts.js";

const form = document.querySelector("[data-take-in]");
const file = form.querySelector("input[type=file]");
const kinds = /\.(docx|txt)$/i;

remember(form);
file.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  if (check()) {
    try { sessionStorage.setItem("sent", form.dataset.draft); } catch { /* then the draft stays until it is thrown away */ }
    return;
  }
  event.preventDefault();
  file.focus();
});

function check() {
  const chosen = file.files[0];
  const most = Number(form.dataset.most);
  const wrong = !chosen ? "" : !kinds.test(chosen.name) ? form.dataset.wrongKind : chosen.size > most ? form.dataset.tooLarge : chosen.size === 0 ? form.dataset.empty : "";
  form.querySelector("#document-refused")?.remove();
  file.closest(".field").classList.toggle("field-wrong", Boolean(wrong));
  file.toggleAttribute("aria-invalid", Boolean(wrong));
  if (wrong) {
    const line = Object.assign(document.createElement("p"), { id: "document-refused", className: "field-error", textContent: wrong });
    line.setAttribute("role", "alert");
    file.before(line);
  }
  return !wrong;
}
