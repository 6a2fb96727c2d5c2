// Filling in what a sheet leaves open: its fields are shown, and what was changed is sent at once.
// Knows the classes and data that filling.py writes; `trigger` is Gradio's.
shouce.fill = (element, trigger) => {
  const fields = (sheet) => [...sheet.querySelectorAll("[data-place]")];

  function open(sheet) {
    sheet.classList.add("filling");
    const first = fields(sheet).find((field) => field.offsetParent);
    if (first) first.focus({ preventScroll: innerWidth > 820 });
  }

  function close(sheet) {
    for (const field of fields(sheet)) field.value = field.defaultValue;
    sheet.classList.remove("filling");
  }

  function save(sheet, bar) {
    const changed = fields(sheet).filter((field) => field.value.trim() !== field.defaultValue);
    if (!changed.length) { close(sheet); return; }
    const values = Object.fromEntries(changed.map((field) => [field.dataset.place, field.value.trim()]));
    trigger("input", { ...bar.dataset, values });
  }

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const sheet = button.closest(".drafted");
    if (button.dataset.fill === "open") open(sheet);
    else if (button.dataset.fill === "cancel") close(sheet);
    else if (!shouce.again(button)) save(sheet, button.closest(".fill-bar"));
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-place]")) return;
    event.preventDefault();
    event.target.closest(".drafted").querySelector("[data-fill=save]").click();
  });
};
