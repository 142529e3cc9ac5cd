// The bar of an import goes on by itself; the page is opened anew when it has come to its end.
const bar = document.querySelector("[data-progress]");

async function look() {
  let pause = 700;
  try {
    const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (!told.under_way) return location.reload();
    show(told);
  } catch {
    pause = 3000;
  }
  setTimeout(look, pause);
}

function show({ step, done, total }) {
  const count = new Intl.NumberFormat(document.documentElement.lang);
  const line = bar.querySelector("progress");
  const words = bar.querySelector("[data-step]");
  if (words.textContent !== step) words.textContent = step;
  bar.querySelector("[data-count]").textContent = total ? `${count.format(done)}/${count.format(total)}` : "";
  if (total) {
    line.max = total;
    line.value = done;
  } else {
    line.removeAttribute("value");
  }
}

if (bar) setTimeout(look, 400);
