"""axe, which looks for what keeps people out."""

from pathlib import Path

import axe_selenium_python

SCRIPT = (Path(axe_selenium_python.__file__).parent / "node_modules/axe-core/axe.min.js").read_text()

RUN = r"""
const [rules, done] = arguments;
const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: ["wcag2a", "wcag2aa"] };
axe.run(document, { runOnly, resultTypes: ["violations"] })
  .then((found) => done({ violations: found.violations }), (error) => done({ error: String(error) }));
"""


def violations(window, *rules: str) -> list[str]:
    """What is against WCAG 2 A or AA on the page as it stands; of these rules only, when some are named."""
    if not window.js("return Boolean(window.axe)"):
        window.js(SCRIPT)
    answer = window.driver.execute_async_script(RUN, list(rules) or None)
    assert "error" not in answer, answer
    return [f"{rule['id']} ({rule['help']}): " + "; ".join(map(_line, rule["nodes"][:4]))
            for rule in answer["violations"]]


def _line(node) -> str:
    reasons = node.get("failureSummary", "").splitlines()[1:]
    return f"{node['target'][0]} {node['html'][:160]} {' '.join(reason.strip() for reason in reasons)}"
