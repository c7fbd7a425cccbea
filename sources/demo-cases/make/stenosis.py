"""Case 4: lumbar stenosis at L4/L5 before and after decompression, two MR studies, in Chinese."""

import enhanced
import objects
import pictures
import plant
from people import STENOSIS as WHO
from pictures import phantom

PRIOR = dict(number="1", date="20230916", time="083314.660200", accession="LYMR230916072", id="LY9915A",
             description="濮阳沁笙 腰椎MR平扫", procedure="腰椎MR 璩望舒医师", frame_comment="")
LATER = dict(PRIOR, number="2", date="20240318", time="141952.207800", accession="LYMR240318155",
             id="LY9915B", description="濮阳沁笙 术后复查", frame_comment="濮阳沁笙 术后半年")
FOLDERS = {"1": "术前_20230916", "2": "术后复查_20240318"}
SAGITTAL = dict(number=1, modality="MR", description="矢状位T2", protocol="榴园腰椎", variant="SK",
                sequence_name="tse2d1", tr=3600, te=102, etl=16, gap=8)
AXIAL = dict(SAGITTAL, number=2, description="轴位T2 濮阳沁笙", tr=4100, te=96, gap=4)
SPACING, DISC = 0.9, "L4/L5"


def write(out):
    """Writes the objects; returns (path, object, expectation, class) of each."""
    made = [*before(), *axial(PRIOR, 2), after(), *axial(LATER, 1)]
    for path, ds, *_ in made:
        objects.save(ds, out / path)
    return made


def spine(left):
    wear = {"L3/L4": 0.4, DISC: 0.75, "L5/S1": 0.35}
    return phantom.lumbar(wear=wear, narrow={DISC: left}, collapse={DISC: 0.12}, depth=33.0)


def before():
    """Three sagittal slices of the first study; the middle one shows the narrow canal."""
    for number, x in enumerate((-8.0, 0.0, 8.0), 1):
        pixels = pictures.with_extra(pictures.nothing, phantom.sagittal_lumbar, "T2", spine(4.2 + abs(x) / 20),
                                     SPACING, 700 + number)
        ds = objects.mr(WHO, PRIOR, SAGITTAL, number, pixels, objects.sagittal_place(SPACING, x))
        plant.private(ds, "LINYAN RIS 2", ["濮阳沁笙", "佴青峦"], "陪护亓官钰潼，脊柱三病区")
        if number == 1:
            plant.original(ds, WHO, PRIOR)
            plant.margins(ds, "PUYANG QINSHENG 濮阳沁笙", "榴园医院导出 濮阳沁笙", "濮阳沁笙 PY-20817734", WHO)
        yield f"{FOLDERS['1']}/SAG/濮阳沁笙_{number}.dcm", ds, "kept", None


def axial(study, canal):
    """Three slices: L3/L4, and two at L4/L5."""
    column = spine(4.2 if canal == 2 else 12.0)
    for number, (disc, lift, grade) in enumerate([("L3/L4", 0.0, 0), (DISC, 2.0, canal), (DISC, -2.0, canal)], 1):
        recess = grade if canal == 2 else 0
        pixels = phantom.axial_lumbar("T2", grade, recess, recess, wear=column.wear[disc], px=0.75,
                                      seed=800 + 10 * int(study["number"]) + number)
        place = objects.axial_place(0.75, column, sum(column.spans[disc]) / 2, lift)
        ds = objects.mr(WHO, study, AXIAL, number, pixels, place)
        if number == 1:
            ds.ImageComments = "呼延墨白复核，濮阳沁笙，1955.06.07"
        yield f"{FOLDERS[study['number']]}/AX/{number}", ds, "kept", None


def after():
    """The second study's sagittal slices as frames of one object."""
    slices = []
    for number, x in enumerate((-8.0, 0.0, 8.0), 1):
        column = spine(12.5)
        extra = pictures.laminectomy("T2", column, "L4")
        slices.append((pictures.with_extra(extra, phantom.sagittal_lumbar, "T2", column, SPACING, 720 + number), x))
    ds = enhanced.mr(WHO, LATER, SAGITTAL, slices, SPACING)
    plant.private(ds, "LINYAN RIS 2", ["濮阳沁笙", "佴青峦"], "陪护亓官钰潼，脊柱三病区")
    return f"{FOLDERS['2']}/濮阳沁笙_增强多帧.dcm", ds, "kept", None


def record():
    """What `case.json` says."""
    i1, i2 = dict(imaging="i1"), dict(imaging="i2")

    def key(name, study, series, number, frame=1):
        return {"id": name, "series_uid": objects.new_uid(WHO, study, series["number"]),
                "instance_uid": objects.new_uid(WHO, study, series["number"], number), "frame": frame}

    return {
        "schema": "spinemed-case/1", "patient": {
            "id": WHO["id"], "names": ["濮阳沁笙", "濮阳阿笙", "Puyang Qinsheng"], "birth_date": "1955-06-07",
            "identifiers": {
                "physician": ["璩望舒", "亓朝晖", "呼延墨白", "佴青峦"], "phone": [WHO["phone"], "19900004508"],
                "address": [WHO["home"]], "accession": [PRIOR["accession"], LATER["accession"]],
                "id-card": ["990105195506074824"], "relative": ["亓官钰潼"],
                "place": ["临砚大学附属榴园医院", "榴园医院"], "email": ["wangshu.qu@linyan.example"]}},
        "language": "zh", "age": 68, "sex": "F", "site": "临砚大学附属榴园医院脊柱三病区",
        "consent": {"status": "given", "expires": "2099-12-31"},
        "ethics": {"number": "榴伦快审2023-0562", "expires": "2099-12-31"},
        "complaint": {"text": "腰痛伴双下肢间歇性跛行2年，加重3个月。",
                      "symptoms": [{"concept": "neurogenic-claudication", "duration": "P2Y"},
                                   {"concept": "low-back-pain", "duration": "P2Y"}]},
        "history": "患者濮阳沁笙，2年前无明显诱因出现腰痛，行走约500米后双下肢酸胀麻木，弯腰或坐下休息数分钟后缓解。近3个月行走距离"
                   "缩短至约100米，骑自行车不受限。口服消炎镇痛药及理疗效果不佳。大小便正常。高血压病史10年，服药控制良好。"
                   "由女儿亓官钰潼陪同，于2023年9月14日收入脊柱三病区08床，身份证号990105195506074824。",
        "examination": "腰椎后伸受限并诱发双小腿麻木。双侧直腿抬高试验70度阴性。双侧趾伸肌力4级，其余肌力5级。双小腿外侧及足背痛觉"
                       "轻度减退。双侧足背动脉搏动良好，Babinski征阴性。查体者：郏语棠医师。",
        "imaging": [
            {"id": "i1", "modality": "MR", "date": "2023-09-16", "study_uid": objects.new_uid(WHO, PRIOR),
             "text": "检查日期2023-09-16，检查号LYMR230916072。腰椎序列连续，各椎体高度正常，未见滑脱。L4/L5椎间盘信号减低，"
                     "Pfirrmann分级4级，椎间盘膨出，双侧黄韧带肥厚，L4/L5椎管重度狭窄，双侧侧隐窝重度狭窄，硬膜囊受压，"
                     "马尾神经聚拢。L3/L4椎管未见狭窄。圆锥位置正常。报告呼延墨白，审核亓朝晖。",
             "impression": "L4/L5椎间盘膨出、黄韧带肥厚，椎管重度狭窄。"},
            {"id": "i2", "modality": "MR", "date": "2024-03-18", "study_uid": objects.new_uid(WHO, LATER),
             "text": "与2023年9月16日片比较：L4椎板切除术后改变，术区后方少量积液及瘢痕信号。L4/L5硬膜囊膨胀良好，残余轻度椎管"
                     "狭窄，未见椎间盘突出，未见硬膜外血肿，L4椎体无向前滑脱。检查号LYMR240318155，报告呼延墨白。",
             "impression": "L4/L5减压术后，椎管残余轻度狭窄，未见复发及滑脱。"}],
        "findings": [
            {"concept": "spinal-canal-stenosis", "level": "L4/L5",
             "grade": {"scale": "severity", "value": "Severe"}, **i1, "shown": ["k1", "k2"]},
            {"concept": "subarticular-stenosis", "level": "L4/L5", "side": "bilateral",
             "grade": {"scale": "severity", "value": "Severe"}, **i1, "shown": ["k2"]},
            {"concept": "ligamentum-flavum-hypertrophy", "level": "L4/L5", "side": "bilateral", **i1,
             "shown": ["k2"]},
            {"concept": "disc-bulge", "level": "L4/L5", **i1, "shown": ["k1"]},
            {"concept": "disc-degeneration", "level": "L4/L5", "grade": {"scale": "pfirrmann", "value": "4"}, **i1,
             "shown": ["k1"]},
            {"concept": "thecal-sac-compression", "level": "L4/L5", **i1, "shown": ["k1", "k2"]},
            {"concept": "spinal-canal-stenosis", "level": "L3/L4", "negated": True, **i1, "shown": ["k1"]},
            {"concept": "spondylolisthesis", "level": "L4/L5", "negated": True, **i1, "shown": ["k1"]},
            {"concept": "spinal-canal-stenosis", "level": "L4/L5",
             "grade": {"scale": "severity", "value": "Mild"}, **i2, "shown": ["k3", "k4"]},
            {"concept": "disc-herniation", "level": "L4/L5", "negated": True, **i2, "shown": ["k3", "k4"]},
            {"concept": "epidural-hematoma", "level": "L4/L5", "negated": True, **i2, "shown": ["k3"]}],
        "diagnoses": [{"concept": "spinal-canal-stenosis", "level": "L4/L5"},
                      {"concept": "neurogenic-claudication"}],
        "treatments": [
            {"concept": "physical-therapy", "date": "2023-07-05", "text": "门诊理疗及腰背肌锻炼八周，效果不佳。"},
            {"concept": "laminectomy", "level": "L4", "date": "2023-09-21",
             "text": "全麻下行L4全椎板切除，切除肥厚黄韧带，双侧侧隐窝扩大，未行融合。术者璩望舒。"},
            {"concept": "decompression", "level": "L4/L5", "date": "2023-09-21",
             "text": "探查双侧L5神经根松弛，硬膜囊搏动恢复，出血约150mL。"}],
        "course": "9月21日手术，术后平卧3天，第4天佩戴腰围下地，双下肢麻木明显减轻，2023年9月30日出院。",
        "complications": ["术中硬脊膜小裂口一处，长约3mm，即刻缝合修补，术后未发生脑脊液漏。"],
        "outcome": "行走距离由约100米恢复至1500米以上，下肢痛视觉模拟评分由7分降至1分，Oswestry功能障碍指数由58%降至20%。",
        "follow_up": [
            {"date": "2023-12-22", "text": "术后三个月：切口愈合好，无头痛，可连续行走约1000米。"},
            {"date": "2024-03-18", "text": "术后半年复查磁共振，症状无复发。下次联系电话19900004471。"}],
        "key_images": [key("k1", PRIOR, SAGITTAL, 2), key("k2", PRIOR, AXIAL, 2), key("k3", LATER, SAGITTAL, 1, 2),
                       key("k4", LATER, AXIAL, 2)],
    }


# Identifiers of this case beyond those of `people.py`: id, kind of place, spellings.
PLANTED = [
    ("study-date-prior", "header, report, folder name", ["20230916", "2023-09-16", "2023年9月16日"]),
    ("study-date-later", "header, case file, folder name", ["20240318", "2024-03-18", "2024年3月18日"]),
    ("study-time-prior", "header", ["083314.660200"]),
    ("study-time-later", "header, functional groups", ["141952.207800"]),
    ("birth-date", "header, image comments, case file", ["19550607", "1955-06-07", "1955.06.07"]),
    ("admission-date", "history", ["2023年9月14日"]),
    ("therapy-date", "treatment", ["2023-07-05"]),
    ("operation-date", "treatment, course without its year", ["2023-09-21", "9月21日"]),
    ("discharge-date", "course", ["2023年9月30日"]),
    ("three-months-date", "follow-up", ["2023-12-22"]),
    ("accession-prior", "header, nested sequence, report", ["LYMR230916072"]),
    ("accession-later", "header, nested sequence, report", ["LYMR240318155"]),
    ("study-id", "header", ["LY9915A", "LY9915B"]),
    ("daughter", "patient comments, history, private sequence", ["亓官钰潼"]),
    ("phone-daughter", "patient comments", ["19900004508"]),
    ("id-card", "history, additional patient history", ["990105195506074824"]),
    ("email", "sequence at depth 3", ["wangshu.qu@linyan.example", "linyan.example"]),
    ("ward", "patient comments, history, site", ["脊柱三病区", "脊柱三病区08床"]),
    ("examiner", "examination, named nowhere else", ["郏语棠"]),
    ("ethics", "case file", ["榴伦快审2023-0562", "榴伦快审"]),
    ("site", "case file", ["榴园医院", "附属榴园"]),
    ("hospital", "header, private file meta, case file", ["榴园", "临砚"]),
    ("street", "header, case file", ["梧桐墩街"]),
    ("pinyin-name", "preamble, case file", ["PUYANG QINSHENG", "Puyang Qinsheng"]),
    ("private-creator", "private elements", ["LINYAN RIS"]),
]
SURVIVES = [
    ("/complaint/text", ["双下肢间歇性跛行2年"]),
    ("/history", ["弯腰或坐下休息数分钟后缓解", "行走距离", "高血压病史10年"]),
    ("/examination", ["双侧直腿抬高试验70度阴性"]),
    ("/imaging/0/text", ["双侧黄韧带肥厚", "L4/L5椎管重度狭窄"]),
    ("/imaging/1/impression", ["椎管残余轻度狭窄"]),
    ("/treatments/1/text", ["L4全椎板切除"]),
    ("/complications/0", ["即刻缝合修补"]),
    ("/outcome", ["恢复至1500米以上"]),
]
