"""Stands for Django's ``i18n`` tags: fixed words of a template are looked up once a language, not once a page.

A page of the desk says some hundred such words and is asked for hundreds of times a shift; Django resolves, translates
and marks each of them anew, which is a tenth of the page's time.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
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
    about = node.message_context
    return node.asvar is None and _is_literal(node.filter_expression) and (about is None or _is_literal(about))


def _is_literal(said: FilterExpression) -> bool:
    """Words in quotes, without a filter, whose argument might be a variable."""
    if said.filters:
        return False
    return isinstance(said.var, str) or getattr(said.var, "literal", None) is not None
