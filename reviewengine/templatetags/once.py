"""``{% once %}``: words and markup that are the same on every page of a language are put together once, not each time.

Most of what stands on a page that is asked for hundreds of times a shift are such words; to look each up costs more
than to write them.
"""

from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, TextNode, Token, Variable
from django.template.defaulttags import URLNode
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class OnceNode(Node):
    """What it holds, by language. Two threads that come first together put the same words there."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._words: dict[str | None, SafeString] = {}

    def render(self, context: Any) -> SafeString:
        language = get_language()
        if (words := self._words.get(language)) is None:
            words = self._words[language] = self.nodelist.render(context)
        return words


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """``{% once %}…{% endonce %}`` holds text, ``{% translate "…" %}`` and ``{% url "…" %}`` without arguments.

    Anything else could differ from page to page, or from person to person: it is refused when the template is read.
    """
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    for node in nodelist:
        if not _is_fixed(node):
            raise template.TemplateSyntaxError(f"{{% once %}} on line {token.lineno} holds what may change: {node}")
    return OnceNode(nodelist)


def _is_fixed(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        said, context = node.filter_expression.var, node.message_context
        is_about_nothing_else = context is None or not isinstance(context.var, Variable)
        return node.asvar is None and said.literal is not None and is_about_nothing_else
    if isinstance(node, URLNode):
        return not (node.args or node.kwargs or node.asvar or isinstance(node.view_name.var, Variable))
    return isinstance(node, TextNode)
