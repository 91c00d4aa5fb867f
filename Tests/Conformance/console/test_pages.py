"""Every page of the console: opened directly, read again, looked at by axe, in light and dark, wide and narrow"""

import pytest

from .accessibility import violations
from .browser import HEIGHT, NARROW, WIDTH
from .world import World

pytestmark = [pytest.mark.process, pytest.mark.links]

NAMES = ["home", "environments", "environment", "cluster", "topics", "topic", "mirror", "messages", "messages-all",
         "messages-cards", "messages-search", "messages-empty", "configuration", "diff", "connectors", "add-connector",
         "connector", "links", "link", "clients", "group", "api-keys", "login", "unknown"]


@pytest.fixture(scope="module")
def world(server, console):
    world = World(server, console(server))
    assert list(world.pages()) == NAMES
    return world


@pytest.mark.parametrize("name", NAMES)
def test_page(window, world, screenshots, name):
    """A page opens at its own address, stays what it is when it is read again, and keeps nobody out"""
    path = world.pages()[name]
    window.scheme("light")
    window.open(path)
    if "search" in path or "filter" in path:
        window.until(lambda: window.js("return document.querySelector('.status')?.dataset.phase === 'done'"), "the search's end")
    address, heading = window.address, window.text("main h1, main h2")
    assert heading
    problems = [f"light: {line}" for line in violations(window)]
    window.screenshot(screenshots / f"{name}-light.png")
    window.scheme("dark")
    problems += [f"dark: {line}" for line in violations(window, "color-contrast")]
    window.screenshot(screenshots / f"{name}-dark.png")
    window.width(NARROW)
    problems += [f"{NARROW} pixels: {line}" for line in window.overflow()]
    window.screenshot(screenshots / f"{name}-narrow.png")
    window.width(WIDTH, HEIGHT)
    window.reload()
    assert window.address == address and window.text("main h1, main h2") == heading
    assert not problems, "\n".join(problems)


def test_axe_finds_faults(window):
    """What looks for faults finds those that are planted"""
    window.open("/login")
    assert violations(window) == []
    window.js(r"""
      document.querySelector("main").insertAdjacentHTML("beforeend",
        '<img src="/favicon.ico"><p id="pale">pale words</p><input id="nameless"><button></button>');
      document.getElementById("pale").style.cssText = "color: #ccc; background: #fff";
    """)
    assert {line.split()[0] for line in violations(window)} == {"image-alt", "color-contrast", "label", "button-name"}
    assert [line.split()[0] for line in violations(window, "color-contrast")] == ["color-contrast"]
    window.js("document.getElementById('pale').style.width = '2000px'")
    assert any("pale words" in line for line in window.overflow())
    window.browser.allow("favicon")
