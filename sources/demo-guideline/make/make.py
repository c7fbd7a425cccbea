"""Draws the guideline's two pictures: `python make.py OUT`.  The text is written by hand."""

import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "demo-rsna" / "make"))
import phantom  # noqa: E402


def main(out):
    lumbar = phantom.lumbar(narrow={"L4/L5": 4.5, "L3/L4": 12.0}, top=(84.0, -26.0),
                            wear={"L4/L5": 0.95, "L3/L4": 0.6, "L5/S1": 0.7},
                            collapse={"L4/L5": 0.25})
    side = Image.fromarray(phantom.sagittal_lumbar("T2", lumbar, 0.6, 31, (150.0, 204.0)))
    cross = phantom.axial_lumbar(canal=2, left=2, right=2, wear=0.95, px=0.5, seed=32, low=True)
    beside(side, Image.fromarray(cross)).save(out / "lumbar-stenosis.jpg", quality=88)
    neck = phantom.cervical(narrow={"C5/C6": 6.5, "C6/C7": 8.5}, depth=16.0, collapse={"C5/C6": 0.3},
                            wear={"C5/C6": 0.95, "C6/C7": 0.8, "C4/C5": 0.4})
    pixels = phantom.sagittal_cervical("T2", neck, 0.5, 33, (130.0, 165.0), signal=["C5/C6"])
    Image.fromarray(pixels).save(out / "cervical-myelopathy.png", optimize=True)


def beside(left, right):
    """Two pictures in one, the second as tall as the first."""
    right = right.crop((right.width // 8, right.height // 6, right.width * 7 // 8,
                        right.height * 11 // 12))
    right = right.resize((round(right.width * left.height / right.height), left.height),
                         Image.Resampling.BICUBIC)
    both = Image.new("L", (left.width + right.width + 8, left.height), 255)
    both.paste(left, (0, 0))
    both.paste(right, (left.width + 8, 0))
    return both


if __name__ == "__main__":
    main(Path(sys.argv[1]))
