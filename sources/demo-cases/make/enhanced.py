"""Enhanced MR Image Storage (PS3.3 A.36.2): all slices of a series in one object."""

import numpy as np
from pydicom import uid

import objects
from objects import item


def mr(who, study, series, slices, spacing):
    """One object of several sagittal frames; `slices` holds (pixels, x in mm)."""
    ds = objects.shell(who, study, series, 1, uid.EnhancedMRImageStorage)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "NONE"]
    ds.PatientPosition, ds.BodyPartExamined = "HFS", "LSPINE"
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = objects.new_uid(who, study, 800), ""
    contrast(ds, study)
    pulse_sequence(ds, series)
    objects.image(ds, np.concatenate([p for p, _ in slices]), None, objects.MR_STORED)
    ds.Rows = slices[0][0].shape[0]
    del ds.WindowCenter, ds.WindowWidth
    ds.NumberOfFrames = len(slices)
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "00"
    ds.PresentationLUTShape = "IDENTITY"
    ds.AcquisitionContextSequence = []
    dimension = objects.new_uid(who, study, 801)
    ds.DimensionOrganizationSequence = [item(DimensionOrganizationUID=dimension)]
    ds.DimensionIndexSequence = [item(
        DimensionOrganizationUID=dimension, DimensionIndexPointer=0x00209057,
        FunctionalGroupPointer=0x00209111)]
    ds.SharedFunctionalGroupsSequence = [shared(series, spacing)]
    ds.PerFrameFunctionalGroupsSequence = [
        per_frame(number, x, study) for number, (_, x) in enumerate(slices, 1)]
    return ds


def contrast(ds, study):
    """MR Image and Spectroscopy Instance and MR Image Description macros."""
    ds.AcquisitionDateTime, ds.AcquisitionDuration = study["date"] + study["time"], 186.0
    ds.AcquisitionNumber, ds.ContentQualification = 1, "RESEARCH"
    ds.ResonantNucleus, ds.KSpaceFiltering, ds.MagneticFieldStrength = "1H", "NONE", 1.5
    ds.ApplicableSafetyStandardAgency = "IEC"
    ds.PixelPresentation, ds.VolumetricProperties = "MONOCHROME", "VOLUME"
    ds.VolumeBasedCalculationTechnique, ds.ComplexImageComponent = "NONE", "MAGNITUDE"
    ds.AcquisitionContrast = "T2"


def pulse_sequence(ds, series):
    """MR Pulse Sequence (PS3.3 C.8.13.4)."""
    ds.PulseSequenceName, ds.MRAcquisitionType = series["sequence_name"], "2D"
    ds.EchoPulseSequence, ds.MultipleSpinEcho, ds.MultiPlanarExcitation = "SPIN", "NO", "NO"
    ds.PhaseContrast, ds.TimeOfFlightContrast, ds.OversamplingPhase = "NO", "NO", "NONE"
    ds.SteadyStatePulseSequence, ds.EchoPlanarPulseSequence = "NONE", "NO"
    ds.SaturationRecovery, ds.SpectrallySelectedSuppression = "NO", "NONE"
    ds.GeometryOfKSpaceTraversal, ds.SegmentedKSpaceTraversal = "RECTILINEAR", "FULL"
    ds.RectilinearPhaseEncodeReordering = "LINEAR"
    ds.NumberOfKSpaceTrajectories = 1


def shared(series, spacing):
    """Functional groups that all frames have in common (PS3.3 C.8.13.5)."""
    group = item(
        PixelMeasuresSequence=[item(PixelSpacing=[spacing, spacing], SliceThickness=4,
                                    SpacingBetweenSlices=series["gap"])],
        PlaneOrientationSequence=[item(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])],
        PixelValueTransformationSequence=[item(RescaleIntercept=0, RescaleSlope=1, RescaleType="US")],
        FrameVOILUTSequence=[item(WindowCenter=440, WindowWidth=960)],
        FrameAnatomySequence=[item(FrameLaterality="U", AnatomicRegionSequence=[
            objects.code("122496007", "SCT", "Lumbar spine")])],
        MREchoSequence=[item(EffectiveEchoTime=float(series["te"]))])
    group.MRTimingAndRelatedParametersSequence = [item(
        RepetitionTime=series["tr"], FlipAngle=90, EchoTrainLength=series["etl"],
        RFEchoTrainLength=series["etl"], GradientEchoTrainLength=0,
        GradientOutputType="DB_DT", GradientOutput=0.0,
        SpecificAbsorptionRateSequence=[item(SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY",
                                             SpecificAbsorptionRateValue=0.5)],
        OperatingModeSequence=[item(OperatingModeType="STATIC FIELD", OperatingMode="IEC_NORMAL"),
                               item(OperatingModeType="RF", OperatingMode="IEC_NORMAL"),
                               item(OperatingModeType="GRADIENT", OperatingMode="IEC_NORMAL")])]
    group.MRFOVGeometrySequence = [item(
        InPlanePhaseEncodingDirection="COLUMN", MRAcquisitionFrequencyEncodingSteps=256,
        MRAcquisitionPhaseEncodingStepsInPlane=192, PercentSampling=100, PercentPhaseFieldOfView=100)]
    group.MRModifierSequence = [item(
        InversionRecovery="NO", FlowCompensation="NONE", Spoiling="NONE", T2Preparation="NO",
        SpectrallySelectedExcitation="NONE", SpatialPresaturation="NONE",
        PartialFourier="NO", ParallelAcquisition="NO")]
    group.MRImagingModifierSequence = [item(
        MagnetizationTransfer="NONE", BloodSignalNulling="NO", Tagging="NONE",
        TransmitterFrequency=63.9, PixelBandwidth=180)]
    group.MRReceiveCoilSequence = [item(
        ReceiveCoilName="SPINE", ReceiveCoilManufacturerName="", ReceiveCoilType="SURFACE",
        QuadratureReceiveCoil="NO")]
    group.MRTransmitCoilSequence = [item(
        TransmitCoilName="BODY", TransmitCoilManufacturerName="", TransmitCoilType="BODY")]
    group.MRAveragesSequence = [item(NumberOfAverages=2)]
    return group


def per_frame(number, x, study):
    """Functional groups of one frame: its place, and when it was taken."""
    return item(
        FrameContentSequence=[item(
            FrameAcquisitionDateTime=study["date"] + study["time"],
            FrameReferenceDateTime=study["date"] + study["time"], FrameAcquisitionDuration=186000.0,
            FrameAcquisitionNumber=1, StackID="1", InStackPositionNumber=number,
            DimensionIndexValues=[number], FrameComments=study["frame_comment"])],
        PlanePositionSequence=[item(ImagePositionPatient=[f"{x:.3f}", "-90.000", "120.000"])],
        MRImageFrameTypeSequence=[item(
            FrameType=["ORIGINAL", "PRIMARY", "M", "NONE"], PixelPresentation="MONOCHROME",
            VolumetricProperties="VOLUME", VolumeBasedCalculationTechnique="NONE",
            ComplexImageComponent="MAGNITUDE", AcquisitionContrast="T2")])
