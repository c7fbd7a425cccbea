"""Case 2: a burst fracture of L1 after a fall, CT, in Chinese; headers in GB18030."""

import objects
import pictures
import plant
from people import STRANGER, THORACOLUMBAR as WHO
from pictures import phantom

STUDY = dict(number="1", date="20231106", time="152248.431700", accession="CTDL2311060417", id="DL60417",
             description="仝熠澜 胸腰段CT平扫", procedure="胸腰段CT 逯霁川医师申请")
FOLDER = "CT_20231106_仝熠澜"
AXIAL = dict(number=2, modality="CT", description="轴位骨窗 仝熠澜", protocol="澹岭胸腰段", gap=9,
             image_type=["ORIGINAL", "PRIMARY", "AXIAL"])
SAGITTAL = dict(AXIAL, number=3, description="矢状位重建", gap=8,
                image_type=["DERIVED", "PRIMARY", "REFORMATTED"])
SCREEN = dict(number=8, modality="CT", description="屏幕截图", protocol="工作站")
SPACING = 0.9


def spine():
    return pictures.thoracolumbar(wedge={"L1": 0.42}, tilt=[10, 9, 8, -1, -10, -9, -2])


def write(out):
    """Writes the objects; returns (path, object, expectation, class) of each."""
    made = [*axial(), *sagittal(), screenshot(), stray()]
    for path, ds, *_ in made:
        objects.save(ds, out / path)
    return made


def axial():
    """From T12 (whole) through L1 (burst) to L2 (whole)."""
    column, px = spine(), 0.75
    for number, (name, part, fracture) in enumerate(
            [("T12", 0.5, 0.0), ("L1", 0.2, 1.0), ("L1", 0.5, 0.8), ("L1", 0.8, 0.35), ("L2", 0.5, 0.0)], 1):
        pixels = pictures.axial_ct(fracture, px, 400 + number)
        a, b = column.spans[name]
        place = objects.axial_place(px, column, a + part * (b - a), 0.0, centre=0.42, thick=3.0)
        ds = objects.ct(WHO, STUDY, AXIAL, number, pixels, place, objects.CT_UNSIGNED)
        plant.private(ds, "DANLING PACS", ["仝熠澜", "厍芷蘅"], "仝熠澜家属仝砚秋已知情，骨七病区")
        if number == 2:
            plant.original(ds, WHO, STUDY)
            ds.ImageComments = "庹铭瀚医师标注：仝熠澜，1976年3月14日生"
        if number == 5:
            ds = objects.rle(ds)
        yield f"{FOLDER}/轴位/仝熠澜_{number:03d}.dcm", ds, "kept", None


def sagittal():
    """Three reformatted slices with signed values."""
    column = spine()
    for number, x in enumerate((-8.0, 0.0, 8.0), 1):
        pixels = pictures.with_extra(pictures.burst(column, "L1"), phantom.sagittal_lumbar, "CT", column,
                                     SPACING, 500 + number, (150.0, 210.0))
        ds = objects.ct(WHO, STUDY, SAGITTAL, number, pixels, objects.sagittal_place(SPACING, x),
                        objects.CT_SIGNED)
        if number == 1:
            plant.margins(ds, "TONG YILAN ZY0098417 仝熠澜", "导出：仝熠澜，云榷市澹岭医院", "尾部填充 仝熠澜 ZY0098417", WHO)
        yield f"{FOLDER}/矢状位/{number}.dcm", ds, "kept", None


def screenshot():
    """A workstation's screen with the patient's data in the picture, and no word of it in the header."""
    pixels = pictures.axial_ct(1.0, 0.75, 402)
    lines = ["TONG YILAN", "ID ZY0098417", "M  1976.03.14", "2023.11.06", "DANLING HOSP", "Dr LU JICHUAN"]
    ds = objects.capture(WHO, STUDY, SCREEN, 1, pictures.screenshot(pixels, lines))
    return f"{FOLDER}/截图_仝熠澜.dcm", ds, "withheld", "secondary-capture"


def stray():
    """An object of another patient that lies in the wrong folder."""
    pixels = pictures.axial_ct(0.0, 0.9, 499)
    study = dict(STUDY, number="77", accession="CTDL2311069935", id="DL10098", description="闾丘珩之 腰椎CT",
                 procedure="腰椎CT")
    series = dict(AXIAL, description="轴位 闾丘珩之")
    place = objects.axial_place(0.9, spine(), 60.0, 0.0, centre=0.42, thick=3.0)
    ds = objects.ct(STRANGER, study, series, 1, pixels, place, objects.CT_UNSIGNED)
    return f"{FOLDER}/轴位/DL10098_001.dcm", ds, "rejected", "other-patient"


def uid_of(series, *number):
    return objects.new_uid(WHO, STUDY, series["number"], *number)


def record():
    """What `case.json` says."""
    i1 = dict(imaging="i1")
    return {
        "schema": "spinemed-case/1", "patient": {
            "id": WHO["id"], "names": ["仝熠澜", "仝小澜", "Tong Yilan"], "birth_date": "1976-03-14",
            "identifiers": {
                "physician": ["逯霁川", "郤鹭洲", "庹铭瀚", "厍芷蘅"], "phone": [WHO["phone"], "19900008842"],
                "address": [WHO["home"]], "accession": [STUDY["accession"]], "insurance": ["YB-7730915"],
                "id-card": ["990102197603147714"], "relative": ["仝砚秋"], "place": ["云榷市澹岭医院"]}},
        "language": "zh", "age": 47, "sex": "M", "site": "云榷市澹岭医院脊柱创伤中心",
        "consent": {"status": "given", "expires": "2099-12-31"},
        "ethics": {"number": "澹伦审2023-第118号", "expires": "2099-12-31"},
        "complaint": {"text": "患者仝熠澜，高处坠落后腰背部疼痛、活动受限，伴双下肢无力5小时。",
                      "symptoms": [{"concept": "low-back-pain", "duration": "P1D"}]},
        "history": "患者于2023年11月6日上午约10时作业时自约3米高处坠落，臀部先着地，当即感腰背部剧烈疼痛，不能站立，双下肢无力、"
                   "麻木，无昏迷，无恶心呕吐，排尿费力。由其弟仝砚秋（电话19900008842）陪同来院，住院号ZY0098417，骨七病区23床。"
                   "身份证号990102197603147714。既往体健，否认骨质疏松及肿瘤病史。",
        "examination": "腰背部肿胀，胸腰段棘突压痛及叩击痛明显，局部轻度后凸。双侧髂腰肌肌力4级，股四头肌肌力4级，踝背伸及跖屈肌力"
                       "4级。双侧腹股沟以下痛觉减退，鞍区感觉存在，肛门括约肌可自主收缩。膝腱、跟腱反射减弱，双侧Babinski征阴性。"
                       "Frankel分级D级。查体医师：蔺楚桓。",
        "imaging": [{
            "id": "i1", "modality": "CT", "date": "2023-11-06", "study_uid": objects.new_uid(WHO, STUDY),
            "text": "检查号CTDL2311060417，胸腰段CT平扫。L1椎体爆裂骨折，椎体前缘高度丢失约42%，上终板及后壁粉碎，后上角骨块向后"
                    "突入椎管约6mm，T12/L1节段椎管中度狭窄。T12、L2椎体未见骨折。L1双侧椎弓根及椎板完整，T12/L1双侧小关节"
                    "对位良好，未见脱位。L1棘突未见骨折。局部后凸角约18度。报告医师庹铭瀚，2023.11.06 15:48。",
            "impression": "L1椎体爆裂骨折，后壁骨块突入椎管，T12/L1节段椎管中度狭窄；胸腰段局部后凸。"}],
        "findings": [
            {"concept": "burst-fracture", "level": "L1", **i1, "shown": ["k1", "k2"]},
            {"concept": "spinal-canal-stenosis", "level": "T12/L1",
             "grade": {"scale": "severity", "value": "Moderate"}, **i1,
             "shown": ["k2"]},
            {"concept": "kyphosis", "level": "T12..L2", "measure": {"value": "18", "unit": "deg"}, **i1,
             "shown": ["k1"]},
            {"concept": "vertebral-fracture", "level": "T12", "negated": True, **i1, "shown": ["k1", "k3"]},
            {"concept": "vertebral-fracture", "level": "L2", "negated": True, **i1, "shown": ["k1"]},
            {"concept": "facet-dislocation", "level": "T12/L1", "negated": True, **i1},
            {"concept": "spinous-process-fracture", "level": "L1", "negated": True, **i1}],
        "diagnoses": [{"concept": "burst-fracture", "level": "L1"}, {"concept": "spinal-cord-injury"}],
        "treatments": [
            {"concept": "pedicle-screw-fixation", "level": "T12..L2", "date": "2023-11-08",
             "text": "全麻下行后路T12至L2椎弓根螺钉固定、撑开复位，主刀逯霁川。"},
            {"concept": "decompression", "level": "T12/L1", "date": "2023-11-08",
             "text": "行L1椎板开窗，将突入椎管的骨块推回复位，探查硬膜囊膨隆良好，无脑脊液漏。"},
            {"concept": "bracing", "date": "2023-11-11", "text": "佩戴胸腰支具下地活动，共三个月。"}],
        "course": "术后第1天双下肢肌力恢复至4+级，术后第3天佩戴支具下地，拔除尿管后自行排尿。2023年11月19日出院。",
        "complications": ["术后第4天切口少量浆液性渗出，换药后一周内愈合，细菌培养阴性。"],
        "outcome": "末次随访腰背痛视觉模拟评分由术前8分降至1分，Frankel分级由D级恢复至E级，矫正后局部后凸角为5度，未见内固定松动。",
        "follow_up": [
            {"date": "2023-12-20", "text": "术后六周：切口愈合良好，双下肢肌力5级，可室内行走。"},
            {"date": "2024-11-07", "text": "术后一年：骨折愈合，椎体前缘高度维持，恢复轻体力工作。电话回访19900007316。"}],
        "key_images": [
            {"id": "k1", "series_uid": uid_of(SAGITTAL), "instance_uid": uid_of(SAGITTAL, 2)},
            {"id": "k2", "series_uid": uid_of(AXIAL), "instance_uid": uid_of(AXIAL, 2)},
            {"id": "k3", "series_uid": uid_of(AXIAL), "instance_uid": uid_of(AXIAL, 1)}],
    }


# Identifiers of this case beyond those of `people.py`: id, kind of place, spellings.
PLANTED = [
    ("study-date", "header, history, report, folder name",
     ["20231106", "2023-11-06", "2023年11月6日", "2023.11.06"]),
    ("study-time", "header", ["152248.431700"]),
    ("birth-date", "header, image comments, case file", ["19760314", "1976-03-14", "1976年3月14日"]),
    ("operation-date", "treatment", ["2023-11-08"]),
    ("brace-date", "treatment", ["2023-11-11"]),
    ("discharge-date", "course", ["2023年11月19日"]),
    ("six-weeks-date", "follow-up", ["2023-12-20"]),
    ("one-year-date", "follow-up", ["2024-11-07"]),
    ("accession", "header, nested sequence, report", ["CTDL2311060417"]),
    ("study-id", "header", ["DL60417"]),
    ("brother", "history, patient comments, private sequence", ["仝砚秋"]),
    ("phone-brother", "history, patient comments", ["19900008842"]),
    ("id-card", "history, additional patient history", ["990102197603147714"]),
    ("insurance", "additional patient history", ["YB-7730915"]),
    ("ward", "history, patient comments", ["骨七病区", "骨七病区23床"]),
    ("examiner", "examination, named nowhere else", ["蔺楚桓"]),
    ("ethics", "case file", ["澹伦审2023-第118号", "澹伦审"]),
    ("site", "case file", ["澹岭医院脊柱创伤中心", "澹岭医院"]),
    ("hospital", "header, private file meta, case file", ["澹岭", "云榷市", "云榷"]),
    ("street", "header, case file", ["黛溪路"]),
    ("pinyin-name", "preamble, pixels", ["TONG YILAN", "Yilan"]),
    ("private-creator", "private elements", ["DANLING PACS"]),
    ("other-patient-birth-date", "header of the other patient's object", ["19880229"]),
    ("other-patient-accession", "header of the other patient's object", ["CTDL2311069935"]),
    ("other-patient-id-card", "header of the other patient's object", ["990102198802293321"]),
    ("other-patient-ward", "header of the other patient's object", ["骨七病区31床"]),
]
SURVIVES = [
    ("/complaint/text", ["高处坠落后腰背部疼痛", "双下肢无力"]),
    ("/history", ["臀部先着地", "排尿费力", "否认骨质疏松及肿瘤病史"]),
    ("/examination", ["双侧髂腰肌肌力4级", "Frankel分级D级"]),
    ("/imaging/0/text", ["L1椎体爆裂骨折", "椎体前缘高度丢失约42%", "局部后凸角约18度"]),
    ("/imaging/0/impression", ["T12/L1节段椎管中度狭窄"]),
    ("/treatments/1/text", ["探查硬膜囊膨隆良好"]),
    ("/complications/0", ["切口少量浆液性渗出"]),
    ("/outcome", ["恢复至E级"]),
]
