// Small comforts of staff pages; every page works without them.
import "./focus.js";
import { makeSearchable } from "./filter-choices.js";

// A list that nobody can look through has a box above it; without this its first letters still lead there.
const MANY = 50;
const main = document.querySelector("[data-search-long]");
for (const select of main?.querySelectorAll("select") ?? []) {
  if (select.options.length > MANY && !select.closest("[data-search]")) makeSearchable(select, main.dataset.searchLong);
}

// On a phone the places stand in one long row: bring the present one into sight.
for (const row of document.querySelectorAll(".desk-nav, .tabs")) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft += current.getBoundingClientRect().left - row.getBoundingClientRect().left - 48;
}
