"""A figure is prepared for a page: with its own ids, without style or outside references."""

from __future__ import annotations

import pytest

from sim.pages.figure_album import FigureAlbum
from sim.pages.inline_svg import InlineSvgError, inline_svg
from sim.plots.figure_data import FigureData

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="9pt" height="9pt" viewBox="0 0 9 9" version="1.1">'
)


def inlined(body, prefix="f1-", label="What it shows"):
    return inline_svg(f"{HEAD}{body}</svg>", prefix, label)


def test_ids_are_its_own_and_only_those_that_are_needed():
    body = (
        '<defs><style>*{a: b}</style><path id="m1" d="M 0 0 \nL 1.2345 2"/></defs>'
        '<g id="figure_1"><g id="text_1"><use xlink:href="#m1" x="1.26" style="fill: #ff0000; '
        'stroke-opacity: 1"/></g></g><g clip-path="url(#c)"/><clipPath id="c"/>'
    )
    assert inlined(body) == (
        '<svg viewBox="0 0 9 9" width="9" height="9" role="img" aria-label="What it shows" '
        'font-family="DejaVu Sans, Verdana, sans-serif" stroke-linejoin="round">'
        '<defs><path id="f1-m1" d="M 0 0 L 1.2 2" /></defs>'
        '<use href="#f1-m1" x="1.2" fill="#ff0000" />'
        '<g clip-path="url(#f1-c)" /><clipPath id="f1-c" /></svg>'
    )


def test_text_stays_text():
    svg = inlined('<text transform="rotate(-0 1 2)">a &lt;b&gt; &amp; c</text>', label='"<i>"')
    assert "<text>a &lt;b&gt; &amp; c</text>" in svg
    assert 'aria-label="&quot;&lt;i&gt;&quot;"' in svg


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>1</script>", "the element script"),
        ("<foreignObject/>", "the element foreignObject"),
        ('<g onload="1"/>', "the attribute onload"),
        ('<g style="behavior: url(x)"/>', "the attribute behavior"),
        ('<image xlink:href="http://a/b.png"/>', "anything outside themselves"),
        ('<use xlink:href="a.svg#b"/>', "anything outside themselves"),
    ],
)
def test_what_no_figure_of_ours_has_is_refused(body, fault):
    with pytest.raises(InlineSvgError, match=fault):
        inlined(body)


def test_a_figure_says_its_title_once_and_is_left_out_where_there_is_no_room(
    strange_run, monkeypatch
):
    album = FigureAlbum(FigureData.read(strange_run))
    (figure,) = album.figures(("patterns",), most=1)
    assert figure.title not in figure.svg.partition(">")[2]
    assert f'aria-label="{figure.title}. {figure.below[:20]}' in figure.svg
    assert "A scenario, not a forecast." in figure.svg
    monkeypatch.setattr("sim.pages.figure_album.MOST_BYTES", len(figure.svg) + 1)
    assert album.figures(("patterns",), most=1) == ()
    assert album.left_out == 1
