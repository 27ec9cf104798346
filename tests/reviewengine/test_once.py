"""{% once %} puts words together once a language, and takes nothing that may change."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

HEAD = "{% load i18n once %}"


def test_each_language_has_its_own_words():
    page = Template(HEAD + '{% once %}<b>{% translate "Approve" %}</b>{% endonce %}')
    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(page.render(Context()))
    assert said[0] == said[2] == "<b>Approve</b>"
    assert said[1] == f"<b>{translation.trans_real.translation('de').gettext('Approve')}</b>" != said[0]


def test_an_address_without_arguments_is_fixed():
    page = Template(HEAD + '{% once %}{% url "admin:review_desk" %}{% endonce %}')
    assert page.render(Context()) == "/admin/review/"


@pytest.mark.parametrize(
    "inside",
    [
        "{{ person }}",
        "{% csrf_token %}",
        "{% translate person %}",
        '{% translate "Approve" as word %}',
        '{% translate "Hold" context person %}',
        '{% url "admin:review_case" person %}',
        "{% url person %}",
        "{% if person %}x{% endif %}",
    ],
)
def test_what_may_change_is_refused(inside):
    with pytest.raises(TemplateSyntaxError, match="may change"):
        Template(HEAD + "{% once %}" + inside + "{% endonce %}")
