"""A headless Chromium, its windows, and what a person does in them.

Things are found as people and screen readers find them: by what they are and what they are called. Every step waits for
its condition, with a deadline; none waits for a guessed time.
"""

import base64
import os
import re
import shutil
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import (ElementClickInterceptedException, ElementNotInteractableException,
                                        JavascriptException, NoSuchElementException, StaleElementReferenceException)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from support.wait import until

WIDTH, HEIGHT = 1280, 900
NARROW = 390
# A debug build and a browser on two busy cores.
PATIENCE = 60.0

# What moves on a page while a step looks at it.
MOVED = (StaleElementReferenceException, NoSuchElementException, ElementClickInterceptedException,
         ElementNotInteractableException, JavascriptException)

# The last thing of a kind and a name that can be seen, in the topmost dialog if there is one.
PICK = r"""
const [kind, name, index] = arguments;
const kinds = {
  button: "button, [role=button], summary",
  link: "a[href]",
  field: "input, select, textarea",
  heading: "h1, h2, h3",
  region: "section, [role=region], aside, nav, form",
};
const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const nameOf = (element) => {
  const labelled = element.getAttribute("aria-labelledby");
  if (labelled) return tidy(labelled.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  if (element.hasAttribute("aria-label")) return tidy(element.getAttribute("aria-label"));
  if (element.labels?.length) {
    const own = element.labels[0].querySelector(".choice-text");
    return tidy((own ?? element.labels[0]).textContent);
  }
  return tidy(element.textContent);
};
const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const fitting = [...scope.querySelectorAll(kinds[kind])].filter((element) => seen(element) && nameOf(element) === name);
return fitting.at(index) ?? null;
"""

# A page is ready when nothing of it is being read any more.
READY = r"""
const main = document.querySelector("main");
if (!main || !main.firstElementChild || main.querySelector('[aria-busy="true"]')) return false;
return Boolean(main.querySelector("h1, .state"));
"""


class Browser:
    """One Chromium process with its driver."""

    def __init__(self, downloads: Path):
        self.downloads = downloads
        chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        assert chromium and driver, "no chromium or chromedriver on the PATH: run `make setup`"
        options = Options()
        options.binary_location = chromium
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage",
                         f"--window-size={WIDTH},{HEIGHT}", "--force-prefers-reduced-motion", "--lang=en-US",
                         # Windows behind others are looked at as well.
                         "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
                         "--disable-backgrounding-occluded-windows", "--enable-precise-memory-info"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # containers run as root, where it cannot start
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads),
                                                  "profile.default_content_setting_values.clipboard": 1})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.driver.set_script_timeout(60)
        self.home = self.driver.current_window_handle
        self.allowed = []

    def window(self, base: str) -> "Window":
        """A new window on the server at this address."""
        self.driver.switch_to.window(self.home)
        self.driver.switch_to.new_window("window")
        window = Window(self, base, self.driver.current_window_handle)
        window.width(WIDTH)
        return window

    def begin(self):
        """Forgets what others left: cookies (which know no ports) and messages."""
        self.driver.switch_to.window(self.home)
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.get_log("browser")
        self.allowed = []

    def end(self) -> list[str]:
        """Closes all windows; returns what they complained about."""
        problems = self.complaints()
        for handle in self.driver.window_handles:
            if handle != self.home:
                self.driver.switch_to.window(handle)
                self.driver.close()
        self.driver.switch_to.window(self.home)
        return problems

    def complaints(self) -> list[str]:
        """Errors on the console, exceptions and rejections that nobody caught, violations of the content policy."""
        said = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [line for line in said if not any(re.search(pattern, line) for pattern in self.allowed)]

    def allow(self, pattern: str):
        """A message that the test brings about itself."""
        self.allowed.append(pattern)

    def download(self, pattern: str) -> Path:
        """The newest file that was downloaded under such a name, once it is whole."""
        def found():
            files = [file for file in self.downloads.glob(pattern) if file.suffix != ".crdownload"]
            return max(files, key=lambda file: file.stat().st_mtime_ns) if files else None
        return until(found, f"a download called {pattern}")

    def quit(self):
        self.driver.quit()


class Window:
    """One window of the browser."""

    def __init__(self, browser: Browser, base: str, handle: str):
        self.browser, self.base, self.handle = browser, base, handle

    @property
    def driver(self):
        if self.browser.driver.current_window_handle != self.handle:
            self.browser.driver.switch_to.window(self.handle)
        return self.browser.driver

    # -- going -------------------------------------------------------------------------------------------------------

    def open(self, path: str) -> "Window":
        """Opens an address directly, and waits until the page is there."""
        self.driver.get(self.base + path)
        return self.ready()

    def reload(self) -> "Window":
        self.driver.refresh()
        return self.ready()

    def ready(self) -> "Window":
        self.until(lambda: self.js(READY), "a page that has read what it shows")
        return self

    @property
    def address(self) -> str:
        """Path and query."""
        return self.driver.current_url.removeprefix(self.base)

    def at(self, path: str) -> "Window":
        """Waits until the address begins so, and the page is there."""
        self.until(lambda: self.address.split("?")[0] == path, f"the address {path}")
        return self.ready()

    # -- looking -----------------------------------------------------------------------------------------------------

    def js(self, script: str, *values):
        return self.driver.execute_script(script, *values)

    def until(self, condition, what: str, within=None):
        """Waits for a condition; what moved while it looked counts as not yet."""
        def look():
            try:
                return condition()
            except MOVED:
                return None
        try:
            return until(look, what, within=within or PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\nat {self.driver.current_url}:\n{(self.text('dialog[open]') or self.text('main'))[:1500]}") from None

    def pick(self, kind: str, name: str, index=-1):
        return self.js(PICK, kind, name, index)

    def has(self, kind: str, name: str) -> bool:
        return self.pick(kind, name) is not None

    def find(self, kind: str, name: str, index=-1):
        """A button, link, field, heading or region by its name."""
        return self.until(lambda: self.pick(kind, name, index), f"the {kind} “{name}”")

    def css(self, selector: str):
        """The first element that fits, once there is one."""
        return self.until(lambda: self.js("return document.querySelector(arguments[0])", selector), selector)

    def all(self, selector: str) -> list:
        return self.js("return [...document.querySelectorAll(arguments[0])]", selector)

    def text(self, selector: str) -> str:
        """What stands in the first element that fits; empty when there is none."""
        return self.js("return document.querySelector(arguments[0])?.innerText ?? ''", selector).strip()

    def texts(self, selector: str) -> list[str]:
        found = self.js("return [...document.querySelectorAll(arguments[0])].map((item) => item.innerText)", selector)
        return [text.strip() for text in found]

    def table(self, caption: str) -> list[list[str]]:
        """The cells of a table's lines; none while there is no such table, or no line in it."""
        found = self.js(r"""
          const table = [...document.querySelectorAll("table")].find((item) => item.caption?.textContent === arguments[0]);
          const lines = [...(table?.tBodies[0].rows ?? [])].filter((row) => row.cells.length > 1 || row.cells[0].tagName === "TH");
          return lines.map((row) => [...row.cells].map((cell) => cell.innerText.trim()));
        """, caption)
        return found

    def says(self, *words: str):
        """Waits until the page shows all of these."""
        self.until(lambda: all(word in self.text("body") for word in words), f"the words {words}")

    # -- doing -------------------------------------------------------------------------------------------------------

    def click(self, kind: str, name: str, index=-1):
        """Clicks with the mouse, as soon as nothing lies over it."""
        def act():
            element = self.pick(kind, name, index)
            if element is None or not element.is_enabled():
                return False
            element.click()
            return True
        self.until(act, f"the {kind} “{name}” to click")

    def click_css(self, selector: str):
        def act():
            element = self.js("return document.querySelector(arguments[0])", selector)
            if element is None or not element.is_enabled():
                return False
            element.click()
            return True
        self.until(act, f"{selector} to click")

    def type(self, name: str, text: str):
        """Types into a field in place of what is there."""
        field = self.find("field", name)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE if text == "" else text)

    def choose(self, name: str, text: str):
        """Chooses an option of a select by what it says."""
        field = self.find("field", name)
        def option():
            script = "return [...arguments[0].options].findIndex((option) => option.text === arguments[1])"
            return self.js(script, field, text) + 1
        place = self.until(option, f"the option “{text}” of “{name}”") - 1
        field.find_elements("tag name", "option")[place].click()

    def select(self, text: str):
        """Chooses a radio button or a check box by what stands beside it."""
        script = r"""
          const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
          const tidy = (element) => element?.textContent.replace(/\s+/g, " ").trim();
          return [...scope.querySelectorAll("label")].find((label) => label.checkVisibility() && label.querySelector("input") &&
            [label, ...label.querySelectorAll("span")].some((element) => tidy(element) === arguments[0]));
        """
        self.until(lambda: self.js(script, text), f"the choice “{text}”").click()

    def value(self, name: str) -> str:
        """What a field holds."""
        return self.js("return arguments[0].value", self.find("field", name))

    def press(self, *keys: str):
        """Presses keys one after the other, wherever the focus is."""
        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def tab_to(self, kind: str, name: str, limit=60):
        """Walks with the Tab key, as somebody without a mouse, and asserts that the focus can be seen there."""
        target = self.find(kind, name)
        for _ in range(limit):
            if self.js("return document.activeElement === arguments[0]", target):
                break
            self.press(Keys.TAB)
        else:
            raise AssertionError(f"{limit} times Tab do not reach the {kind} “{name}”")
        style = self.js("const s = getComputedStyle(document.activeElement); "
                        "return [s.outlineStyle, s.outlineWidth, s.boxShadow]")
        assert (style[0] != "none" and style[1] != "0px") or style[2] != "none", f"no visible focus on “{name}”: {style}"

    # -- how it looks ------------------------------------------------------------------------------------------------

    def scheme(self, name: str):
        """`light` or `dark`, as the system asks for it."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def width(self, pixels: int, height=HEIGHT):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def overflow(self) -> list[str]:
        """What makes the page wider than its window; empty when nothing does."""
        return self.js(r"""
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room && document.body.scrollWidth <= room) return [];
            const inner = (element) => {
              for (let up = element.parentElement; up; up = up.parentElement) {
                if (getComputedStyle(up).overflowX !== "visible") return true;
              }
              return false;
            };
            return [...document.querySelectorAll("body *")]
              .filter((element) => element.getBoundingClientRect().right > room + 0.5 && !inner(element))
              .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`)
              .concat([`${document.documentElement.scrollWidth} of ${room} pixels`]);
        """)

    def screenshot(self, path: Path, most=2400):
        """The whole page from its top, `most` pixels of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        width, height = self.js("scrollTo(0, 0); return [innerWidth, document.documentElement.scrollHeight]")
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "format": "png", "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": width, "height": min(most, height), "scale": 1}})
        path.write_bytes(base64.b64decode(picture["data"]))

    def close(self):
        self.driver.close()
        self.browser.driver.switch_to.window(self.browser.home)


def eventually_equal(window: Window, shown, asked, what: str, within=60.0):
    """What a page shows equals what the API says at that moment: asked before and after, because things move."""
    deadline = time.monotonic() + within
    while True:
        before, seen, after = asked(), shown(), asked()
        if seen in (before, after):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: the page shows {seen!r}, the API says {after!r}\nat {window.address}")
