"""What enhanced objects must say of their acquisition, and what has nothing to do with people.

PS3.3, C.8.13 (enhanced MR) and C.8.15 (enhanced CT).
"""

from .planted import item, items


def mr_pulse_sequence(ds):
    """C.8.13.4, and C.8.13.3's MR attributes."""
    ds.PulseSequenceName, ds.MRAcquisitionType = "space", "3D"
    ds.EchoPulseSequence, ds.MultipleSpinEcho, ds.MultiPlanarExcitation = "SPIN", "NO", "NO"
    ds.PhaseContrast, ds.TimeOfFlightContrast, ds.SteadyStatePulseSequence = "NO", "NO", "NONE"
    ds.EchoPlanarPulseSequence, ds.SaturationRecovery = "NO", "NO"
    ds.SpectrallySelectedSuppression = "NONE"
    ds.OversamplingPhase, ds.GeometryOfKSpaceTraversal = "NONE", "RECTILINEAR"
    ds.RectilinearPhaseEncodeReordering, ds.SegmentedKSpaceTraversal = "LINEAR", "SINGLE"
    ds.CoverageOfKSpace, ds.NumberOfKSpaceTrajectories = "FULL", 1


def mr_shared(groups):
    """Macros of C.8.13.5 that every enhanced MR image has."""
    groups.MRImageFrameTypeSequence = items(
        item(FrameType=["ORIGINAL", "PRIMARY", "SPINE", "NONE"], PixelPresentation="MONOCHROME",
             VolumetricProperties="VOLUME", VolumeBasedCalculationTechnique="NONE",
             ComplexImageComponent="MAGNITUDE", AcquisitionContrast="T2")
    )  # fmt: skip
    timing = groups.MRTimingAndRelatedParametersSequence[0]
    timing.OperatingModeSequence = items(
        item(OperatingModeType="STATIC FIELD", OperatingMode="IEC_NORMAL")
    )
    timing.SpecificAbsorptionRateSequence = items(
        item(SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=0.4)
    )
    timing.GradientOutputType, timing.GradientOutput = "PER_NERVE_STIM", 20.0
    groups.MRFOVGeometrySequence = items(
        item(InPlanePhaseEncodingDirection="ROW", MRAcquisitionFrequencyEncodingSteps=64,
             MRAcquisitionPhaseEncodingStepsInPlane=64, MRAcquisitionPhaseEncodingStepsOutOfPlane=3,
             PercentSampling="100", PercentPhaseFieldOfView="100")
    )  # fmt: skip
    groups.MRModifierSequence = items(
        item(InversionRecovery="NO", FlowCompensation="NONE", Spoiling="NONE", T2Preparation="NO",
             SpectrallySelectedExcitation="NONE", SpatialPresaturation="NONE", PartialFourier="NO",
             ParallelAcquisition="NO")
    )  # fmt: skip
    groups.MRReceiveCoilSequence = items(
        item(ReceiveCoilName="SPINE32", ReceiveCoilManufacturerName="Imaginary Devices",
             ReceiveCoilType="MULTICOIL", QuadratureReceiveCoil="NO",
             MultiCoilDefinitionSequence=items(
                 item(MultiCoilElementName="S1", MultiCoilElementUsed="YES")))
    )  # fmt: skip
    groups.MRTransmitCoilSequence = items(
        item(TransmitCoilName="BODY", TransmitCoilManufacturerName="Imaginary Devices",
             TransmitCoilType="BODY")
    )  # fmt: skip
    groups.PixelValueTransformationSequence = items(
        item(RescaleIntercept="0", RescaleSlope="1", RescaleType="US")
    )
    groups.MRAveragesSequence = items(item(NumberOfAverages="1"))
    groups.MRImagingModifierSequence = items(
        item(TransmitterFrequency=127.7, PixelBandwidth="200", MagnetizationTransfer="NONE",
             BloodSignalNulling="NO", Tagging="NONE")
    )  # fmt: skip


def ct_shared(groups, event):
    """Macros of C.8.15.3 that every original enhanced CT image has."""
    groups.CTImageFrameTypeSequence = items(
        item(FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"], PixelPresentation="MONOCHROME",
             VolumetricProperties="VOLUME", VolumeBasedCalculationTechnique="NONE")
    )  # fmt: skip
    groups.CTAcquisitionTypeSequence = items(
        item(AcquisitionType="SPIRAL", ConstantVolumeFlag="NO", FluoroscopyFlag="NO")
    )
    groups.CTAcquisitionDetailsSequence = items(
        item(RotationDirection="CW", RevolutionTime=0.5, SingleCollimationWidth=0.6,
             TotalCollimationWidth=38.4, TableHeight="120", GantryDetectorTilt="0",
             DataCollectionDiameter="500")
    )  # fmt: skip
    groups.CTTableDynamicsSequence = items(
        item(TableSpeed=40.0, TableFeedPerRotation=20.0, SpiralPitchFactor=0.8)
    )
    groups.CTGeometrySequence = items(
        item(DistanceSourceToDetector="1000", DistanceSourceToDataCollectionCenter=550.0)
    )
    groups.CTReconstructionSequence = items(
        item(ReconstructionAlgorithm="FILTER_BACK_PROJ", ConvolutionKernel="B60s",
             ConvolutionKernelGroup="BONE", ReconstructionDiameter="90",
             ReconstructionPixelSpacing=[0.7, 0.7], ReconstructionAngle=360.0, ImageFilter="NONE")
    )  # fmt: skip
    groups.CTExposureSequence = items(
        item(ExposureTimeInms=500.0, XRayTubeCurrentInmA=200.0, ExposureInmAs=100.0,
             ExposureModulationType="NONE", CTDIvol=8.1)
    )  # fmt: skip
    groups.CTPositionSequence = items(
        item(TablePosition=100.0, DataCollectionCenterPatient=[0.0, 0.0, 0.0],
             ReconstructionTargetCenterPatient=[0.0, 0.0, 0.0])
    )  # fmt: skip
    groups.FrameAnatomySequence = items(item(FrameLaterality="U"))
    groups.IrradiationEventIdentificationSequence = items(item(IrradiationEventUID=event))
