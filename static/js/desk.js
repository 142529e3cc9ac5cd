// Small comforts of staff pages; every page works without them.
import "./focus.js";
