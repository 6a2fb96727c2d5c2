// A paper in the browser: what is filled in is sent as it is given, counted against the clock, shown whole or one by one.
// Runs inside one Gradio HTML component: `element`, `trigger` and `watch` are its own.
const find = (selector, root = element) => root.querySelector(selector);
const findAll = (selector, root = element) => [...root.querySelectorAll(selector)];
let ticking = 0;
let saving = 0;
let at = 0;
let answered = {};

function responses(form) {
  const found = {};
  for (const item of findAll("[data-item]", form)) {
    const { item: id, type } = item.dataset;
    if (type === "single" || type === "multiple") {
      const keys = findAll("input:checked", item).map((input) => input.value);
      if (keys.length) found[id] = keys;
    } else if (type === "true_false") {
      const chosen = find("input:checked", item);
      if (chosen) found[id] = chosen.value === "true";
    } else if (type === "cloze") {
      const said = findAll("input.blank", item).map((input) => input.value.trim());
      if (said.some(Boolean)) found[id] = said;
    } else {
      const text = find("textarea", item).value.trim();
      if (text) found[id] = text;
    }
  }
  return found;
}

function counted(form) {
  answered = responses(form);
  find(".done-count", form).textContent = `${Object.keys(answered).length} / ${findAll("[data-item]", form).length}`;
}

function save(form) {
  clearTimeout(saving);
  saving = setTimeout(() => trigger("input", { attempt: form.dataset.attempt, responses: responses(form) }), 600);
}

function handIn(form) {
  clearTimeout(saving);
  clearInterval(ticking);
  find("button[type=submit]", form).disabled = true;
  trigger("submit", { attempt: form.dataset.attempt, responses: responses(form) });
}

function clock(form) {
  clearInterval(ticking);
  if (!form.dataset.seconds) return;
  const end = Date.now() + Number(form.dataset.seconds) * 1000;
  const face = find(".clock", form);
  const tick = () => {
    if (!form.isConnected) { clearInterval(ticking); return; }
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    face.textContent = `${form.dataset.left} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    face.classList.toggle("late", left < 60);
    if (left === 0) handIn(form);
  };
  tick();
  ticking = setInterval(tick, 1000);
}

function step(form, to) {
  const items = findAll("ol > li", form);
  const single = form.classList.contains("stepwise");
  at = Math.min(items.length - 1, Math.max(0, to));
  items.forEach((item, place) => { item.hidden = single && place !== at; });
  const [back, forth] = [find(".back", form), find(".forth", form)];
  back.hidden = forth.hidden = !single;
  back.disabled = at === 0;
  forth.disabled = at === items.length - 1;
}

shouce.who(element, trigger); // the door of what trainers may
shouce.handIn(element, trigger); // buttons with data-act, and an item bank from elsewhere

element.addEventListener("input", (event) => {
  const form = event.target.closest("form.paper");
  if (form) { counted(form); save(form); }
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form.paper");
  if (!form) return;
  event.preventDefault();
  const button = find("button[type=submit]", form);
  const open = findAll("[data-item]", form).length - Object.keys(responses(form)).length;
  if (open && button.dataset.armed && performance.now() - Number(button.dataset.armed) < 400) return; // a double click
  if (open && !button.dataset.armed) { // some are unanswered: the first click asks, the second hands in
    button.dataset.armed = String(performance.now());
    const before = button.textContent;
    button.textContent = button.dataset.sure.replace("{}", open);
    setTimeout(() => { if (button.isConnected) { delete button.dataset.armed; button.textContent = before; } }, 5000);
    return;
  }
  handIn(form);
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input.blank")) event.preventDefault();
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const form = button.closest("form.paper");
  if (button.dataset.share === "paper") {
    shouce.copy(`${location.origin}/?paper=${encodeURIComponent(button.dataset.id)}`);
    shouce.say(button, button.dataset.said);
  } else if (form && button.matches(".step-mode")) {
    const on = form.classList.toggle("stepwise");
    button.setAttribute("aria-pressed", String(on));
    step(form, at);
  } else if (form && button.matches(".back")) step(form, at - 1);
  else if (form && button.matches(".forth")) step(form, at + 1);
});

watch("value", () => requestAnimationFrame(() => {
  const form = find("form.paper");
  clearInterval(ticking);
  at = 0;
  if (form) { clock(form); counted(form); }
  const fresh = form || find(".quiz-result .score"); // both are read from their beginning, wherever the page was
  if (fresh && element.offsetParent && element.getBoundingClientRect().top < 0) element.scrollIntoView();
}));
shouce.revealBelow(element, watch, "form.paper, .quiz-result, form.gate, .notice");
