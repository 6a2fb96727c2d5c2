// What the page does by itself in the browser: open citations, step through them, keep the keyboard useful.
// Knows the classes that the page's HTML carries; asks the server only through Gradio's own events ("trigger").
window.shouce = (() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let citations = [];
  let at = -1;

  const layout = () => one("#ask-layout"); // carries what is open: Gradio puts its own container before every style rule

  // What Gradio says in English only, whatever the browser's language.
  const GRADIO = {
    Info: "提示",
    Warning: "注意",
    Error: "出错了",
    "Connection to the server was lost. Attempting reconnection...": "与服务器的连接断了，正在重新连接……",
  };

  function translateToasts() {
    for (const toast of all(".toast-body:not([data-said])")) {
      toast.dataset.said = "yes";
      const walker = document.createTreeWalker(toast, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const said = GRADIO[walker.currentNode.data.trim()];
        if (said) walker.currentNode.data = said;
      }
    }
  }

  if (navigator.language.startsWith("zh"))
    new MutationObserver(translateToasts).observe(document.documentElement, { childList: true, subtree: true });

  const place = (node) => ({
    document: node.dataset.document || "",
    section: node.dataset.section || "",
    clause: node.dataset.clause || "",
  });
  const same = (a, b) => a.document === b.document && a.clause === b.clause;

  function distinct(chips) {
    const found = [];
    for (const chip of chips) if (!found.some((other) => same(place(other), place(chip)))) found.push(chip);
    return found;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function say(node, words) {
    if (!node) return;
    const before = node.textContent;
    node.textContent = words;
    setTimeout(() => { if (node.textContent === words) node.textContent = before; }, 2000);
  }

  function plain(turn) {
    const lines = all(".line", turn).map((line) => {
      const copied = line.cloneNode(true);
      for (const chip of all(".citation", copied)) chip.replaceWith(`（${chip.dataset.clause}）`);
      return copied.textContent.trim();
    });
    return lines.join("\n");
  }

  // What lies over the page is closed by the browser's own way back too, which is what people press on a phone.
  const layers = [];
  let stepping = 0;

  function over(name, close) {
    if (layers.some((layer) => layer.name === name)) return;
    layers.push({ name, close });
    history.pushState({ layer: name }, "");
  }

  function closed(name) {
    const found = layers.findIndex((layer) => layer.name === name);
    if (found < 0) return;
    layers.splice(found, 1);
    stepping += 1;
    history.back();
  }

  addEventListener("popstate", () => {
    if (stepping) stepping -= 1;
    else layers.pop()?.close();
  });

  // The address names the tab, or the run, that is open, so that the page comes back to it when it is loaded again.
  const named_in_address = (query) => history.replaceState(history.state, "", query ? `/?${query}` : "/");

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#tabs > .tab-wrapper")) return;
    setTimeout(() => {
      const tab = one("#tabs > .tab-wrapper [role=tab].selected")?.dataset.tabId;
      if (tab) named_in_address(tab === "ask" ? "" : `tab=${tab}`);
    }, 80);
  });

  function showReader() {
    layout().classList.add("reader-open");
    if (innerWidth <= 820) over("reader", () => layout().classList.remove("reader-open"));
  }

  function hideReader() {
    layout().classList.remove("reader-open");
    closed("reader");
  }

  function showTalks(open) {
    layout().classList.toggle("talks-open", open);
    if (open) over("talks", () => layout().classList.remove("talks-open"));
    else closed("talks");
  }

  function openChip(chip, trigger) {
    const turn = chip.closest(".turn");
    citations = distinct(all(".citation", turn || document));
    at = citations.findIndex((other) => same(place(other), place(chip)));
    all(".citation.active").forEach((other) => other.classList.remove("active"));
    chip.classList.add("active");
    showReader();
    trigger("click", place(chip));
  }

  function rate(tool, turn, trigger) {
    const form = one(".reasons", turn);
    const liked = tool.classList.contains("good");
    all(".tool.good, .tool.bad", turn).forEach((other) => other.setAttribute("aria-pressed", String(other === tool)));
    form.hidden = liked;
    if (!liked) one("input", form).focus();
    trigger("like", { turn: turn.dataset.turn, liked, reason: "" });
    one(".said", turn).textContent = liked ? turn.dataset.thanks : "";
  }

  function reason(form, trigger) {
    const turn = form.closest(".turn");
    const chosen = all(".reason[aria-pressed=true]", form).map((button) => button.dataset.reason);
    const more = one("input", form).value.trim();
    trigger("like", { turn: turn.dataset.turn, liked: false, reason: [...chosen, more].filter(Boolean).join("；") });
    form.hidden = true;
    one(".said", turn).textContent = turn.dataset.thanks;
  }

  function chat(element, trigger, watch) {
    const root = document.getElementById("chat");
    if (root.dataset.wired) return;
    root.dataset.wired = "yes";
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const turn = button.closest(".turn");
      if (button.matches(".citation")) openChip(button, trigger);
      else if (button.matches(".open-section")) { citations = []; showReader(); trigger("click", place(button)); }
      else if (button.matches(".followup")) trigger("submit", { question: button.dataset.question });
      else if (button.matches(".hand-over")) {
        button.disabled = true;
        button.textContent = button.dataset.said;
        trigger("input", { turn: turn.dataset.turn });
      } else if (button.matches(".tool.copy")) { copy(plain(turn)); say(one(".said", turn), button.dataset.said || "✓"); }
      else if (button.matches(".tool.good, .tool.bad")) rate(button, turn, trigger);
      else if (button.matches(".reason"))
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    });
    root.addEventListener("submit", (event) => {
      if (!event.target.matches(".reasons")) return;
      event.preventDefault();
      reason(event.target, trigger);
    });
    let last = "";
    watch("value", () => requestAnimationFrame(() => {
      const turn = one(".turn", element);
      if (turn && turn.dataset.turn !== last) {
        last = turn.dataset.turn;
        root.scrollTo({ top: turn.getBoundingClientRect().top - root.getBoundingClientRect().top + root.scrollTop - 12 });
      } else if (!turn) root.scrollTo({ top: 0 });
    }));
  }

  function position(element) {
    const where = one(".position", element);
    const stepper = one(".stepper", element);
    if (!where) return;
    stepper.hidden = citations.length < 2;
    where.textContent = `${at + 1} / ${citations.length}`;
    const [back, forth] = all("[data-step]", element);
    back.disabled = at <= 0;
    forth.disabled = at >= citations.length - 1;
  }

  function reveal(element) {
    const body = element.closest(".reader-scroll") || element;
    const cited = one(".cited", element);
    position(element);
    if (element.offsetParent && body.scrollHeight <= body.clientHeight) element.scrollIntoView({ block: "start" }); // a phone
    if (!cited) { body.scrollTop = 0; return; }
    const offset = cited.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop;
    body.scrollTop = Math.max(0, offset - body.clientHeight / 3);
  }

  function addressOf(article) {
    const link = new URL(location.pathname, location.origin);
    link.searchParams.set("doc", article.dataset.document);
    link.searchParams.set("clause", article.dataset.clause || article.dataset.section);
    return link.href;
  }

  function reader(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const article = one("article", element);
      if (button.dataset.step) {
        const chip = citations[at + Number(button.dataset.step)];
        if (chip) chip.click();
      } else if (button.matches(".open-section")) { citations = []; trigger("click", place(button)); }
      else if ("contents" in button.dataset) trigger("select", place(article));
      else if ("share" in button.dataset) { copy(addressOf(article)); say(button, button.dataset.said); }
      else if ("close" in button.dataset) hideReader();
    });
    watch("value", () => requestAnimationFrame(() => {
      if (one("article[data-shared]", element)) showReader();
      reveal(element);
    }));
  }

  // Something that cannot be undone at once is done by a second click; the first one asks.
  function sure(button) {
    if (!button.dataset.sure) return true;
    if (button.dataset.armed) return performance.now() - Number(button.dataset.armed) > 400; // a double click asks, too
    const before = button.textContent;
    button.dataset.armed = String(performance.now());
    button.textContent = button.dataset.sure;
    setTimeout(() => {
      delete button.dataset.armed;
      if (button.isConnected && button.textContent === button.dataset.sure) button.textContent = before;
    }, 5000);
    return false;
  }

  // A double click is one click: what was just sent is not sent again.
  function again(node) {
    const now = performance.now();
    const last = Number(node.dataset.sent || -1000);
    if (now - last < 800) return true;
    node.dataset.sent = String(now);
    return false;
  }

  // A title becomes a field; Enter keeps what was typed, Escape what was there.
  function rename(button, done) {
    const item = button.closest(".talk");
    const title = one(".title", item);
    const field = document.createElement("input");
    field.value = button.dataset.before || "";
    field.maxLength = 60;
    field.className = "rename";
    field.setAttribute("aria-label", button.dataset.prompt);
    title.hidden = true;
    item.prepend(field);
    field.focus();
    field.select();
    let over = false;
    const end = (keep) => {
      if (over) return;
      over = true;
      field.remove();
      title.hidden = false;
      if (keep) done(field.value);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) end(true);
      else if (event.key === "Escape") end(false);
    });
    field.addEventListener("blur", () => end(field.value !== button.dataset.before));
  }

  const named = (box) => Object.fromEntries(box ? all("[name]", box).map((field) => [field.name, field.value]) : []);

  // A list of things that can be chosen: every button with data-act triggers the event it names, with the fields beside it.
  function list(element, trigger) {
    const act = (button) => {
      if (!sure(button) || again(button)) return;
      const beside = button.closest("[data-together]");
      if (beside) trigger(button.dataset.act, { ...button.dataset, ...named(beside) });
      else if (button.dataset.prompt) rename(button, (text) => trigger(button.dataset.act, { ...button.dataset, text }));
      else trigger(button.dataset.act, { ...button.dataset });
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button) act(button);
    });
    element.addEventListener("change", (event) => { // fields that belong together are sent together
      const box = event.target.closest("[data-fields]");
      if (!box) return;
      trigger(box.dataset.fields, { ...box.dataset, ...named(box) });
    });
    element.addEventListener("keydown", (event) => {
      const button = event.target.closest("[role=button][data-act]");
      if (button && event.key === "Enter") act(button);
    });
  }

  // What is drafted stands below its form on a phone: it is brought into view once it is there, and its tab is shown.
  function revealBelow(element, watch, found) {
    const look = (tries) => {
      if (innerWidth > 820 || !one(found, element)) return;
      if (!element.offsetParent) { if (tries) setTimeout(() => look(tries - 1), 300); return; }
      if (element.getBoundingClientRect().top > 120) element.scrollIntoView();
    };
    watch("value", () => requestAnimationFrame(() => look(8)));
  }

  function sheet(element, trigger, watch) {
    list(element, trigger);
    revealBelow(element, watch, "article, .panel, .notice");
  }

  // A file that anybody may hand in goes to an address of its own; the server's key for it is what the page goes on with.
  function handIn(element, trigger) {
    element.addEventListener("change", async (event) => {
      const input = event.target.closest("input[type=file][data-path]");
      if (!input || !input.files[0]) return;
      const file = input.files[0];
      const path = `${input.dataset.path}?${new URLSearchParams({ name: file.name })}`;
      const reply = await fetch(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file })
        .catch(() => null);
      const said = reply ? await reply.json().catch(() => ({})) : {};
      if (reply && reply.ok) trigger("upload", said);
      else one(".said", element).textContent = said.detail || input.dataset.failed;
    });
    list(element, trigger);
  }

  async function post(path, body) {
    const reply = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await reply.json().catch(() => ({}));
    return reply.ok ? { ok: true, ...said } : { ok: false, error: said.detail || said.error || String(reply.status) };
  }

  // The page anew, at the tab where somebody was.
  const again_at = (tab) => (tab ? location.assign(`/?tab=${tab}`) : location.reload());

  // Forms that decide who is here: the server answers with a cookie, so the page is loaded again.
  function who(element, trigger) {
    element.addEventListener("submit", async (event) => {
      const form = event.target.closest("form[data-path]");
      if (!form) return;
      event.preventDefault();
      const body = Object.fromEntries(new FormData(form));
      const result = await post(form.dataset.path, body);
      if (result.ok) again_at(form.dataset.back);
      else one(".said", form).textContent = result.error;
    });
    element.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-post]");
      if (button && (await post(button.dataset.post, {})).ok) again_at(button.dataset.back);
      const tab = event.target.closest("[data-tab]");
      if (tab) trigger("select", { tab: tab.dataset.tab });
      const toggle = event.target.closest("[data-toggle]");
      if (toggle) one(toggle.dataset.toggle).toggleAttribute("hidden");
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) { event.stopPropagation(); return; }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const input = one("#ask-input textarea, #ask-input input");
      if (input && input.offsetParent) { event.preventDefault(); input.focus(); }
    } else if (event.key === "Escape") {
      hideReader();
      showTalks(false);
    }
  }, true);
  document.addEventListener("click", (event) => {
    const open = layout()?.classList.contains("talks-open");
    if (event.target.closest("[data-talks]")) showTalks(!open);
    else if (open && !event.target.closest("#talks")) showTalks(false);
  });

  // A clause cited outside the conversation opens over the page; a new window's link stays a link.
  async function peek(address) {
    const reply = await fetch(address);
    let dialog = document.getElementById("clause-dialog");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "clause-dialog";
      dialog.className = "reader-panel";
      dialog.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (event.target === dialog || (button && "close" in button.dataset)) dialog.close();
        else if (button && "share" in button.dataset) {
          copy(addressOf(one("article", dialog)));
          say(button, button.dataset.said);
        } else if (button && button.matches(".open-section")) peek(clauseAddress(place(button)));
      });
      dialog.addEventListener("close", () => closed("clause"));
      document.body.append(dialog);
    }
    dialog.innerHTML = await reply.text();
    if (!dialog.open) dialog.showModal();
    over("clause", () => dialog.close());
    const cited = one(".cited", dialog);
    if (cited) cited.scrollIntoView({ block: "center" });
    else dialog.scrollTop = 0;
  }

  const clauseAddress = (at) => `/clause?${new URLSearchParams(at)}`;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.citation[data-clause]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    peek(clauseAddress(place(link)));
  });

  return { named_in_address, chat, reader, list, sheet, revealBelow, handIn, who, sure, again, copy, say };
})();
