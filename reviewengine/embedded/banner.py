"""What a running stack shows: where it is, how to sign in, and a request to try."""

from reviewengine.embedded import first_run
from reviewengine.embedded.home import Home
from reviewengine.embedded.plan import StackPlan


def banner(plan: StackPlan, home: Home) -> str:
    """Answer the lines shown once the stack is up. Secrets come from first-run.json and only from there."""
    rows = [("Console", f"{plan.address}/admin/")]
    if found := first_run.read(home.root):
        rows += [
            ("Sign in", f"{found.username}   password  {found.password}"),
            ("API key", found.api_key),
            ("Try it", found.curl.replace("{url}", plan.address)),
        ]
    rows.append(("Logs", str(home.logs)))
    lines = [f"  {name:<10}{value}" for name, value in rows]
    return "\n".join(["", "Review Engine runs. Ctrl-C stops it; the data is kept.", "", *lines, ""])
