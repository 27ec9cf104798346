"""What a log line holds, in both formats, and what it never holds."""

import io
import json
import logging

import pytest

from reviewengine import logs
from reviewengine.request_ids import request_id, trace_id

SAID = "my aunt's secret soup recipe"


@pytest.fixture(params=["console", "json"])
def log(request):
    """A logger of this product and what it wrote, set up as a process sets it up."""
    return make_log(request.param)


def make_log(format_: str, **options) -> tuple[logging.Logger, io.StringIO]:
    config = logs.dict_config({"format": format_, "level": "INFO", **options})
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    factory = dict(config["formatters"]["chosen"])
    handler.setFormatter(factory.pop("()")(**factory))
    factory = dict(config["filters"]["context"])
    handler.addFilter(factory.pop("()")(**factory))
    logger = logging.getLogger("reviewengine.tests")
    logger.handlers.clear()
    logger.propagate = False
    logger.addHandler(handler)
    return logger, written


def raise_and_log(logger: logging.Logger, error: Exception, cause: Exception | None = None) -> None:
    try:
        raise error from cause
    except Exception:
        logger.exception("it.failed")


def test_a_console_line_shows_the_event_its_fields_and_the_request():
    logger, written = make_log("console")
    token = request_id.set("order-66")
    logger.info("webhook.delivered", extra={"endpoint": 7})
    request_id.reset(token)
    assert written.getvalue().endswith("INFO    reviewengine.tests webhook.delivered endpoint=7 request=order-66\n")


def test_a_json_line_is_ecs():
    logger, written = make_log("json")
    tokens = request_id.set("order-66"), trace_id.set("4bf9")
    logger.warning("webhook.failed", extra={"endpoint": 7, "error": "Refused"})
    request_id.reset(tokens[0])
    trace_id.reset(tokens[1])
    line = json.loads(written.getvalue())
    assert line.pop("@timestamp").endswith("Z")
    assert line.pop("process.pid") > 0
    assert line == {
        "log.level": "warning",
        "message": "webhook.failed",
        "ecs.version": "8.11.0",
        "service.name": "reviewengine",
        "log.logger": "reviewengine.tests",
        "http.request.id": "order-66",
        "trace.id": "4bf9",
        "labels": {"endpoint": "7", "error": "Refused"},
    }


def test_a_line_break_in_a_message_makes_no_second_json_line():
    logger, written = make_log("json")
    logger.info("one\ntwo \ud800")
    assert written.getvalue().count("\n") == 1
    assert json.loads(written.getvalue())["message"] == "one\ntwo \ud800"


def test_an_exception_is_told_by_its_type_and_place_and_not_by_its_words(log):
    logger, written = log
    raise_and_log(logger, ValueError(f"cannot parse {SAID!r}"))
    assert "ValueError" in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert "soup" not in written.getvalue()


def test_the_exceptions_that_led_to_it_are_told_the_same_way(log):
    logger, written = log
    raise_and_log(logger, RuntimeError("outer " + SAID), cause=KeyError(SAID))
    assert "RuntimeError" in written.getvalue()
    assert "KeyError" in written.getvalue()
    assert "soup" not in written.getvalue()


def test_words_that_cannot_quote_anybody_are_kept(log):
    logger, written = log
    raise_and_log(logger, ConnectionRefusedError(111, "Connection refused"))
    assert "Connection refused" in written.getvalue()


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_quoted(log, platform):
    from moderation.models import Content

    logger, written = log
    try:
        Content.objects.create(client=platform, external_id="x", text=SAID, text_digest="", status="processing")
    except Exception:
        logger.exception("it.failed")
    assert "IntegrityError" in written.getvalue()
    assert "soup" not in written.getvalue()


def test_an_operator_may_ask_for_the_words():
    logger, written = make_log("console", error_messages=True)
    raise_and_log(logger, ValueError("no spoon"))
    assert "ValueError: no spoon" in written.getvalue()


def test_an_exception_that_another_handler_wrote_before_is_not_taken_over(log):
    logger, written = log
    logger.handlers.insert(0, logging.StreamHandler(io.StringIO()))
    raise_and_log(logger, ValueError(SAID))
    assert "soup" not in written.getvalue()


def test_the_request_and_a_tasks_arguments_are_not_written_down(log):
    logger, written = log
    logger.error("Bad Request", extra={"request": SAID, "data": {"args": SAID}, "status_code": 400})
    assert "soup" not in written.getvalue()
    assert "400" in written.getvalue()


def test_celerys_sentence_about_a_failed_task_loses_the_exceptions_words(log):
    logger, written = log
    context = {"name": "moderate", "id": "t-42", "exc": f"ValueError({SAID!r})"}
    logger.error("Task %(name)s[%(id)s] raised: %(exc)s", context)
    assert "Task moderate[t-42] raised: " in written.getvalue()
    assert "soup" not in written.getvalue()


def test_dict_config_is_what_the_standard_library_takes():
    logging.config.dictConfigClass(logs.dict_config({"format": "json", "level": "INFO"}))
