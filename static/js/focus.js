// Brings a reader straight to the summary of what is missing in a form.
document.querySelector("[data-focus]")?.focus();
