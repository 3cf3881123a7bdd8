"""The review widget in a browser: its module is mounted on a model that answers as the notebook would."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.maps.assets import web_asset
from geo.model import Article
from geo.places import Gazetteer
from geo.reading.pipeline import Geoparser
from geo.reading.recognize import DictionaryRecognizer

pytestmark = pytest.mark.browser

TEXT = (
    "وصل الوفد إلى طرابلس في 3 آذار 2019، وقالت موسكو إنها تتابع.\nوعقد اجتماع في طرابلس مساء الخميس. "
    "وتظاهر مئات في بنغازي. وأبحرت سفينة جنوبي قبرص."
)
HOSTILE = "قصف الطيران <img src=x onerror=window.__x=1> إدلب {{7*7}} ${window.__x=2} \u202e طرابلس</script>"
TRAITS = ("titles", "current", "items", "choices", "selection", "found", "told", "language", "who", "basemap")
MOUNT = """
async ([code, css, state]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const listeners = new Map();
  window.unanswered = 0;
  const ask = async (sent) => {
    window.unanswered += 1;
    try {
      return await window.toPython(sent);
    } finally {
      setTimeout(() => (window.unanswered -= 1));
    }
  };
  const model = {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    save_changes: () => ask({ traits: { selection: state.selection, language: state.language } }),
    on: (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    off: (name, gone) => listeners.set(name, (listeners.get(name) ?? []).filter((other) => other !== gone)),
    async send(message) {
      const now = await ask({ message });
      for (const [name, value] of Object.entries(now)) model.set(name, value);
    },
  };
  window.model = model;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const root = document.createElement("div");
  document.body.append(root);
  window.unmount = (await import(url)).default.render({ model, el: root });
  root.focus();
}
"""


@pytest.fixture(scope="module")
def parser() -> Geoparser:
    return Geoparser(recognizer=DictionaryRecognizer(Gazetteer.open()))


@pytest.fixture
def mount(browser, parser, tmp_path):
    """Return a function that shows the widget for texts, and gives the page and the widget."""
    contexts = []

    def mount_it(*texts: str, width: int = 1100, **options: str):
        documents = [parser.parse(Article(f"d{n}", text, "2019-03-05")) for n, text in enumerate(texts)]
        log = tmp_path / "log.jsonl"
        widget = geo.review(documents, log, who="نادية", parser=parser, **options)
        context = browser.new_context(viewport={"width": width, "height": 700}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: faults.append(asked.url) if "blob:" not in asked.url else None)

        def state() -> dict[str, object]:
            return json.loads(json.dumps({name: getattr(widget, name) for name in TRAITS}))

        def to_python(sent: dict[str, object]) -> dict[str, object]:
            for name, value in (sent.get("traits") or {}).items():
                setattr(widget, name, value)
            before = state()
            if "message" in sent:
                widget._heard(sent["message"])
            return {name: value for name, value in state().items() if value != before[name]}

        page.expose_function("toPython", to_python)
        page.set_content("<!doctype html><html><head><meta charset='utf-8'></head><body></body></html>")
        page.evaluate(MOUNT, [web_asset("review.js"), web_asset("review.css"), state()])
        page.faults = faults
        return page, widget

    yield mount_it
    for context in contexts:
        context.close()


def press(page, *keys: str) -> None:
    """Press keys, and wait until Python has answered each."""
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def settle(page) -> None:
    """Wait until Python has answered everything, and the page has taken the answers."""
    page.wait_for_function("() => window.unanswered === 0")


def current(page) -> str:
    return page.locator(".geo-rv-article mark[aria-current]").evaluate("mark => mark.firstChild.textContent")


def places(widget, surface: str = "طرابلس") -> list[str]:
    return [m.place.country if m.place else "" for m in widget.document.mentions if m.text == surface]


def to(page, surface: str) -> None:
    """Go to the first mention of a name with the keyboard."""
    page.locator(".geo-rv").focus()
    for _ in range(30):
        if current(page) == surface:
            return
        press(page, "j")
    raise AssertionError(f"{surface} was not reached")


def test_article_runs_right_to_left_with_every_name_marked(mount) -> None:
    page, widget = mount(TEXT)
    article = page.locator(".geo-rv-article")
    assert article.evaluate("node => getComputedStyle(node).direction") == "rtl"
    marked = article.locator("mark.geo-rv-name").evaluate_all(
        "all => all.map((m) => m.firstChild.textContent)"
    )
    assert marked == [m.text for m in widget.document.mentions]
    shapes = article.locator("mark.geo-rv-name").evaluate_all(
        """all => all.map((m) => [
             m.classList[1], m.querySelector(".geo-rv-sign").textContent, m.getAttribute("aria-label")])"""
    )
    by_reading = {kind: sign for kind, sign, _ in shapes}
    assert len(set(by_reading.values())) == len(by_reading) >= 2, "each reading has a shape of its own"
    assert all(label for _, _, label in shapes)
    assert page.faults == []


def test_keys_walk_choose_spread_and_undo(mount) -> None:
    page, widget = mount(TEXT)
    to(page, "طرابلس")
    listed = [c.place.country for c in widget.document.mentions[0].candidates]
    key = str(listed.index("LB") + 1)
    press(page, key)
    assert places(widget) == ["LB", "LY"]
    assert page.locator(".geo-rv-picked .geo-rv-land").first.inner_text() == "لبنان"
    assert page.locator(".geo-rv-pin.geo-rv-chosen").inner_text() == key
    press(page, "u")
    assert places(widget) == ["LY", "LY"]
    press(page, "e", key)
    assert places(widget) == ["LB", "LB"]
    press(page, "0")
    assert places(widget)[0] == ""
    press(page, "u", "u")
    assert places(widget) == ["LY", "LY"]
    assert widget.selection["text"] == "طرابلس"
    before = current(page)
    press(page, "j")
    assert widget.selection["start"] > TEXT.index(before)
    press(page, "k")
    assert current(page) == before
    assert page.faults == []


def test_an_arabic_keyboard_reaches_the_same_keys(mount) -> None:
    page, widget = mount(TEXT)
    first = widget.selection["start"]
    page.evaluate(
        """() => document.querySelector(".geo-rv").dispatchEvent(
             new KeyboardEvent("keydown", {key: "ت", code: "KeyJ", bubbles: true}))"""
    )
    settle(page)
    assert widget.selection["start"] > first


def test_readings_are_cycled_and_chosen(mount) -> None:
    page, widget = mount(TEXT)
    to(page, "بنغازي")
    press(page, "r")
    mention = next(m for m in widget.document.mentions if m.text == "بنغازي")
    assert mention.reading.value == "metonymic"
    page.locator(".geo-rv-reading").select_option("media")
    settle(page)
    mention = next(m for m in widget.document.mentions if m.text == "بنغازي")
    assert (mention.reading.value, mention.place) == ("media", None)


def test_accepting_goes_on_to_the_next_and_marks_what_was_seen(mount) -> None:
    page, widget = mount(TEXT)
    press(page, "a")
    assert page.locator("mark.geo-rv-seen").count() == 1
    assert widget.selection["start"] == widget.document.mentions[1].start
    page.locator(".geo-rv-accept").click()
    settle(page)
    assert page.locator("mark.geo-rv-seen").count() == 2
    assert len(widget.corrections()) == 2


def test_events_are_accepted_rejected_and_edited(mount) -> None:
    page, widget = mount(TEXT)
    press(page, "t", "a")
    assert widget.document.events[0].status == "accepted"
    press(page, "x")
    assert widget.document.events[1].status == "rejected"
    press(page, "u")
    assert widget.document.events[1].status == "auto"
    page.locator(".geo-rv-type").select_option("mediation")
    settle(page)
    page.locator("input[type=date]").first.fill("2019-03-01")
    page.locator("input[type=date]").last.fill("2019-03-02")
    page.locator(".geo-rv-dates").click()
    settle(page)
    page.locator(".geo-rv-location").select_option(index=0)
    settle(page)
    event = widget.document.events[1]
    assert (event.type, event.date_start, event.date_end) == ("mediation", "2019-03-01", "2019-03-02")
    assert event.location is None
    assert event.status == "edited"
    assert page.faults == []


def test_a_reason_goes_along_once_and_letters_can_be_written(mount) -> None:
    page, widget = mount(TEXT)
    to(page, "طرابلس")
    page.locator(".geo-rv-reason").click()
    page.keyboard.type("just a reason")
    press(page, "Escape", "0", "u", "0")
    assert widget.corrections()["why"].tolist() == [""]
    page.locator(".geo-rv-reason").fill("المدينة غير محددة")
    press(page, "Escape", "1")
    assert widget.corrections()["why"].tolist()[-1] == "المدينة غير محددة"


def test_another_place_is_looked_for(mount) -> None:
    page, widget = mount(TEXT)
    to(page, "طرابلس")
    press(page, "/")
    page.keyboard.type("طبرق")
    page.keyboard.press("Enter")
    page.locator(".geo-rv-found .geo-rv-candidate").first.click()
    settle(page)
    assert widget.document.mentions[0].place.name == "Tobruk"
    assert page.faults == []


def test_selected_words_become_a_name(mount) -> None:
    page, widget = mount("\U0001f5fa\u202e وصل الوفد إلى طرابلس، والتقى أهالي تلبيسة قبل العيد في بنغازي.")
    before = [m.text for m in widget.document.mentions]
    word = next(w for w in ("أهالي", "العيد") if w not in before)
    press(page, "n")
    assert "n" in page.locator("[role=status]").inner_text()
    page.evaluate(
        """(word) => {
          const article = document.querySelector(".geo-rv-article");
          const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            const at = node.data.indexOf(word);
            if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + word.length);
          }
        }""",
        word,
    )
    page.locator(".geo-rv-add").click()
    settle(page)
    added = [m.text for m in widget.document.mentions if m.text not in before]
    assert added == [word]
    assert current(page) == word
    assert page.faults == []


def test_map_marks_candidates_and_a_click_chooses(mount) -> None:
    page, widget = mount(TEXT)
    to(page, "طرابلس")
    pins = page.locator(".geo-rv-pin")
    assert pins.count() == len(widget.document.mentions[0].candidates)
    listed = [c.place.country for c in widget.document.mentions[0].candidates]
    pins.filter(has_text=str(listed.index("LB") + 1)).click()
    settle(page)
    assert places(widget)[0] == "LB"


def test_language_help_documents_and_a_message_for_the_ear(mount) -> None:
    page, widget = mount(TEXT, "انفجرت عبوة ناسفة في مدينة حلب.")
    root = page.locator(".geo-rv")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl")
    press(page, "l")
    assert (root.get_attribute("lang"), root.get_attribute("dir"), widget.language) == ("en", "ltr", "en")
    assert page.locator(".geo-rv-candidates").get_attribute("aria-label") == "Which place?"
    assert page.locator(".geo-rv-article").evaluate("node => getComputedStyle(node).direction") == "rtl"
    press(page, "?")
    assert page.locator(".geo-rv-help").is_visible()
    press(page, "Escape")
    assert page.locator(".geo-rv-help").is_hidden()
    press(page, "0")
    assert "Correction saved" in page.locator("[role=status]").inner_text()
    page.locator(".geo-rv-documents").select_option("1")
    settle(page)
    assert "حلب" in page.locator(".geo-rv-article").inner_text()
    assert page.faults == []


def test_hostile_text_is_shown_and_runs_nothing(mount) -> None:
    page, _ = mount(HOSTILE)
    press(page, "j", "j", "t", "l")
    assert shown_text(page) == HOSTILE.replace("\u202e", "[U+202E]")
    assert page.evaluate("window.__x") is None
    assert page.locator(".geo-rv img[src=x]").count() == 0
    assert page.faults == []


SIGNS = "<>&\"'`{}$%\\\\/=#\n\u202e\u2066\u2028\u0000\U0001f5faaxإدلب"
WORDS = st.text(SIGNS, max_size=24) | st.sampled_from(
    [
        "<img src=x onerror=window.__x=1>",
        "</script><script>window.__x=1</script>",
        "${window.__x=1}",
        "{{7*7}}",
    ]
)


def shown_text(page) -> str:
    """Return what the article shows, without the signs of the readings."""
    return page.locator(".geo-rv-article").evaluate(
        """(node) => { const copy = node.cloneNode(true);
                       copy.querySelectorAll(".geo-rv-sign").forEach((sign) => sign.remove());
                       return copy.textContent; }"""
    )


def test_fuzzed_text_names_and_reasons_are_shown_as_text(mount) -> None:
    page, widget = mount(TEXT)
    mention, event = widget.items["mentions"][0], widget.items["events"][0]

    @settings(max_examples=40)
    @given(st.tuples(WORDS, WORDS, WORDS), WORDS, WORDS, WORDS)
    def fuzz(parts: tuple[str, str, str], name: str, reason: str, title: str) -> None:
        text = "".join(parts)
        start, end = len(parts[0]), len(parts[0]) + len(parts[1])
        place = mention["candidates"][0] | {"id": name, "name": name, "name_ar": name, "country": name[:2]}
        place |= {"feature": reason, "features": [[reason, 1.0]]}
        changed = mention | {"start": start, "end": end, "text": parts[1], "place": place, "by": name}
        changed |= {"candidates": [place], "reasons": [reason], "reading": reason or "literal"}
        span = {"start": 0, "end": start, "text": parts[0]}
        happened = event | {"id": name, "trigger": span, "quote": span, "type": title, "reasons": [reason]}
        items = widget.items | {"text": text, "title": title, "id": name, "notes": [reason], "footprints": []}
        items |= {"mentions": [changed], "events": [happened | {"by": title, "status": reason}]}
        page.evaluate(
            """([items, titles, told]) => { model.set("titles", titles); model.set("items", items);
                                           model.set("found", items.mentions[0].candidates);
                                           model.set("told", told); }""",
            [items, [{"title": title, "changes": 1}] * 2, {"key": name, "text": text}],
        )
        expected = text
        for sign in "\u202e\u2066":
            expected = expected.replace(sign, f"[U+{ord(sign):04X}]")
        assert shown_text(page) == expected
        press(page, "t")
        assert page.locator(".geo-rv :is(img, script, iframe)[src], .geo-rv [onerror]").count() == 0
        assert page.evaluate("window.__x") is None
        assert page.faults == []

    fuzz()


def test_nothing_serious_for_a_screen_reader(mount) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page, _ = mount(TEXT)
    for keys in ((), ("t",), ("l",), ("?",)):
        press(page, *keys)
        found = axe.Axe().run(page, context=".geo-rv").response["violations"]
        serious = [fault for fault in found if fault["impact"] in ("serious", "critical")]
        assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in serious] == []


def test_it_fits_a_narrow_cell_and_lets_go(mount) -> None:
    page, _ = mount(TEXT, width=420)
    root = page.locator(".geo-rv")
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    assert page.locator(".geo-rv-detail").is_visible()
    page.evaluate("window.unmount()")
    press(page, "j")
    assert page.faults == []
