"""Writes Tests/DatasetsTests/PNGFixtures.swift: small PNG images of every color type, depth, filter
and interlacing, packed by Python's zlib, and the pixels that are expected of them.

Usage: python Scripts/make-png-fixtures.py        (needs nothing but Python)
"""

import base64
import struct
import zlib
from pathlib import Path

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]


def chunk(name, body):
    data = name.encode() + body
    return struct.pack(">I", len(body)) + data + struct.pack(">I", zlib.crc32(data))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step, choose):
    """The rows with a filter each, the byte of its number in front."""
    result, above = b"", None
    for number, row in enumerate(rows):
        kind = choose(number)
        line = bytearray([kind])
        for i, value in enumerate(row):
            left = row[i - step] if i >= step else 0
            up = above[i] if above else 0
            corner = above[i - step] if above and i >= step else 0
            guess = [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]
            line.append((value - guess) % 256)
        result += bytes(line)
        above = row
    return result


def packed(samples, depth):
    """A row's numbers as bytes."""
    if depth == 16:
        return b"".join(struct.pack(">H", value) for value in samples)
    if depth == 8:
        return bytes(samples)
    bits = "".join(format(value, f"0{depth}b") for value in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def image(width, height, depth, color, interlaced, choose, palette=None, transparency=b""):
    count = CHANNELS[color]
    top = len(palette) if palette else 1 << depth
    numbers = [[[(x * 37 + y * 91 + c * 53 + x * y * 11 + (x ^ y) * 1009) % top
                 for c in range(count)] for x in range(width)] for y in range(height)]
    if depth == 16:
        numbers = [[[(v * 40503) % top for v in p] for p in row] for row in numbers]
    if transparency and color in (0, 2):
        # The second pixel is the one that stands for none.
        hidden = list(struct.unpack(f">{count}H", transparency))
        numbers[0][1] = hidden
    data = b""
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        rows = [packed([v for p in row[x0::dx] for v in p], depth) for row in numbers[y0::dy]]
        rows = [row for row in rows if row]
        data += filtered(rows, max(1, depth * count // 8), choose)
    stream = zlib.compress(data, 9)
    half = len(stream) // 2
    body = b"\x89PNG\r\n\x1a\n"
    body += chunk("IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))
    body += chunk("tEXt", b"Comment\0made by Python")
    if palette:
        body += chunk("PLTE", bytes(v for entry in palette for v in entry))
    if transparency:
        body += chunk("tRNS", transparency)
    body += chunk("IDAT", stream[:half]) + chunk("IDAT", stream[half:]) + chunk("IEND", b"")

    def level(value):
        return value * 255 / ((1 << depth) - 1)

    def over_white(value, alpha):
        mixed = value * alpha / 255 + 255 * (1 - alpha / 255)
        return mixed if depth == 16 else int(mixed + 0.5)

    expected = []
    for row in numbers:
        for pixel in row:
            if color == 3:
                alpha = transparency[pixel[0]] if pixel[0] < len(transparency) else 255
                values = [over_white(v, alpha) for v in palette[pixel[0]]]
            elif color in (0, 2):
                hidden = transparency and pixel == list(struct.unpack(f">{count}H", transparency))
                values = [255] * count if hidden else [level(v) for v in pixel]
            else:
                values = [over_white(level(v), level(pixel[-1])) for v in pixel[:-1]]
            expected += values
    return body, 1 if color in (0, 4) else 3, expected


def cases():
    turn = lambda row: row % 5
    for depth in (1, 2, 4, 8, 16):
        yield f"gray, {depth} bits", (13, 6, depth, 0, 0, turn)
    for kind in range(5):
        yield f"rgb, filter {kind}", (4, 3, 8, 2, 0, lambda row, kind=kind: kind)
    yield "rgb, 16 bits", (3, 6, 16, 2, 0, turn)
    yield "gray and alpha", (4, 5, 8, 4, 0, turn)
    yield "gray and alpha, 16 bits", (3, 5, 16, 4, 0, turn)
    yield "rgb and alpha", (4, 5, 8, 6, 0, turn)
    yield "rgb and alpha, 16 bits", (2, 5, 16, 6, 0, turn)
    for depth in (1, 2, 4, 8):
        entries = min(1 << depth, 20)
        palette = [((i * 71) % 256, (i * 29 + 7) % 256, 255 - i * 3) for i in range(entries)]
        yield f"palette, {depth} bits", (11, 5, depth, 3, 0, turn, palette)
    yield "palette with transparency", (7, 5, 4, 3, 0, turn, palette[:9], bytes([0, 255, 100]))
    yield "gray with a hidden one", (4, 3, 4, 0, 0, turn, None, struct.pack(">H", 5))
    yield "rgb with a hidden one", (4, 3, 8, 2, 0, turn, None, struct.pack(">3H", 9, 8, 7))
    yield "interlaced gray, 1 bit", (9, 10, 1, 0, 1, turn)
    yield "interlaced rgb", (9, 9, 8, 2, 1, turn)
    yield "interlaced, one pixel", (1, 1, 8, 0, 1, turn)
    yield "interlaced, two columns", (2, 3, 16, 0, 1, turn)
    yield "interlaced palette", (5, 4, 2, 3, 1, turn, palette[:4])


def lines(text, width):
    return [text[i:i + width] for i in range(0, len(text), width)]


parts = []
for name, arguments in cases():
    body, channels, expected = image(*arguments)
    numbers = " ".join(f"{v:.6g}" for v in expected)
    words, line = [], ""
    for number in numbers.split():
        if len(line) + len(number) > 84:
            words.append(line)
            line = ""
        line += (" " if line else "") + number
    words.append(line)
    quote = '"""'
    parts.append(
        f'  PNGFixture(\n    name: "{name}", width: {arguments[0]}, height: {arguments[1]}, '
        f"channels: {channels},\n    file: {quote}\n"
        + "".join(f"      {text}\n" for text in lines(base64.b64encode(body).decode(), 88))
        + f"      {quote},\n    pixels: {quote}\n"
        + "".join(f"      {text}\n" for text in words) + f"      {quote}),\n")

target = Path(__file__).resolve().parent.parent / "Tests" / "DatasetsTests" / "PNGFixtures.swift"
target.write_text(
    "// Made by Scripts/make-png-fixtures.py; do not edit.\n\n"
    "/// A PNG image in Base64, and the numbers of its pixels, 0 to 255, over white.\n"
    "struct PNGFixture: Sendable {\n  var name: String\n  var width: Int\n  var height: Int\n"
    "  var channels: Int\n  var file: String\n  var pixels: String\n}\n\n"
    "/// Images of every color type, depth, filter and interlacing.\n"
    "let pngFixtures: [PNGFixture] = [\n" + "".join(parts) + "]\n")
