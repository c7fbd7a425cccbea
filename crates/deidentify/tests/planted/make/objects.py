"""All objects, patient by patient."""

from . import charsets, clips, documents, marks, odd, plain, volumes
from .marks import GSPS
from .odd import RAW
from .scans import PET, SC, XA
from .sound import US, US_MULTI

WITHOUT_BODY_PART = {GSPS, RAW, PET, SC, XA, US, US_MULTI}


def everything():
    """Every planted object, in the order of the key."""
    for module in (plain, clips, volumes, documents, marks, charsets, odd):
        for planted in module.made():
            _laterality(planted.ds)
            yield planted


def _laterality(ds):
    """General Series wants the side, possibly empty, where no body part tells it (PS3.3, C.7.3.1)."""
    images = ds.get("SOPClassUID") in WITHOUT_BODY_PART
    if images and "BodyPartExamined" not in ds and "ImageLaterality" not in ds:
        ds.Laterality = ""
