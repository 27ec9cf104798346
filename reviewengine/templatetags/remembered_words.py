"""Stands for Django's ``i18n`` tags: fixed words of a template are looked up once a language, not once a page.

A page of the desk says some hundred such words and is asked for hundreds of times a shift; Django resolves, translates
and marks each of them anew, which is a tenth of the page's time.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class RememberedWords(Node):
    """A ``{% translate %}`` of fixed words. Two threads that come first together keep the same words."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self._node = node
        self._words: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        language = get_language()
        if (words := self._words.get(language)) is None:
            words = self._words[language] = self._node.render(context)
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """As Django's; what depends on a variable, or is kept in one, is looked up each time."""
    node = i18n.do_translate(parser, token)
    return RememberedWords(node) if _is_fixed(node) else node


def _is_fixed(node: i18n.TranslateNode) -> bool:
    said, about = node.filter_expression, node.message_context
    is_about_a_variable = about is not None and isinstance(about.var, Variable)
    return node.asvar is None and said.var.literal is not None and not said.filters and not is_about_a_variable
