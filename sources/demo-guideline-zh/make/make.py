"""Draws the Chinese guideline's two pictures: `python make.py OUT`.  The text is written by hand."""

import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "demo-rsna" / "make"))
import phantom  # noqa: E402


def main(out):
    lumbar = phantom.lumbar(wear={"L5/S1": 0.95, "L4/L5": 0.7}, collapse={"L5/S1": 0.3},
                            narrow={"L5/S1": 9.0}, top=(84.0, -26.0), depth=33.0)
    Image.fromarray(phantom.sagittal_lumbar("T2", lumbar, 0.6, 41, (150.0, 204.0))).save(
        out / "lumbar-herniation.jpg", quality=88)
    neck = phantom.cervical(narrow={"C4/C5": 6.0}, depth=17.0, collapse={"C4/C5": 0.3},
                            wear={"C4/C5": 0.95, "C5/C6": 0.6, "C6/C7": 0.5})
    pixels = phantom.sagittal_cervical("T2", neck, 0.5, 42, (130.0, 165.0), signal=["C4/C5"])
    Image.fromarray(pixels).save(out / "cervical-myelopathy.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
