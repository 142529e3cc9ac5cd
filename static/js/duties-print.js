// The button that prints the board; without it the browser's own menu does.
document.getElementById("print")?.addEventListener("click", () => window.print());
