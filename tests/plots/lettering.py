"""The texts of a figure as the renderer draws them, with their positions on the page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from sim.plots.pages import our_look

SLACK = 0.012  # inches by which boxes may meet: they hold more than ink


@dataclass(frozen=True)
class Lettering:
    """A line of text on the page, in inches."""

    text: str
    angle: float
    left: float
    low: float
    right: float
    high: float

    def meets(self, other: Lettering) -> bool:
        """Return whether two texts overlap; texts of the same slant are compared along it."""
        if self.angle % 90 and self.angle == other.angle:
            return False
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.high, other.high) - max(self.low, other.low)
        return across > SLACK and along > SLACK


def letterings(figure, dpi):
    """Return every line of text that is drawn, at a resolution."""
    found = []

    class Noting(RendererAgg):
        def draw_text(self, *arguments, **_):
            _, x, y, s, prop, angle, *_ = arguments
            wide, tall, down = self.get_text_width_height_descent(s, prop, ismath=False)
            width, height = (each / dpi for each in (wide, tall))
            left, low = x / dpi, self.height / dpi - y / dpi - down / dpi
            if angle % 180 == 90:
                left, width, height = left - height, height, width
            elif angle:  # leaning text goes down to the left of its end
                width = height = 0.1
            found.append(Lettering(s, angle, left, low, left + width, low + height))

    with our_look():
        figure.set_dpi(dpi)
        FigureCanvasAgg(figure)
        width, height = figure.get_size_inches() * dpi
        figure.draw(Noting(int(width), int(height), dpi))
    return [each for each in found if each.text.strip()]


def faults(figure, dpi):
    """Return the faults of the texts of a figure: overlaps, and texts beyond the page."""
    width, height = figure.get_size_inches()
    drawn = letterings(figure, dpi)
    beyond = [
        f"{each.text!r} leaves the page"
        for each in drawn
        if min(each.left, each.low) < -SLACK
        or each.right > width + SLACK
        or each.high > height + SLACK
    ]
    over = [f"{a.text!r} on {b.text!r}" for a, b in combinations(drawn, 2) if a.meets(b)]
    return beyond + over
