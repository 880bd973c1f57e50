"""Writes Sources/Datasets/DigitsData.swift and IrisData.swift from scikit-learn's copies.

Usage: python Scripts/make-digits.py        (needs scikit-learn; only to make the files anew)

digits: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI 1998,
        doi:10.24432/C50P49, CC BY 4.0 (the test part, 1,797 images of 8x8 pixels 0...16).
iris:   R. A. Fisher, "Iris", Fisher 1936; UCI 1988, doi:10.24432/C56C76, CC BY 4.0.
"""

from pathlib import Path

from sklearn.datasets import load_digits, load_iris

folder = Path(__file__).resolve().parent.parent / "Sources" / "Datasets"


def swift(name, comment, lines):
    text = "// Made by Scripts/make-digits.py; do not edit.\n\n"
    text += "".join(f"/// {line}".rstrip() + "\n" for line in comment)
    text += f'let {name}: StaticString = """\n'
    return text + "".join(f"  {line}\n" for line in lines) + '  """\n'


digits = load_digits()
pixels = "0123456789abcdefg"
(folder / "DigitsData.swift").write_text(swift(
    "digitsText",
    ["The UCI digits: a line an image, its label first, then its 8×8 pixels row by row,",
     "one character each: 0…9 and a…g for the values 0…16.",
     "",
     "E. Alpaydin, C. Kaynak, \"Optical Recognition of Handwritten Digits\", UCI 1998,",
     "doi:10.24432/C50P49, CC BY 4.0; the part and the order that scikit-learn ships."],
    [str(label) + "".join(pixels[int(p)] for p in row)
     for row, label in zip(digits.data, digits.target)]))

iris = load_iris()
(folder / "IrisData.swift").write_text(swift(
    "irisText",
    ["Fisher's iris: sepal length, sepal width, petal length, petal width in cm; class number.",
     "",
     "R. A. Fisher, \"Iris\", Fisher 1936; UCI 1988, doi:10.24432/C56C76, CC BY 4.0; scikit-learn's copy,",
     "which follows the paper in the two rows where UCI's file has errors (35 and 38)."],
    [",".join(f"{v:g}" for v in row) + f",{label}" for row, label in zip(iris.data, iris.target)]))
