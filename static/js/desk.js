// Small comforts of staff pages; every page works without them.
import "./focus.js";

// On a phone the places stand in one long row: bring the present one into sight.
for (const row of document.querySelectorAll(".desk-nav, .tabs")) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft += current.getBoundingClientRect().left - row.getBoundingClientRect().left - 48;
}
