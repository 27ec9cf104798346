"""Examples of answers for the description: what this server answered to mild texts, in ``schema_examples.json``.

The file holds ``{operation id: {status: answer}}``. A test holds every one to the shape of its answer, and asks the
server for some of them again.
"""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
PROBLEM = "application/problem+json"
PROBLEMS_AT = "/api/problems/"
Schema = dict[str, Any]


def add_examples(result: Schema) -> None:
    """Puts each example beside the shape of its answer, where its view has not put one."""
    examples = json.loads(FILE.read_text())
    for path in result["paths"].values():
        for operation in path.values():
            for status, value in examples.get(operation["operationId"], {}).items():
                content = operation["responses"].get(status, {}).get("content", {}).get("application/json")
                if content is not None and "examples" not in content:
                    content["examples"] = {"AsAnswered": {"value": value, "summary": "as answered"}}


def name_problems(result: Schema) -> None:
    """Describes each answer that is a problem by its codes, each a link to the page that explains it."""
    for answer in result["components"].get("responses", {}).values():
        codes = answer.get("content", {}).get(PROBLEM, {}).get("examples", {})
        if codes:
            said = answer["description"].split("; ")
            links = [f"[`{code}`]({PROBLEMS_AT}{code}) {words}" for code, words in zip(codes, said, strict=True)]
            answer["description"] = "; ".join(links)
