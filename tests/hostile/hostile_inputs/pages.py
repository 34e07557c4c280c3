"""HTML that parsers, and searches for the main text, fall over."""

from __future__ import annotations

from hostile_inputs.cases import CHINESE, ENGLISH, Case, bad, good

_P = f"<p>{ENGLISH}</p>"
_LAUGHS = (
    '<!DOCTYPE html [<!ENTITY a "ha ha ha ha">'
    + "".join(f'<!ENTITY {name} "{f"&{of};" * 100}">' for name, of in zip("bcdef", "abcde", strict=True))
    + "]>"
)


def cases(elements: int, url: str) -> list[Case]:
    """Return the cases; pages with more than ``elements`` tags are refused, and nothing may be fetched from ``url``."""
    outside = (
        f'<!DOCTYPE html SYSTEM "{url}/dtd" [<!ENTITY x SYSTEM "{url}/entity"><!ENTITY y SYSTEM "file:///etc/passwd">]>'
        f'<html><head><base href="{url}/"><link rel=stylesheet href="{url}/css"><script src="{url}/js"></script>'
        f'<meta http-equiv=refresh content="0;url={url}/next"></head><body background="{url}/bg">{_P}<p>&x;&y;</p>'
        f'<iframe src="{url}/frame"></iframe><img src="{url}/img"><object data="{url}/object"></object></body></html>'
    )
    attributes = " ".join(f"a{number}=1" for number in range(40_000))
    return [
        good(
            "page.html", f"<html><head><title>t</title></head><body><article>{_P * 5}</article></body></html>".encode()
        ),
        good("outside.html", outside.encode()),
        good("laughs.html", f"{_LAUGHS}<html><body><p>&f;</p>{_P}</body></html>".encode()),
        good("declared-utf7.html", f'<meta charset="utf-7">{_P}<p>+ADw-b+AD4-</p>'.encode(), "+ADw-"),
        good("false-charset.html", f'<meta charset="big5"><p>{CHINESE}</p>'.encode(), "腾讯"),
        good("many-tables.html", (_P + "<table><tr><td>a<td></table>" * 500).encode()),
        good("many-marks.html", (_P * 3 + "<p><i></i></p>" * 11_000).encode()),
        good("unclosed.html", (_P + "<div><a href='x" * 5000).encode()),
        good("comments.html", ("<!--" * 50_000 + "-->" + _P).encode()),
        good("entities.html", ("<p>&amp;&#x1F680;&nosuch;" * 200 + _P).encode()),
        good("controls.html", ("<p>&amp;&#x1;&#x1F;&#xFFFF;&#xD800;" * 200 + _P).encode()),
        good("rows.html", ("<p>" + "<" * 500 + ">" * 500 + _P).encode()),
        bad("deep.html", ("<div>" * 50_000 + _P).encode(), "expected a page with text, got markup only"),
        bad(
            "deep-table.html", ("<table><tr><td>" * 20_000 + _P).encode(), "expected a page with text, got markup only"
        ),
        bad(
            "attributes.html",
            f"<p {attributes}>{ENGLISH}".encode(),
            "expected at most 1000 attributes in a tag, got 40000",
        ),
        bad("many-tags.html", b"<b>" * (elements + 1), r"expected at most \d+ tags .max_elements., got"),
        bad("script.html", b"<script>document.write('Tencent')</script>", "expected a page with text, got markup only"),
        bad("no-markup.htm", b"<", "expected a page with text, got markup only"),
    ]
