// A box above a long list of units narrows it to those whose names have all typed words, diacritics or not; what is chosen stays in sight.
const LONG = 8;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

export function makeSearchable(group, label) {
  const select = group.matches("select") ? group : null;
  const rows = select ? [...select.options] : [...group.querySelectorAll(".choice-option")];
  if (rows.length <= LONG) return;
  const names = rows.map((row) => folded(row.textContent));
  const box = document.createElement("input");
  Object.assign(box, { type: "search", className: "input choice-search", placeholder: label, autocomplete: "off" });
  box.setAttribute("aria-label", label);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = folded(box.value).split(/\s+/).filter(Boolean);
    let first = null;
    rows.forEach((row, at) => {
      const isFound = words.every((word) => names[at].includes(word));
      const isChosen = select ? row.selected : row.querySelector("input").checked;
      row.hidden = !isFound && !isChosen;
      if (isFound && !isChosen) first ??= row;
    });
    if (select && !select.multiple && words.length && first) choose(select, first, names, words);
  });
  (select ?? group.querySelector(".choice-options")).before(box);
}

function choose(select, first, names, words) {
  const at = select.selectedIndex;
  if (words.every((word) => names[at]?.includes(word))) return;
  if (at >= 0) select.options[at].hidden = true;
  first.selected = true;
  select.dispatchEvent(new Event("input", { bubbles: true }));
}
