// Says at once that a photo is too large, before anything typed travels with it.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  const said = document.createElement("p");
  said.className = "field-error";
  said.setAttribute("role", "alert");
  said.hidden = true;
  input.after(said);
  input.addEventListener("change", () => {
    const [file] = input.files;
    const tooLarge = Boolean(file) && file.size > Number(input.dataset.largest);
    said.textContent = tooLarge ? input.dataset.tooLarge : "";
    said.hidden = !tooLarge;
    if (tooLarge) input.value = "";
  });
}
