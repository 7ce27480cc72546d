"""The gallery is what its command writes: every figure is there, with its commands, and small."""

from __future__ import annotations

import re

from bench import gallery


def test_the_page_is_that_of_the_command():
    assert gallery.PAGE.read_text("utf-8") == gallery.page(), "run `make gallery`"


def test_every_picture_is_there_and_all_of_them_are_small():
    files = {path.stem: path for path in gallery.PICTURES.iterdir()}
    assert set(files) == {picture.file for picture in gallery.PICTURES_OF}
    assert sum(path.stat().st_size for path in files.values()) < gallery.LARGEST
    for path in files.values():
        words = " ".join(re.findall(r">([^<]+)</t(?:ext|span)>", path.read_text("utf-8")))
        assert "A scenario, not a forecast." in " ".join(words.split()), path
