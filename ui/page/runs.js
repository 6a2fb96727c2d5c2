// A run of a checklist in the browser: entries are sent as they are made, what others entered is fetched every few seconds.
// Knows the classes and data that run_html.py writes; `trigger` is Gradio's, for what leads elsewhere.
shouce.runs = (() => {
  const one = (selector, root) => root.querySelector(selector);
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const EVERY = 4000; // ms between two looks at what others entered
  const WIDEST = 1600; // pixels of a picture as it is sent
  let looking = 0;

  async function send(path, options) {
    try {
      const reply = await fetch(path, options);
      const said = await reply.json().catch(() => ({}));
      return reply.ok ? said : { error: typeof said.detail === "string" ? said.detail : String(reply.status) };
    } catch {
      return { error: null };
    }
  }

  const post = (path, body) =>
    send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  // What could not be entered is said where it was tried; what concerns the whole run, at its top.
  function tell(run, message, line) {
    one(".line-problem", run)?.remove();
    const told = one(".notice", run);
    told.hidden = !message || Boolean(line);
    told.textContent = message || "";
    if (message && line) {
      const problem = document.createElement("p");
      problem.className = "line-problem";
      problem.setAttribute("role", "alert");
      problem.textContent = message;
      line.append(problem);
    } else if (message) told.scrollIntoView({ block: "nearest" });
  }

  const filtered = (run) => one(".chips [aria-pressed=true]", run)?.dataset.show || "";

  function filter(run) {
    const wanted = filtered(run);
    for (const line of all(".check", run)) line.hidden = Boolean(wanted) && line.dataset.result !== wanted;
  }

  function show(run, news) {
    if (news.html) { // finished: the whole run anew
      const fresh = document.createElement("div");
      fresh.innerHTML = news.html;
      run.replaceWith(fresh.firstElementChild);
      return;
    }
    run.dataset.last = news.last;
    one(".progress-bar", run).innerHTML = news.progress;
    if (!one("[data-armed]", run)) one(".run-foot", run).innerHTML = news.foot;
    for (const [number, html] of Object.entries(news.lines)) {
      const line = one(`.check[data-number="${number}"]`, run);
      const busy = line.contains(document.activeElement) && document.activeElement.matches("input, textarea");
      if (busy || !one(".more[hidden]", line) && one(".more", line)) { // somebody types here: only what is shown under it
        const fresh = document.createElement("ol");
        fresh.innerHTML = html;
        const entered = one(".entered", fresh);
        one(".entered", line)?.remove();
        if (entered) line.append(entered);
        line.className = fresh.firstElementChild.className;
        line.dataset.result = fresh.firstElementChild.dataset.result;
      } else line.outerHTML = html;
    }
  }

  async function enter(run, line, entry) {
    if (line.dataset.sending) return false;
    line.dataset.sending = "yes";
    const done = await sent(run, line, entry);
    delete line.dataset.sending;
    return done;
  }

  async function sent(run, line, entry) {
    const fields = { number: Number(line.dataset.number), after: Number(run.dataset.last), ...entry };
    const news = await post(`/runs/${run.dataset.run}/tick`, fields);
    if ("error" in news) { tell(run, news.error || run.dataset.offline, line); return false; }
    tell(run, "");
    const more = one(".more", line);
    if (more) { more.hidden = true; document.activeElement?.blur(); }
    show(run, news);
    return true;
  }

  function openMore(line, failing) {
    const more = one(".more", line);
    more.hidden = false;
    const note = one("[name=note]", more);
    if (failing) { note.placeholder = note.dataset.fail; line.dataset.failing = "yes"; }
    one("[data-more]", line).setAttribute("aria-expanded", "true");
    note.focus();
  }

  function fields(line) {
    const found = {};
    for (const field of all("[name]", line)) if (field.value.trim()) found[field.name] = field.value.trim();
    return found;
  }

  function result(run, line, button) {
    const given = fields(line);
    const name = button.dataset.result;
    const said = given.note || given.value || one(".entered span", line);
    if (name === "fail" && !said) { openMore(line, true); return; }
    enter(run, line, { ...given, result: name });
  }

  async function smaller(file) {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  }

  async function photo(run, line, input) {
    const file = input.files[0];
    if (!file) return;
    const sent = await smaller(file).catch(() => file);
    const path = `/runs/${run.dataset.run}/photo?number=${line.dataset.number}&after=${run.dataset.last}`;
    const news = await send(path, { method: "POST", headers: { "content-type": sent.type || "image/jpeg" }, body: sent });
    if ("error" in news) tell(run, news.error || run.dataset.offline, line);
    else { tell(run, ""); show(run, news); }
  }

  async function finish(run, button) {
    const news = await post(`/runs/${run.dataset.run}/finish`, { incomplete: Boolean(button.dataset.sure) });
    if ("error" in news) tell(run, news.error || run.dataset.offline);
    else show(run, news);
    return !("error" in news);
  }

  async function look(element) {
    const run = one(".run", element);
    if (!run || run.dataset.finished || !element.offsetParent || document.hidden) return;
    const news = await send(`/runs/${run.dataset.run}/lines?after=${run.dataset.last}`, {});
    if (!("error" in news) && run.isConnected && news.last > Number(run.dataset.last)) { show(run, news); filter(run); }
  }

  function address(run) {
    const link = new URL(location.pathname, location.origin);
    link.searchParams.set("run", run.dataset.run);
    return link.href;
  }

  // A line that is left out goes at once; all that went since the draft was drawn are sent, so that quick clicks all count.
  function drop(button, trigger) {
    button.closest("li").hidden = true;
    const gone = all("li[hidden][value]", button.closest(".drafted")).map((line) => line.value);
    trigger("select", { act: "drop", id: button.dataset.drop, numbers: gone.join(",") });
  }

  async function clicked(event, trigger, tools) {
    const button = event.target.closest("button");
    if (!button) return;
    const run = button.closest(".run");
    const line = button.closest(".check");
    if (button.dataset.drop) drop(button, trigger);
    else if (button.dataset.act) {
      if (tools.sure(button)) trigger("select", { ...button.dataset });
    } else if (run && button.dataset.result) result(run, line, button);
    else if (run && "more" in button.dataset) {
      const more = one(".more", line);
      if (more.hidden) openMore(line, false);
      else { more.hidden = true; button.setAttribute("aria-expanded", "false"); }
    } else if (run && "keep" in button.dataset)
      enter(run, line, { ...fields(line), ...(line.dataset.failing ? { result: "fail" } : {}) });
    else if (run && "show" in button.dataset) {
      all(".chips [data-show]", run).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      filter(run);
    } else if (run && button.dataset.share) { tools.copy(address(run)); tools.say(button, button.dataset.said); }
    else if (run && button.dataset.finish && tools.sure(button) && (await finish(run, button))) trigger("stop", {});
  }

  function wire(element, trigger, watch, tools) {
    element.addEventListener("click", (event) => clicked(event, trigger, tools));
    element.addEventListener("change", (event) => {
      const line = event.target.closest(".check");
      const run = event.target.closest(".run");
      if (!line || !run) return;
      if ("photo" in event.target.dataset) photo(run, line, event.target);
      else if (event.target.name === "value" && event.target.value.trim()) enter(run, line, { value: event.target.value });
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches(".check input") && !event.isComposing) {
        event.preventDefault();
        if (event.target.name === "value") event.target.blur();
        else one("[data-keep]", event.target.closest(".check")).click();
      }
    });
    element.addEventListener("submit", (event) => {
      const form = event.target.closest("form.start");
      if (!form) return;
      event.preventDefault();
      if (tools.again(form)) return;
      const only = event.submitter?.name === "only";
      trigger("submit", { ...form.dataset, ...Object.fromEntries(new FormData(form)), only });
    });
    clearInterval(looking);
    looking = setInterval(() => look(element), EVERY);
    watch("value", () => requestAnimationFrame(() => {
      const run = one(".run:not([data-finished])", element);
      if (run && element.offsetParent) tools.named_in_address(`run=${run.dataset.run}`);
    }));
    tools.revealBelow(element, watch, ".run, form.start, .notice");
  }

  return { wire };
})();
