"""A picture of lines on logarithmic axes, as SVG. (The Charts room's line chart has a logarithmic
y axis only, and chooses its own dashes.)

Text and axes take the surrounding text's color, so that one picture serves light and dark pages.
"""

import math
from xml.sax.saxutils import escape

COLORS = ["#0b84a5", "#c9820a", "#3f9b5f", "#c8553d", "#8f6bb3", "#7f7f2a"]
WIDTH, HEIGHT = 760, 520
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 50, 55


class Axis:
    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def place(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(self.start + share * (self.end - self.start), 1)


def text(x, y, words, anchor="middle", size=12, extra=""):
    return (f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="currentColor" {extra}>{escape(words)}</text>')


def line(points, color, dash="", width=1.8):
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}"{dashes}/>'


def short_time(microseconds):
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:g} {unit}"
    return f"{microseconds:g} µs"


def chart(title, x_label, y_label, lines, floors, note):
    """`lines`: [(name, [(x, y)])], drawn with dots; `floors`: [(color's number or None, dash,
    [(x, y)])]. All numbers are positive; y is in microseconds."""
    points = [point for _, values in lines for point in values]
    drawn = points + [point for *_, values in floors for point in values]
    xs, ys = [x for x, _ in points], [y for _, y in drawn]
    # Floors far below the lowest line are cut off.
    low = max(min(ys), min(y for _, y in points) / 10)
    x = Axis(min(xs) / 1.1, max(xs) * 1.1, LEFT, WIDTH - RIGHT)
    y = Axis(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(max(ys))),
             HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" style="max-width:{WIDTH}px">',
        f"<title>{escape(title)}</title>",
        text(LEFT, 20, title, "start", 15, 'font-weight="bold"'),
        text(LEFT, 40, y_label, "start"),
        text((x.start + x.end) / 2, HEIGHT - 12, x_label),
        f'<clipPath id="plot"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath>',
    ]
    decade = y.low
    while decade <= y.high * 1.001:
        place = y.place(decade)
        parts.append(f'<path d="M{LEFT} {place} H{WIDTH - RIGHT}" stroke="currentColor" '
                     'stroke-opacity="0.15"/>')
        parts.append(text(LEFT - 6, place + 4, short_time(decade), "end", 11))
        decade *= 10
    for value in sorted(set(xs)):
        parts.append(text(x.place(value), HEIGHT - BOTTOM + 18, f"{value:g}", size=11))
    parts.append('<g clip-path="url(#plot)">')
    for color, dash, values in floors:
        stroke = "currentColor" if color is None else COLORS[color % len(COLORS)]
        parts.append(line([(x.place(a), y.place(b)) for a, b in values], stroke, dash, 1.1))
    parts.append("</g>")
    for number, (name, values) in enumerate(lines):
        color = COLORS[number % len(COLORS)]
        places = [(x.place(a), y.place(b)) for a, b in values]
        parts.append(line(places, color))
        parts += [f'<circle cx="{a}" cy="{b}" r="2.6" fill="{color}"/>' for a, b in places]
        # The legend has the lines from top to bottom as they end.
        row = TOP + 10 + 18 * (len(lines) - 1 - number)
        parts.append(line([(WIDTH - RIGHT + 14, row), (WIDTH - RIGHT + 34, row)], color))
        parts.append(text(WIDTH - RIGHT + 40, row + 4, name, "start"))
    row = TOP + 18 * len(lines) + 16
    for words, dash in note:
        parts.append(line([(WIDTH - RIGHT + 14, row), (WIDTH - RIGHT + 34, row)],
                          "currentColor", dash, 1.1))
        parts.append(text(WIDTH - RIGHT + 40, row + 4, words, "start", 11))
        row += 18
    return "\n".join(parts + ["</svg>"]) + "\n"
