"""The chapter's words: our own; the facts are those of the references at its end.

Each entry is (kind, ...): `h1` and `h2` (number, title), `p` (paragraph), `list` (items),
`fig` and `table` (a key of make.py), `case` (title, paragraphs).
"""

import re

TITLE = "Levels, signs and measurements of the degenerative spine"
NUMBER = "1"
BOOK = "A Demonstration Textbook of the Spine"

ABSTRACT = (
    "This chapter teaches how to name a level, how to read the common signs of degeneration at "
    "it, and which numbers separate one grade from the next. It was written to demonstrate "
    "software; its facts are those of the cited literature, its two cases are invented, and all "
    "its pictures are drawings."
)

FOOTNOTE = (
    "<super>1</super> Some authors number a disc by the vertebra above it alone, so that “the L4 "
    "disc” is their L4/L5 disc. This chapter always names both vertebrae."
)

CHAPTER = [
    ("h1", "1.1", "Naming the level"),
    ("h2", "1.1.1", "The regular pattern"),
    ("p", "The human spine has seven cervical, twelve thoracic and five lumbar vertebrae, then the "
     "sacrum and the coccyx. A disc is named by the two vertebrae that it joins: the L4/L5 disc "
     "lies between L4 and L5 (see Figure 1.1).<super>1</super> There is no disc between C1 and "
     "C2. The spinal cord usually ends as the conus medullaris at the level of the L1/L2 disc; "
     "below it the canal holds the roots of the cauda equina."),
    ("fig", "lateral"),
    ("p", "There are eight cervical roots but only seven cervical vertebrae. The roots C1 to C7 "
     "leave the canal above the pedicle of the vertebra with the same number, so the C6 root "
     "leaves at C5/C6. The C8 root leaves between C7 and T1. From T1 downwards each root leaves "
     "below the pedicle of the vertebra with the same number, so the L4 root leaves through the "
     "L4/L5 foramen."),
    ("h2", "1.1.2", "Transitional vertebrae"),
    ("p", "A lumbosacral transitional vertebra is a last lumbar vertebra with features of the "
     "sacrum, or a first sacral vertebra with features of the lumbar spine. It is found in 4 to "
     "30% of people [1]. Castellvi type I is a transverse process at least 19 mm tall, type II a "
     "joint with the sacrum, type III a bony fusion, and type IV a joint on one side with a fusion "
     "on the other [2]. The level of an operation must therefore be counted on a picture that "
     "shows a certain landmark. Counting down from C2 is the safest method. Counting up from the "
     "sacrum fails in just those patients in whom the number matters."),
    ("h2", "1.1.3", "Which picture for which question"),
    ("p", "Magnetic resonance is the method of choice for discs, roots and the cord. On T1 fat is "
     "bright and cerebrospinal fluid is dark; on T2 cerebrospinal fluid is bright. Computed "
     "tomography shows bone best and is chosen for fractures and defects of the pars. A radiograph "
     "taken standing shows alignment under load, which a picture taken lying down may hide. Bone "
     "density is measured at L1 to L4 and at the hip; a T-score of -2.5 or less defines "
     "osteoporosis [22]."),
    ("h1", "1.2", "The disc and its neighbours"),
    ("h2", "1.2.1", "Which root is compressed"),
    ("p", "At each lumbar level two roots are at risk. The exiting root runs high in the foramen "
     "and has the number of the upper vertebra. The traversing root crosses the disc in the "
     "lateral recess and has the number of the lower vertebra. Figure 1.2 shows both. A paracentral "
     "herniation at L4/L5 typically compresses the traversing L5 root. A foraminal herniation at "
     "L4/L5 compresses the exiting L4 root. A paracentral herniation at L5/S1 compresses the S1 "
     "root, and one at L3/L4 compresses the L4 root."),
    ("p", "In the neck the roots run almost straight outwards. A herniation at C5/C6 compresses the "
     "C6 root, one at C6/C7 compresses the C7 root, and one at C7/T1 compresses the C8 root. C6/C7 "
     "is the most common level of cervical radiculopathy. Table 1.1 gives the signs of the roots "
     "that are most often affected."),
    ("p", "The straight leg raising test stretches the roots L5 and S1. It is positive when the pain "
     "runs below the knee between 30° and 70°. The femoral nerve stretch test examines the roots "
     "L2 to L4. Muscle power is written on a scale of five: 4/5 is movement against some "
     "resistance, and 3/5 is movement against gravity alone."),
    ("fig", "roots"),
    ("h2", "1.2.2", "Degeneration"),
    ("p", "Disc degeneration is graded on sagittal T2-weighted MR pictures by the five grades of "
     "Pfirrmann [3]. The lower lumbar discs, L4/L5 and L5/S1, degenerate most often. Table 1.2 "
     "lists the criteria, and Figure 1.3 shows one disc of each grade. Two features do most of "
     "the work: the border between nucleus and annulus, which is lost at grade IV, and the height "
     "of the disc, which has collapsed at grade V."),
    ("table", "pfirrmann"),
    ("fig", "pfirrmann"),
    ("p", "Modic changes are signal changes of the bone beside a degenerated disc [4]. Modic type 1 "
     "is dark on T1 and bright on T2, and stands for oedema. Modic type 2 is bright on T1 and "
     "bright or equal on T2, and stands for fatty marrow. Modic type 3 is dark on both, and stands "
     "for sclerosis [5]. Modic changes are most frequent at L4/L5 and L5/S1. Figure 1.4 shows a "
     "type 1 change at L5/S1."),
    ("fig", "modic"),
    ("h2", "1.2.3", "Displacement"),
    ("p", "The words of the combined task forces should be used as they are defined [6]. A disc "
     "bulge is disc tissue beyond the edges of the ring apophyses over more than 25% of the "
     "circumference; it is not a herniation. A herniation is a localised displacement over less "
     "than 25% of the circumference. A protrusion is a herniation whose base is wider than the "
     "displaced part. An extrusion is a herniation whose displaced part is wider than its base in "
     "at least one plane. A sequestration is an extrusion that has lost all continuity with its "
     "disc. Figure 1.5 draws the four."),
    ("p", "The position is named from the midline outwards: central, subarticular (the lateral "
     "recess), foraminal and extraforaminal. Right and left are always the patient’s. On axial "
     "pictures the patient’s right is at the left of the picture."),
    ("h1", "1.3", "The canal and its openings"),
    ("h2", "1.3.1", "Lumbar stenosis"),
    ("p", "Lumbar spinal stenosis is a narrowing of the canal, the lateral recess or the foramen "
     "that compresses nerves or their vessels. L4/L5 is the level most often affected, followed by "
     "L3/L4. Its typical symptom is neurogenic claudication: pain in the legs on walking and "
     "standing that is relieved by sitting or bending forward. A bony canal with a midsagittal "
     "diameter of less than 10 mm is absolute stenosis, and one of 10 to 12 mm is relative "
     "stenosis [7]. A lateral recess of 3 mm or less in height is stenotic."),
    ("p", "On axial T2 pictures the shape of the dural sac says more than its diameter. Schizas "
     "distinguishes four grades [8]. In grade A cerebrospinal fluid is clearly visible in the sac. "
     "In grade B the rootlets fill the sac but can still be told apart. In grade C no rootlets can "
     "be recognised, and there is fat behind the sac. In grade D this fat is gone too. Grades C "
     "and D are severe stenosis. Figure 1.6 sets an open canal at L2/L3 beside a severe stenosis "
     "at L4/L5."),
    ("fig", "axial"),
    ("p", "A foramen is best judged on sagittal T1 pictures, where bright fat surrounds the dark "
     "root. Lee grades foraminal stenosis from 0 to 3: in grade 1 fat is lost in two opposing "
     "directions, in grade 2 fat is lost in all four directions with an unchanged root, and in "
     "grade 3 the root is deformed or collapsed [9]."),
    ("p", "Most patients with mild symptoms are first treated without surgery. In the SPORT trial "
     "patients with lumbar stenosis who were operated on had less pain and better function "
     "after two years than those who were not [19]. Decompression alone is enough for stenosis "
     "without instability; a fusion is discussed when the level is unstable, for example in a "
     "mobile slip at L4/L5."),
    ("h2", "1.3.2", "The neck"),
    ("p", "Degenerative cervical myelopathy is a disease of the spinal cord caused by degenerative "
     "narrowing of the cervical canal. It is the most common cause of spinal cord dysfunction in "
     "adults. C5/C6 is the level most often affected. Clumsy hands, an unsteady gait, brisk "
     "reflexes and a positive Hoffmann sign point to it. Severity is measured with the modified "
     "Japanese Orthopaedic Association scale: 15 to 17 points is mild, 12 to 14 points is "
     "moderate, and 0 to 11 points is severe [10]."),
    ("p", "On a lateral radiograph the Torg-Pavlov ratio divides the sagittal diameter of the canal "
     "by that of the vertebral body at the same level. A ratio below 0.8 means a congenitally "
     "narrow canal [11]. A cervical canal with a sagittal diameter of less than 13 mm is narrow, "
     "and one of less than 10 mm is absolutely stenotic. On T2-weighted MR a bright spot in the "
     "cord at the narrow level is a sign of damage to the cord (Figure 1.7)."),
    ("fig", "neck"),
    ("h2", "1.3.3", "The ossified ligament"),
    ("p", "Ossification of the posterior longitudinal ligament (OPLL) is a bony change of the "
     "ligament behind the vertebral bodies that narrows the canal from the front. It is most "
     "common in the neck, with its largest part at C4 to C6, and has four types: continuous, "
     "segmental, mixed and localised. CT shows it best. The K-line joins the midpoints of the "
     "canal at C2 and C7 on a lateral radiograph. OPLL that crosses this line is K-line "
     "negative; laminoplasty then gives poor results, and the cord is freed from the front or "
     "with a fusion [18]."),
    ("h1", "1.4", "Alignment"),
    ("h2", "1.4.1", "Spondylolisthesis"),
    ("p", "Spondylolisthesis is the forward slip of one vertebra on the vertebra below it. Isthmic "
     "spondylolisthesis follows a defect of the pars interarticularis and is most common at "
     "L5/S1. Degenerative spondylolisthesis has an intact arch and is most common at L4/L5 [12]. "
     "The slip is measured as a share of the endplate below. Meyerding grade I is a slip of up to "
     "25%, grade II of 25 to 50%, grade III of 50 to 75%, and grade IV of 75 to 100% [13]. A slip "
     "of more than 100% is spondyloptosis."),
    ("p", "In Figure 1.8 the lower back corner of L4 lies 8 mm in front of that of the upper endplate "
     "of L5, which is 34 mm long. The slip is 24%, which is Meyerding grade I. An isthmic slip at "
     "L5/S1 stretches or compresses the exiting L5 root in the foramen. A degenerative slip at "
     "L4/L5 compresses the traversing L5 root in the lateral recess."),
    ("fig", "slip"),
    ("h2", "1.4.2", "Scoliosis"),
    ("p", "Scoliosis is a lateral curve of the spine with a Cobb angle of at least 10° and rotation "
     "of the vertebrae. The Cobb angle lies between the upper endplate of the upper end vertebra "
     "and the lower endplate of the lower end vertebra, the two that are tilted most "
     "(Figure 1.9). Two measurements of one curve by different readers may differ by about 5°. In "
     "a growing patient a curve of less than 25° is observed, a brace is offered from 25 to 40°, "
     "and surgery is considered above 45 to 50° [14]."),
    ("fig", "cobb"),
    ("h1", "1.5", "The broken, infected or infiltrated vertebra"),
    ("h2", "1.5.1", "Fractures"),
    ("p", "The thoracolumbar junction, T11 to L2, is the most common site of vertebral fractures, and "
     "L1 is the vertebra most often broken. Genant grades an osteoporotic fracture by the height "
     "that is lost: grade 1 is a loss of 20 to 25%, grade 2 of 25 to 40%, and grade 3 of more than "
     "40% [15]. The wedge fracture of L1 in Figure 1.10 has lost 30% of its front height and is "
     "Genant grade 2."),
    ("fig", "fracture"),
    ("p", "A burst fracture involves the posterior wall of the body. In the AOSpine classification "
     "type A3 is an incomplete burst fracture that involves one endplate, and type A4 is a "
     "complete burst fracture that involves both endplates. Type B is a failure of the tension "
     "band, and type C is a displacement or dislocation [16]. The AO types do not replace the "
     "neurological examination. Figs. 1.8 and 1.10 also show why both neighbours must be "
     "compared before a vertebra is called abnormal."),
    ("p", "The thoracolumbar injury classification and severity score adds points for morphology, "
     "the posterior ligaments and neurology. A score of 3 or less is treated without surgery, a "
     "score of 4 may be treated either way, and a score of 5 or more is treated with surgery "
     "[20]."),
    ("h2", "1.5.2", "Infection and metastasis"),
    ("p", "Spondylodiscitis is an infection of the disc and of the vertebrae on both sides of it. The "
     "lumbar spine is its most common site, and Staphylococcus aureus is its most common germ. On "
     "MR the disc is bright on T2, the endplates are eroded, and the marrow on both sides is dark "
     "on T1. A tumour, in contrast, usually spares the disc."),
    ("p", "The thoracic spine is the most common site of spinal metastases. The spinal instability "
     "neoplastic score ranges from 0 to 18: 0 to 6 points is stable, 7 to 12 points is potentially "
     "unstable, and 13 to 18 points is unstable [21]. A score of 7 or more calls for a surgical "
     "opinion."),
    ("h1", "1.6", "Red flags"),
    ("list", [
        "Cauda equina syndrome is an emergency: retention of urine, numbness of the saddle area and "
        "weakness of both legs demand MR at once and early decompression.",
        "Fever with back pain and a disc that is bright on T2 suggests spondylodiscitis.",
        "Pain at night, loss of weight and a known cancer suggest a spinal metastasis.",
        "Progressive weakness with a power of less than 3/5 demands an urgent opinion.",
    ]),
    ("h1", "1.7", "Two invented cases"),
    ("case", "Case 1 (invented): pain in the left leg", [
        "A teacher of 46 years has had pain in the left buttock and calf for seven weeks. The power "
        "of left great toe extension is 4/5, the back of the left foot is numb, and both ankle "
        "jerks are present. Straight leg raising is positive at 40° on the left.",
        "MR shows a left subarticular disc extrusion at L4/L5 that compresses the traversing left "
        "L5 root (Figure 1.11). There is no herniation at L5/S1. There is no central stenosis.",
        "Diagnosis: left L5 radiculopathy caused by the extrusion at L4/L5. A weak great toe with a "
        "normal ankle jerk fits the L5 root and not the S1 root. Without a cauda equina syndrome "
        "or progressive weakness, care begins with advice, medicine and exercise; most patients "
        "improve within 6 to 12 weeks. Microdiscectomy at L4/L5 on the left is offered when "
        "disabling leg pain persists [17]. Its main risks are recurrence, dural tear and "
        "infection.",
    ]),
    ("fig", "case"),
    ("case", "Case 2 (invented): clumsy hands", [
        "A man of 67 years can no longer button his shirt and has fallen twice. Hoffmann’s sign is "
        "positive on both sides, the knee jerks are brisk, and his gait is broad. The modified "
        "Japanese Orthopaedic Association score is 13 points.",
        "MR, of the kind shown in Figure 1.7, shows a severe canal stenosis at C5/C6 with a sagittal "
        "diameter of 6 mm and a bright signal in the cord. There is no stenosis at C3/C4 or at "
        "C6/C7.",
        "Diagnosis: moderate degenerative cervical myelopathy caused by the stenosis at C5/C6. "
        "Surgery is recommended for moderate and severe myelopathy [10]. One level in front of the "
        "cord is suited to an anterior discectomy and fusion at C5/C6. Dysphagia, a palsy of the "
        "C5 root and degeneration of the neighbouring disc are to be discussed beforehand. Surgery "
        "halts the disease in most patients and improves function in many, but recovery is often "
        "incomplete.",
    ]),
    ("h1", "1.8", "Key points"),
    ("list", [
        "Name both vertebrae of a disc, and say from which landmark the level was counted.",
        "A paracentral herniation at L4/L5 compresses the L5 root; a foraminal herniation at L4/L5 "
        "compresses the L4 root.",
        "A herniation at C5/C6 compresses the C6 root; a herniation at C7/T1 compresses the C8 root.",
        "A lumbar canal with a midsagittal diameter of less than 10 mm is absolute stenosis.",
        "A slip of 24% is Meyerding grade I; a slip of 60% is Meyerding grade III.",
        "A loss of 30% of the height of a vertebra is Genant grade 2.",
        "A lateral curve with a Cobb angle of less than 10° is not scoliosis.",
        "A level that was not examined is not a normal level.",
    ]),
]

CAPTIONS = {
    "lateral": ("Figure 1.1", "Lateral drawing of the lumbar spine. Vertebrae are labelled on the "
                "left, discs on the right. The conus medullaris ends at L1/L2."),
    "roots": ("Figure 1.2", "The lower lumbar roots from behind, arches removed. At L4/L5 a "
              "paracentral herniation (P) meets the traversing left L5 root; a foraminal herniation (F) "
              "meets the exiting right L4 root."),
    "pfirrmann": ("Figure 1.3", "Sagittal T2-weighted MR phantom of the lumbar spine with the five "
                  "Pfirrmann grades: L1/L2 grade I, L2/L3 grade II, L3/L4 grade III, L4/L5 grade "
                  "IV, L5/S1 grade V."),
    "modic": ("Figure 1.4", "Modic type 1 change at L5/S1, sagittal MR phantom: (a) the endplates "
              "are dark on T1; (b) they are bright on T2."),
    "shapes": ("Figure 1.5", "Forms of disc displacement in axial drawings, and a sequestration in "
               "a sagittal one: (a) bulge, (b) protrusion, (c) extrusion, (d) sequestration."),
    "axial": ("Figure 1.6", "Axial T2-weighted MR phantoms. (a) L2/L3 with an open canal, Schizas "
              "grade A. (b) L4/L5 with a severe central stenosis, Schizas grade C: no rootlets, "
              "fat behind the sac."),
    "neck": ("Figure 1.7", "Sagittal T2-weighted MR phantom of the neck. Severe stenosis at C5/C6 "
             "with a bright signal in the compressed cord."),
    "slip": ("Figure 1.8", "Lateral radiograph phantom. Degenerative spondylolisthesis of L4 on L5: "
             "slip 8 mm (a) on an endplate of 34 mm (b), 24%, Meyerding grade I."),
    "cobb": ("Figure 1.9", "The Cobb angle of a right thoracic curve, drawn from behind: 42° "
             "between the upper endplate of T6 and the lower endplate of T12; apex at T9."),
    "fracture": ("Figure 1.10", "Lateral radiograph phantom of the thoracolumbar junction. Wedge "
                 "fracture of L1 with a loss of 30% of the front height, Genant grade 2."),
    "case": ("Figure 1.11", "Case 1, axial T2-weighted MR phantom at L4/L5. A left subarticular "
             "extrusion fills the left lateral recess; the patient’s left is at the right of the "
             "picture."),
}

TABLES = {
    "roots": ("Table 1.1", "Signs of the roots that are most often compressed.", [
        ["Root", "Disc (paracentral)", "Weak movement", "Numb area", "Reflex"],
        ["C5", "C4/C5", "shoulder abduction", "outer upper arm", "biceps"],
        ["C6", "C5/C6", "elbow flexion, wrist extension", "thumb and index finger",
         "brachioradialis"],
        ["C7", "C6/C7", "elbow extension", "middle finger", "triceps"],
        ["C8", "C7/T1", "finger flexion", "little finger", "none"],
        ["L4", "L3/L4", "knee extension", "inner leg", "knee jerk"],
        ["L5", "L4/L5", "great toe extension", "back of the foot", "none"],
        ["S1", "L5/S1", "plantar flexion", "outer foot", "ankle jerk"],
    ], [40, 90, 145, 130, 94]),
    "pfirrmann": ("Table 1.2", "Pfirrmann grades of disc degeneration on T2-weighted MR.", [
        ["Grade", "Nucleus", "Border", "Height"],
        ["I", "homogeneous, white", "clear", "normal"],
        ["II", "inhomogeneous, white", "clear", "normal"],
        ["III", "inhomogeneous, grey", "unclear", "normal to slightly reduced"],
        ["IV", "inhomogeneous, grey to black", "lost", "normal to moderately reduced"],
        ["V", "inhomogeneous, black", "lost", "collapsed"],
    ], [34, 84, 42, 80]),
    "numbers": ("Table 1.3", "Numbers that separate normal from abnormal, and grade from grade.", [
        ["Finding", "Measure", "Threshold", "Reference"],
        ["Absolute lumbar stenosis", "midsagittal diameter of the canal", "< 10 mm", "[7]"],
        ["Relative lumbar stenosis", "midsagittal diameter of the canal", "10–12 mm", "[7]"],
        ["Narrow cervical canal", "Torg-Pavlov ratio", "< 0.8", "[11]"],
        ["Scoliosis", "Cobb angle", "≥ 10°", "[14]"],
        ["Spondylolisthesis, Meyerding I / II", "slip of the endplate below", "≤ 25% / 25–50%",
         "[13]"],
        ["Spondylolisthesis, Meyerding III / IV", "slip of the endplate below",
         "50–75% / 75–100%", "[13]"],
        ["Vertebral fracture, Genant 1 / 2 / 3", "loss of height", "20–25% / 25–40% / > 40%",
         "[15]"],
        ["Spinal metastasis, SINS", "score of instability", "≥ 7 surgical opinion, ≥ 13 unstable",
         "[21]"],
        ["Osteoporosis", "T-score at L1–L4 or hip", "≤ -2.5", "[22]"],
    ], [160, 155, 124, 60]),
}

REFERENCES = [
    "Konin GP, Walz DM. Lumbosacral transitional vertebrae: classification, imaging findings, and "
    "clinical relevance. AJNR Am J Neuroradiol. 2010;31(10):1778–1786.",
    "Castellvi AE, Goldstein LA, Chan DP. Lumbosacral transitional vertebrae and their relationship "
    "with lumbar extradural defects. Spine. 1984;9(5):493–495.",
    "Pfirrmann CW, Metzdorf A, Zanetti M, Hodler J, Boos N. Magnetic resonance classification of "
    "lumbar intervertebral disc degeneration. Spine. 2001;26(17):1873–1878.",
    "Modic MT, Steinberg PM, Ross JS, Masaryk TJ, Carter JR. Degenerative disk disease: assessment "
    "of changes in vertebral body marrow with MR imaging. Radiology. 1988;166(1):193–199.",
    "Modic MT, Masaryk TJ, Ross JS, Carter JR. Imaging of degenerative disk disease. Radiology. "
    "1988;168(1):177–186.",
    "Fardon DF, Williams AL, Dohring EJ, et al. Lumbar disc nomenclature: version 2.0. Spine J. "
    "2014;14(11):2525–2545.",
    "Verbiest H. Results of surgical treatment of idiopathic developmental stenosis of the lumbar "
    "vertebral canal: a review of twenty-seven years’ experience. J Bone Joint Surg Br. "
    "1977;59-B(2):181–188.",
    "Schizas C, Theumann N, Burn A, et al. Qualitative grading of severity of lumbar spinal "
    "stenosis based on the morphology of the dural sac on magnetic resonance images. Spine. "
    "2010;35(21):1919–1924.",
    "Lee S, Lee JW, Yeom JS, et al. A practical MRI grading system for lumbar foraminal stenosis. "
    "AJR Am J Roentgenol. 2010;194(4):1095–1098.",
    "Fehlings MG, Tetreault LA, Riew KD, et al. A clinical practice guideline for the management of "
    "patients with degenerative cervical myelopathy. Global Spine J. 2017;7(3 Suppl):70S–83S.",
    "Pavlov H, Torg JS, Robie B, Jahre C. Cervical spinal stenosis: determination with vertebral "
    "body ratio method. Radiology. 1987;164(3):771–775.",
    "Wiltse LL, Newman PH, Macnab I. Classification of spondylolisis and spondylolisthesis. Clin "
    "Orthop Relat Res. 1976;(117):23–29.",
    "Meyerding HW. Spondylolisthesis. Surg Gynecol Obstet. 1932;54:371–377.",
    "Negrini S, Donzelli S, Aulisa AG, et al. 2016 SOSORT guidelines: orthopaedic and rehabilitation "
    "treatment of idiopathic scoliosis during growth. Scoliosis Spinal Disord. 2018;13:3.",
    "Genant HK, Wu CY, van Kuijk C, Nevitt MC. Vertebral fracture assessment using a "
    "semiquantitative technique. J Bone Miner Res. 1993;8(9):1137–1148.",
    "Vaccaro AR, Oner C, Kepler CK, et al. AOSpine thoracolumbar spine injury classification "
    "system. Spine. 2013;38(23):2028–2037.",
    "Kreiner DS, Hwang SW, Easa JE, et al. An evidence-based clinical guideline for the diagnosis "
    "and treatment of lumbar disc herniation with radiculopathy. Spine J. 2014;14(1):180–191.",
    "Fujiyoshi T, Yamazaki M, Kawabe J, et al. A new concept for making decisions regarding the "
    "surgical approach for cervical ossification of the posterior longitudinal ligament: the "
    "K-line. Spine. 2008;33(26):E990–E993.",
    "Weinstein JN, Tosteson TD, Lurie JD, et al. Surgical versus nonsurgical therapy for lumbar "
    "spinal stenosis. N Engl J Med. 2008;358(8):794–810.",
    "Vaccaro AR, Lehman RA, Hurlbert RJ, et al. A new classification of thoracolumbar injuries: the "
    "importance of injury morphology, the integrity of the posterior ligamentous complex, and "
    "neurologic status. Spine. 2005;30(20):2325–2333.",
    "Fisher CG, DiPaola CP, Ryken TC, et al. A novel classification system for spinal instability in "
    "neoplastic disease. Spine. 2010;35(22):E1221–E1229.",
    "World Health Organization. Assessment of fracture risk and its application to screening for "
    "postmenopausal osteoporosis. WHO Technical Report Series 843. Geneva: WHO; 1994.",
]

# Where long words may be broken.
SYLLABLES = """spon-dy-lo-lis-the-sis spon-dy-lop-to-sis ra-dicu-lop-athy mye-lop-athy
de-gen-er-a-tive de-gen-er-a-tion de-gen-er-ate cir-cum-fer-ence her-ni-a-tion com-press-es
par-a-cen-tral tra-vers-ing fo-ram-i-nal tran-si-tional lum-bo-sacral ver-te-brae ver-te-bra
ver-te-bral neu-ro-gen-ic clau-di-ca-tion ste-no-sis ste-not-ic se-ques-tra-tion pro-tru-sion
ex-tru-sion dis-place-ment sub-ar-tic-u-lar ex-tra-fo-ram-i-nal cer-e-bro-spi-nal pos-te-ri-or
thor-a-co-lum-bar neigh-bour-ing mid-sag-it-tal ra-dio-graph clas-si-fi-ca-tion mea-sure-ments
os-teo-po-rot-ic con-gen-i-tally dys-func-tion neu-ro-log-i-cal ex-am-i-na-tion pedi-cle
re-sis-tance in-ter-ar-tic-u-laris Or-tho-paedic ab-nor-mal com-pressed con-ti-nu-ity
mi-cro-disc-ec-to-my disc-ec-to-my re-cur-rence in-fec-tion pro-gres-sive nar-row-ing""".split()


def _in_order_of_citation():
    """Numbers the references as they are first cited."""
    cited = []
    for number in re.findall(r"\[(\d+)\]", repr(CHAPTER)):
        if number not in cited:
            cited.append(number)
    new = {old: str(i) for i, old in enumerate(cited, 1)}

    def turn(value):
        if isinstance(value, str):
            return re.sub(r"\[(\d+)\]", lambda m: f"[{new[m[1]]}]", value)
        if isinstance(value, (list, tuple)):
            return type(value)(turn(v) for v in value)
        return value
    tables = {key: turn(value) for key, value in TABLES.items()}
    return turn(CHAPTER), tables, [REFERENCES[int(old) - 1] for old in cited]


CHAPTER, TABLES, REFERENCES = _in_order_of_citation()
