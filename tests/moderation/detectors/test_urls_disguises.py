"""Links that pretend: look-alike names, names of others, hidden targets, dots in words; and the site's own domains."""

import pytest

from moderation.detectors.base import DetectorConfigError, Sample, TermListSpec
from moderation.detectors.domains import ProtectedNames, readable, registered_name
from moderation.detectors.links import find_links
from moderation.detectors.normalise import normalise
from moderation.detectors.term_lists import TermListsDetector
from moderation.detectors.urls import UrlsDetector


def reasons(text, lists=(), **options):
    (detections,) = UrlsDetector.build(options, lists).detect([Sample(text, normalise(text))])
    return [(text[e.start : e.end], e.detail) for d in detections for e in d.evidence]


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("paypa1.com", "look-alike domain"),
        ("www.gooogle.com", "look-alike domain"),
        ("amazn.com", "look-alike domain"),
        ("appel.com", "look-alike domain"),
        ("rnicrosoft.com", "look-alike domain"),
        ("раураl.com", "look-alike domain"),
        ("pаypal.com", "look-alike domain"),
        ("faceb00k.net", "look-alike domain"),
        ("paypal.com.example.net", "brand in another domain"),
        ("paypal-help.com", "brand in another domain"),
        ("paypal.com", ""),
        ("www.paypal.com", ""),
        ("google.de", ""),
        ("wire.com", ""),
        ("pineapple.com", ""),
        ("com", ""),
        ("", ""),
    ],
)
def test_a_host_that_imitates_is_told_from_one_that_does_not(host, kind):
    assert ProtectedNames([]).imitated_by(host) == kind


def test_the_site_s_own_name_is_protected():
    assert reasons("https://kitchentab1e.com", protect_domains=["kitchentable.com"]) == [
        ("https://kitchentab1e.com", "look-alike domain")
    ]
    assert reasons("https://kitchentable.com/login", protect_domains=["kitchentable.com"]) == []
    assert reasons("https://kitchentab1e.com") == []


@pytest.mark.parametrize(
    ("text", "place", "detail"),
    [
        ("go to example dot com now", "example dot com", "spelled out"),
        ("on shop[.]example[.]org/x today", "shop[.]example[.]org/x", "spelled out"),
        ("hxxps://a[.]example[.]com/b", "hxxps://a[.]example[.]com/b", "spelled out, disguised scheme"),
        ("example (dot) net!", "example (dot) net", "spelled out"),
    ],
)
def test_a_link_with_its_dots_in_words_is_found(text, place, detail):
    assert reasons(text) == [(place, detail)]


@pytest.mark.parametrize("text", ["the dot com era", "connect the dot to dot b", "a [.] b", "polka dot dress"])
def test_plain_speech_about_dots_is_no_link(text):
    assert find_links(text) == []


@pytest.mark.parametrize(
    ("link", "leads_on"),
    [
        ("https://example.com/out?url=https%3A%2F%2Fother.example.net", True),
        ("https://example.com/?next=//other.example.net/x", True),
        ("https://example.com/?a=1&redirect_uri=https%253A%252F%252Fother.example", True),
        ("https://example.com/?next=/home", False),
        ("https://example.com/?next=https://example.com/x", False),
        ("https://example.com/?next=https://www.example.com/x", False),
    ],
)
def test_an_address_that_leads_on_to_another_host_is_told(link, leads_on):
    assert (reasons(link) == [(link, "leads on to another host")]) == leads_on


def test_invisible_characters_in_a_host_are_told():
    assert reasons("https://foo\u200bbar.com") == [("https://foo\u200bbar.com", "hidden characters")]


def test_the_dots_of_other_scripts_are_dots():
    assert [link.host for link in find_links("https://example。com/ and https://example．org")] == [
        "example.com",
        "example.org",
    ]


def test_punycode_is_read_as_its_letters():
    assert readable("www.xn--mnchen-3ya.de") == "www.münchen.de"
    assert readable("xn--\u00e4.com") == "xn--\u00e4.com"
    assert readable("xn--99999999999.com") == "xn--99999999999.com"


def test_the_registered_name_knows_endings_of_two_labels():
    assert registered_name("a.shop.example.co.uk") == "example.co.uk"
    assert registered_name("co.uk") == ""


def spec(kind, *domains):
    return TermListSpec("house", "url_risk", 1.0, domains, kind=kind)


def test_the_site_s_lists_allow_and_protect_domains():
    assert reasons("bit.ly/x", [spec("allowed_domains", "bit.ly")]) == []
    (found,) = reasons("kitchentab1e.com", [spec("protected_domains", "kitchentable.com")])
    assert found[1] == "look-alike domain"
    assert reasons("kitchentable.com", [spec("protected_domains", "kitchentable.com")]) == []


@pytest.mark.parametrize(
    "domain", ["https://example.com", "example.com/path", "example", "-a.com", "a..com", "x y.com"]
)
def test_what_is_no_domain_is_refused_with_its_list(domain):
    with pytest.raises(DetectorConfigError, match="Term list 'house': .* is no domain name. Write it without https://"):
        UrlsDetector.build({}, [spec("allowed_domains", domain)])


def test_the_version_tells_the_lists():
    plain = UrlsDetector.build({}, []).version
    assert plain == "urls-3"
    first, second = (UrlsDetector.build({"allow_domains": [name]}, []).version for name in ("a.com", "b.com"))
    assert len({plain, first, second}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "a dot com " * 5_000,
        "a[.]" * 12_000,
        "[" * 50_000,
        "https://a.com/?" + "url=//" * 8_000,
        "https://a.com/?" + "%25" * 16_000,
        "xn--a.com " * 5_000,
        "https://xn--" + "a" * 49_000 + ".com",
        " ".join(f"https://h{n}ogle.com" for n in range(2_500)),
        "https://" + "-a" * 24_000 + ".com",
        "https://p" + "а" * 49_000 + ".com",
    ],
)
def test_hostile_links_are_survived(text):
    reasons(text)


@pytest.mark.parametrize(
    "link",
    [
        "https:////evil.com/",
        "https:/evil.com",
        "https:evil.com/x",
        "https:\\\\evil.com",
        "ｅｖｉｌ．ｃｏｍ",
        "http://ｅｖｉｌ.com",
        "ⓔⓥⓘⓛ.ⓒⓞⓜ",
        "https://𝐞𝐯𝐢𝐥。𝐜𝐨𝐦/x",
        "http://%65vil.com",
        "http://evil%2ecom",
        "http://%EF%BD%85vil.com",
        "http://ev\u00adil.com",
        "ev\u200bil.com",
        "http://user@EVIL.com.:80/",
        "https：／／www.evil｡com",
    ],
)
def test_a_listed_domain_is_known_however_it_is_written(link):
    ((place, detail),) = reasons(f"see {link} now", block_domains=["evil.com"])
    assert place == link
    assert "blocked domain" in detail


def test_a_list_may_be_written_in_any_form_that_browsers_read():
    assert "blocked domain" in reasons("evil.com", block_domains=["ｅｖｉｌ．com"])[0][1]
    assert reasons("ｂｉｔ.ly/x", [spec("allowed_domains", "bit.ly")]) == []


def test_a_look_alike_is_known_behind_surplus_slashes_and_wide_letters():
    assert reasons("https:////paypa1.com/login") == [("https:////paypa1.com/login", "look-alike domain")]
    assert reasons("https://ｐａｙｐａ1.com") == [("https://ｐａｙｐａ1.com", "look-alike domain")]


def test_an_escaped_or_hidden_host_is_told_as_such():
    assert reasons("http://ex%61mple.com") == [("http://ex%61mple.com", "encoded host")]
    assert reasons("http://a:b%40c@example.com") == [("http://a:b%40c@example.com", "name before the host")]


@pytest.mark.parametrize("text", ["wait…com is", "note: /etc/hosts", "http: yes", "see ½.½ and ㎏"])
def test_text_that_only_folds_into_dots_and_slashes_holds_no_link(text):
    assert find_links(text) == []


@pytest.mark.parametrize("link", ["https:////evil.com/", "ｅｖｉｌ．ｃｏｍ", "http://%65vil.com", "e\u200bvil.com"])
def test_a_term_list_of_blocked_domains_knows_them_too(link):
    detector = TermListsDetector.build({}, [spec("blocked_domains", "evil.com")])
    (detections,) = detector.detect([Sample(link, normalise(link))])
    assert [(e.start, e.end) for d in detections for e in d.evidence] == [(0, len(link))]
