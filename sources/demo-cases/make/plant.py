"""Identifiers in the less usual corners of an object: overlays, thumbnails, private elements, an
earlier state of its attributes, and what lies outside the data set.
"""

import numpy as np
from pydicom.dataset import Dataset

import objects
import pictures

PRIVATE = 0x0029


def overlay(ds, lines, at, words):
    """Text as a plane of bits (PS3.3 C.9.2)."""
    plane = pictures.mask((ds.Rows, ds.Columns), lines, at)
    ds.add_new(0x60000010, "US", ds.Rows)
    ds.add_new(0x60000011, "US", ds.Columns)
    ds.add_new(0x60000022, "LO", words)
    ds.add_new(0x60000040, "CS", "G")
    ds.add_new(0x60000050, "SS", [1, 1])
    ds.add_new(0x60000100, "US", 1)
    ds.add_new(0x60000102, "US", 0)
    ds.add_new(0x60001500, "LO", words)
    bits = np.packbits(plane.ravel(), bitorder="little").tobytes()
    ds.add_new(0x60003000, "OW", bits + b"\0" * (len(bits) % 2))


def icon(ds, pixels, lines):
    """A thumbnail with text in it (PS3.3 C.7.6.1.1.6)."""
    small = pictures.letter(np.ascontiguousarray(pixels[::3, ::3][:64, :64]), lines, (2, 4), 9)
    rows, columns = small.shape
    ds.IconImageSequence = [objects.item(
        SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", Rows=rows, Columns=columns,
        BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0, PixelData=objects.data(small, 8))]
    ds.IconImageSequence[0]["PixelData"].VR = "OB"


def private(ds, creator, texts, nested):
    """Private elements: text, text as bytes, and a sequence in a sequence."""
    block = ds.private_block(PRIVATE, creator, create=True)
    for offset, text in enumerate(texts):
        block.add_new(0x10 + offset, "LO", text)
    block.add_new(0x40, "OB", objects.padded(texts[0].encode("utf-8")))
    block.add_new(0x41, "UN", objects.padded(" / ".join(texts).encode("utf-8")))
    inner = Dataset()
    inner.private_block(PRIVATE, creator, create=True).add_new(0x02, "LT", nested)
    outer = Dataset()
    deep = outer.private_block(PRIVATE, creator, create=True)
    deep.add_new(0x01, "SQ", [inner])
    block.add_new(0x50, "SQ", [outer])


def original(ds, who, study):
    """What the object said before an earlier correction: names four sequences deep."""
    issuer = objects.item(
        UniversalEntityID=who["issuer"], UniversalEntityIDType="DNS",
        AssigningFacilitySequence=[objects.item(LocalNamespaceEntityID=who["institution"])],
        AssigningJurisdictionCodeSequence=[objects.code("OLD", "99SPMDEMO", who["other_id"])])
    other = objects.item(PatientID=who["other_id"], IssuerOfPatientID=who["issuer"],
                         TypeOfPatientID="TEXT", IssuerOfPatientIDQualifiersSequence=[issuer])
    before = objects.item(PatientName=who["other_name"], PatientID=who["other_id"],
                          OtherPatientIDsSequence=[other])
    ds.OriginalAttributesSequence = [objects.item(
        SourceOfPreviousValues=who["institution"], ModifyingSystem=who["station"],
        AttributeModificationDateTime=study["date"] + study["time"],
        ReasonForTheAttributeModification="CORRECT", ModifiedAttributesSequence=[before])]


def margins(ds, preamble, information, padding, who):
    """What lies outside the data set: preamble, private file meta, trailing padding."""
    ds.preamble = preamble.encode("utf-8")[:128].ljust(128, b"\0")
    ds.file_meta.PrivateInformationCreatorUID = who["root"] + ".97"
    ds.file_meta.PrivateInformation = objects.padded(information.encode("utf-8"))
    ds.add_new(0xFFFCFFFC, "OB", objects.padded(padding.encode("utf-8")))
