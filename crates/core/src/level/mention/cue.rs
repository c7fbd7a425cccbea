//! What words around a level say about it, as bits.

use crate::level::Region;

/// A set of cues.
pub(crate) type Cues = u32;

/// Speaks of the spine.
pub(crate) const SPINE: Cues = 1;
/// A bone, a part of one or what befalls one, as the head noun of a level.
pub(crate) const BONE: Cues = 1 << 1;
/// A disc, as the head noun of a level.
pub(crate) const DISC: Cues = 1 << 2;
/// A nerve root, as the head noun of a level.
pub(crate) const ROOT: Cues = 1 << 3;
/// A neurological level: dermatome, myotome, paraplegia. No bone and no root.
pub(crate) const NEUROLOGICAL: Cues = 1 << 4;
/// An adjective between a level and its head noun.
pub(crate) const ADJECTIVE: Cues = 1 << 5;
/// A unit or counted thing: the number before it is no level.
pub(crate) const COUNTED: Cues = 1 << 6;
/// An operation that spans vertebrae.
pub(crate) const SURGERY: Cues = 1 << 7;
/// Joins a list.
pub(crate) const AND: Cues = 1 << 8;
/// Joins the ends of a range.
pub(crate) const TO: Cues = 1 << 9;
/// "between".
pub(crate) const BETWEEN: Cues = 1 << 10;
/// Names a figure, sample, type or the like: the label after it is no level.
pub(crate) const NAMED: Cues = 1 << 11;
/// "level", "segment": strong unless something else has levels too (serum).
pub(crate) const LEVEL: Cues = 1 << 12;
/// MR weighting.
pub(crate) const MR: Cues = 1 << 13;
/// Tumour stages and time points, both written T1 to T4.
pub(crate) const STAGE: Cues = 1 << 14;
/// Thyroid hormones, written T3 and T4.
pub(crate) const THYROID: Cues = 1 << 15;
/// Complement, carbon positions, electrodes: other meanings of `C`.
pub(crate) const NOT_C: Cues = 1 << 16;
/// Norms, larvae, languages: other meanings of `L`.
pub(crate) const NOT_L: Cues = 1 << 17;
/// Heart sounds, samples, liver and lung segments: other meanings of `S`.
pub(crate) const NOT_S: Cues = 1 << 18;
/// Vitamins, receptors: other meanings of `D`.
pub(crate) const NOT_D: Cues = 1 << 19;
/// Immune cells: another meaning of `Th`.
pub(crate) const NOT_TH: Cues = 1 << 20;
/// Small words between a noun and its level.
pub(crate) const SMALL: Cues = 1 << 21;
/// "of", "the": small words that keep a root a root (`root of C5`, but not `root at C5`).
pub(crate) const OF: Cues = 1 << 22;
/// May stand glued before a level (`mid-L4`).
pub(crate) const PREFIX: Cues = 1 << 23;
/// Makes "axis", "atlas" or "dens" something else.
pub(crate) const NOT_NAME: Cues = 1 << 24;
/// Directly after a level, makes it something else.
pub(crate) const NEVER_AFTER: Cues = 1 << 25;
/// Speaks of four lumbar vertebrae or a transition.
pub(crate) const VARIANT: Cues = 1 << 26;
/// "atlanto" of `atlanto-axial`.
pub(crate) const ATLANTO: Cues = 1 << 27;
/// "occipital".
pub(crate) const OCCIPITAL: Cues = 1 << 28;

/// Speaks of bones: enough for `T5` and below, which are seldom anything else.
pub(crate) const SKELETAL: Cues = 1 << 30;
/// MR signal: after `T1` or `T2` it outweighs any bone between (`T2 vertebral signal`).
pub(crate) const SIGNAL: Cues = 1 << 31;
/// "for", after which "axis" is a line and no bone.
pub(crate) const FOR: Cues = 1 << 29;

/// What a word is to the grammar of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing in particular.
    Plain,
    /// The letter of a region, as written.
    Letter(Region, Letter),
    /// A region in words.
    Region(Region),
    /// An ordinal number.
    Ordinal(u8),
    /// The ending of an ordinal in digits.
    OrdinalEnding,
    /// The occiput.
    Occiput,
    /// A name of a bone.
    Name(Name),
}

/// How a region's letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letter {
    /// `L`, `Th`.
    Upper,
    /// `l`.
    Lower,
    /// `D`, an older letter of the thoracic spine.
    Dorsal,
    /// `Th`.
    Th,
    /// `LWK`: a sure abbreviation of a vertebra.
    Abbreviation,
    /// `LV`, more often the left ventricle.
    Ventricle,
}

/// A bone with a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Atlas,
    Axis,
    Dens,
    Odontoid,
    Coccyx,
    AtlantoAxial,
    AtlantoOccipital,
}

/// The role of a word as it is written.
pub(crate) fn role(word: &str) -> Role {
    use Region::{Cervical, Lumbar, Sacral, Thoracic};
    match word {
        "C" => Role::Letter(Cervical, Letter::Upper),
        "T" => Role::Letter(Thoracic, Letter::Upper),
        "L" => Role::Letter(Lumbar, Letter::Upper),
        "S" => Role::Letter(Sacral, Letter::Upper),
        "D" => Role::Letter(Thoracic, Letter::Dorsal),
        "Th" | "TH" => Role::Letter(Thoracic, Letter::Th),
        "c" => Role::Letter(Cervical, Letter::Lower),
        "t" => Role::Letter(Thoracic, Letter::Lower),
        "l" => Role::Letter(Lumbar, Letter::Lower),
        "s" => Role::Letter(Sacral, Letter::Lower),
        "LV" => Role::Letter(Lumbar, Letter::Ventricle),
        "LWK" => Role::Letter(Lumbar, Letter::Abbreviation),
        "HWK" => Role::Letter(Cervical, Letter::Abbreviation),
        "BWK" => Role::Letter(Thoracic, Letter::Abbreviation),
        "SWK" => Role::Letter(Sacral, Letter::Abbreviation),
        "O" | "Oc" | "Occ" | "OC" => Role::Occiput,
        _ => Role::Plain,
    }
}

/// The role of a word in lower case, where its case does not matter.
pub(crate) fn role_of_lower(word: &str) -> Role {
    match word {
        "cervical" => Role::Region(Region::Cervical),
        "thoracic" | "dorsal" => Role::Region(Region::Thoracic),
        "lumbar" => Role::Region(Region::Lumbar),
        "sacral" => Role::Region(Region::Sacral),
        "first" => Role::Ordinal(1),
        "second" => Role::Ordinal(2),
        "third" => Role::Ordinal(3),
        "fourth" => Role::Ordinal(4),
        "fifth" => Role::Ordinal(5),
        "sixth" => Role::Ordinal(6),
        "seventh" => Role::Ordinal(7),
        "eighth" => Role::Ordinal(8),
        "ninth" => Role::Ordinal(9),
        "tenth" => Role::Ordinal(10),
        "eleventh" => Role::Ordinal(11),
        "twelfth" => Role::Ordinal(12),
        "st" | "nd" | "rd" | "th" => Role::OrdinalEnding,
        "occiput" | "occipito" => Role::Occiput,
        "atlas" => Role::Name(Name::Atlas),
        "axis" => Role::Name(Name::Axis),
        "dens" => Role::Name(Name::Dens),
        "odontoid" => Role::Name(Name::Odontoid),
        "coccyx" => Role::Name(Name::Coccyx),
        "atlantoaxial" => Role::Name(Name::AtlantoAxial),
        "atlantooccipital" => Role::Name(Name::AtlantoOccipital),
        _ => Role::Plain,
    }
}

/// The cues of an English word in lower case.
pub(crate) fn cues(word: &str) -> Cues {
    match word {
        "vertebra" | "vertebrae" | "vertebral" | "vertebras" | "hemivertebra" | "hemivertebrae"
        | "endplate" | "endplates" | "pedicle" | "pedicles" | "lamina" | "laminae" | "laminas"
        | "spinous" | "facet" | "facets" | "pars" | "odontoid" | "hemangioma" | "spondylectomy"
        | "corpectomy" | "vertebroplasty" | "kyphoplasty" | "vertebrectomy" | "hemilaminectomy"
        | "laminotomy" | "burst" | "fracture" | "fractures" | "wedge" | "wedging" | "kyphosis"
        | "lordosis" | "compression" | "osteotomy" | "osteotomies" | "spondylolysis"
        | "spondylolisthesis" | "anterolisthesis" | "retrolisthesis" | "slippage" => SPINE | BONE,
        "body" | "bodies" | "transverse" | "screw" | "screws" | "slope" | "process"
        | "processes" | "hook" | "hooks" | "articular" | "arch" | "arches" | "pelvic"
        | "incidence" | "osteophyte" | "osteophytes" | "collapse" => BONE,
        "level" | "levels" | "segment" | "segments" => LEVEL | SMALL | ADJECTIVE,
        "disc" | "discs" | "disk" | "disks" | "herniation" | "herniations" | "bulge" | "bulges"
        | "bulging" | "protrusion" | "protrusions" | "extrusion" | "interspace" | "interspaces"
        | "interbody" | "discectomy" | "microdiscectomy" | "diskectomy" | "intervertebral"
        | "ivd" | "acdf" | "plif" | "tlif" | "alif" | "xlif" | "olif" | "llif" | "lif"
        | "prolapse" | "discitis" | "spondylodiscitis" => SPINE | DISC,
        "root" | "roots" | "radiculopathy" | "radiculopathies" | "radiculitis" | "ganglion"
        | "ganglia" | "rootlets" => SPINE | ROOT,
        "nerve" | "nerves" => ROOT,
        "palsy" | "palsies" => ROOT,
        "dermatome" | "dermatomes" | "dermatomal" | "myotome" | "myotomes" | "myotomal"
        | "paraplegia" | "tetraplegia" | "quadriplegia" | "paraplegic" | "tetraplegic"
        | "neurological" | "neurologic" | "sensory" | "motor" | "distribution"
        | "distributions" | "asia" | "ais" | "innervated" => NEUROLOGICAL,
        "fusion" | "fusions" | "fused" | "laminectomy" | "laminectomies" | "decompression"
        | "decompressed" | "decompressive" | "laminoplasty" | "instrumentation"
        | "instrumented" | "fixation" | "arthrodesis" | "stabilization" | "stabilisation" => {
            SPINE | SURGERY
        }
        "spine" | "spinal" | "spines" | "lumbosacral" | "thoracolumbar" | "cervicothoracic"
        | "sacrum" | "spondylosis" | "spondylotic" | "stenosis" | "stenoses" | "myelopathy"
        | "scoliosis" | "kyphotic" | "lordotic" | "cord" | "conus" | "foraminal" | "foramen"
        | "foramina" | "neuroforaminal" | "cauda" | "epidural" | "thecal" | "cobb" | "modic"
        | "schmorl" | "pfirrmann" | "genant" | "meyerding" | "laminar" | "paraspinal"
        | "prevertebral" | "ligamentum" | "flavum" | "opll" | "longitudinal" | "uncovertebral"
        | "sciatica" | "lumbago" | "sacralization" | "sacralisation" | "lumbarization"
        | "bifida" | "osteoporosis" | "osteoporotic" | "spondylitis" | "listhesis" | "hangman"
        | "jefferson" | "hyperostosis" | "laminoplasties" | "ankylosing" | "syndesmophytes"
        | "syrinx" | "syringomyelia" | "intradural" | "rami" | "cervicocranial"
        | "interspinous" | "interpedicular" | "basilar" | "invagination" | "craniocervical"
        | "craniovertebral" | "kümmell" | "kummell" | "assimilation" | "atlantodental"
        | "myelomalacia" => SPINE,
        "sacralized" | "sacralised" | "lumbarized" | "lumbarised" | "transitional" => {
            SPINE | VARIANT
        }
        "four" | "eleven" => VARIANT,
        "lumbar" | "sacral" => SPINE | ADJECTIVE,
        "cervical" | "thoracic" => SPINE | ADJECTIVE,
        "superior" | "inferior" | "upper" | "lower" | "left" | "right" | "anterior"
        | "posterior" | "lateral" | "central" | "bilateral" | "medial" | "exiting"
        | "traversing" | "subacute" | "acute" | "chronic" | "old" | "posterolateral"
        | "pathological" | "pathologic" | "neural" | "ventral" | "mild" | "moderate" | "severe"
        | "postoperative" | "paracentral" => ADJECTIVE,
        "of" | "the" | "both" => SMALL | OF,
        "at" | "in" | "from" | "on" | "a" | "an" | "involving" | "near" | "is" | "was" | "are"
        | "were" | "has" | "had" | "have" => SMALL,
        "to" | "thru" | "through" | "until" => TO,
        "and" | "or" | "plus" | "versus" | "vs" | "und" => AND,
        "between" => BETWEEN,
        "for" => FOR,
        "ratio" | "ratios" => NOT_C | NEVER_AFTER,
        "signal" | "signals" | "intensity" | "hyperintense" | "hypointense" | "isointense"
        | "hyperintensity" | "hypointensity" | "weighted" | "weighting" | "relaxation"
        | "shortening" => MR | SIGNAL,
        "marrow" | "metastasis" | "metastases" | "myeloma" | "bone" | "bones" | "rib" | "ribs"
        | "sternal" => SKELETAL,
        "atlanto" => ATLANTO,
        "occipital" => OCCIPITAL | SPINE,
        "mid" | "post" | "pre" | "peri" | "infra" | "supra" | "sub" | "trans" | "non" => PREFIX,
        "fig" | "figs" | "figure" | "figures" | "table" | "tables" | "panel" | "panels"
        | "supplementary" | "supplemental" | "suppl" | "supplement" | "efigure" | "etable"
        | "appendix" | "appendices" | "section" | "sections" | "video" | "videos" | "movie"
        | "text" | "equation" | "eq" | "scheme" | "chapter" | "file" | "files" | "sample"
        | "samples" | "subject" | "subjects" | "patient" | "patients" | "group" | "groups"
        | "stage" | "stages" | "grade" | "type" | "types" | "class" | "category" | "categories"
        | "room" | "well" | "lane" | "route" | "visit" | "arm" | "cohort" | "phase" | "step"
        | "cluster" | "zone" | "case" | "cases" | "dataset" | "material" | "materials" | "box"
        | "chart" | "electrode" | "electrodes" | "model" | "nvidia" | "tile" | "clone"
        | "strain" | "line" | "mouse" | "rat" | "participant" | "participants" | "hypothesis"
        | "reference" | "layer" | "layers" | "building" | "course" => NAMED,
        "t1w" | "t2w" | "stir" | "flair" | "tse" | "fse" | "sequence" | "sequences" | "gd"
        | "gadolinium" | "echo" | "wi" | "mri" | "mr" | "fat" | "image" | "images" | "imaging"
        | "axial" | "sagittal" | "coronal" | "contrast" | "map" | "maps" | "mapping"
        | "enhancement" | "ax" | "sag" | "values" | "bright" | "dark" | "tesla" => MR,
        "staged" | "staging" | "tnm" | "n0" | "n" | "m" | "tumour" | "tumours" | "tumor"
        | "tumors" | "carcinoma" | "cancer" | "cancers" | "disease" | "neoplasm" | "baseline"
        | "timepoint" | "timepoints" | "points" | "weeks" | "months" | "repeated" | "diabetes"
        | "dm" | "adenocarcinoma" => STAGE,
        "thyroid" | "tsh" | "free" | "thyroxine" | "levothyroxine" | "thyrotoxicosis"
        | "hormone" | "hormones" | "gpu" => THYROID,
        "complement" | "esterase" | "inhibitor" | "inhibitors" | "serum" | "lupus"
        | "nephritis" | "glomerulonephritis" | "glomerulopathy" | "angioedema" | "ana" | "dl"
        | "immunoglobulin" | "convertase" | "carbon" | "carbons" | "alkyl" | "alcohol"
        | "alcohols" | "fatty" | "chain" | "nmr" | "sugar" | "ring" | "hydroxyl" | "proton"
        | "plants" | "glioma" | "domain" | "kinase" | "attack" | "genotype" | "eeg"
        | "eculizumab" | "receptor" | "constants" | "botulinum" | "toxin" | "hepatitis"
        | "photosynthesis" => {
            NOT_C
                | if matches!(word, "serum") {
                    THYROID
                } else if matches!(word, "receptor") {
                    NOT_D
                } else {
                    0
                }
        }
        "regularization" | "regularisation" | "norm" | "norms" | "penalty" | "penalties"
        | "gradient" | "learners" | "learner" | "speakers" | "speaker" | "english" | "language"
        | "cache" | "larvae" | "larva" | "larval" | "reading" | "proficiency" | "writing"
        | "acquisition" | "retrotransposon" | "retrotransposons" | "elegans" | "worms"
        | "line1" => NOT_L | NEVER_AFTER,
        "loss" | "cells" | "cell" | "expression" | "mice" | "knockout" | "deficiency"
        | "deficient" => NEVER_AFTER,
        "heart" | "murmur" | "murmurs" | "gallop" | "sounds" | "auscultation" | "lung"
        | "liver" | "hepatic" | "pulmonary" | "chemotherapy" | "ecg" => NOT_S,
        "vitamin" | "vitamins" | "receptors" | "dopamine" | "dissection" | "gastrectomy"
        | "node" | "oh" | "cyclin" | "dimer" => NOT_D,
        "cytokines" | "cytokine" | "helper" | "immune" | "lymphocytes" => NOT_TH,
        "mm" | "cm" | "ml" | "mg" | "kg" | "g" | "day" | "days" | "week" | "month" | "year"
        | "years" | "hours" | "hour" | "h" | "min" | "minutes" | "times" | "degrees"
        | "percent" | "views" | "view" | "women" | "men" | "children" | "hz" | "fold"
        | "cycles" | "doses" => COUNTED,
        "brain" | "genome" | "greek" | "vertical" | "mechanical" | "anatomical" | "anatomic"
        | "long" | "short" | "x" | "y" | "z" | "hypothalamic" | "pituitary" | "adrenal"
        | "gonadal" | "hpa" | "optical" | "rotational" | "invaginatus" | "evaginatus"
        | "electrical" | "neutral" | "segmentation" | "registration" | "based" | "stereotaxic"
        | "stereotactic" | "probabilistic" | "major" | "minor" | "helical" | "weight" | "gut" => {
            NOT_NAME
        }
        _ => 0,
    }
}

/// The cues of a Chinese word at the start of `text`, and the longest match alone.
pub(crate) fn cues_of_han(text: &[char]) -> Cues {
    let first = text[0];
    if !HAN_FIRST.contains(first) {
        return 0;
    }
    HAN.iter()
        .find(|(word, _)| {
            word.chars().zip(text).filter(|(a, b)| a == *b).count() == word.chars().count()
        })
        .map_or(0, |(_, cues)| *cues)
}

/// First characters of all words in [`HAN`], so that most text is passed over at once.
const HAN_FIRST: &str = "椎神信加压像皮感补血甲游期图表附周天年月日次个例级分岁片张处厘毫侧节骨滑横棘终水间平脊颈胸腰骶尾寰枢齿融减固内峡韧硬马和及与或至到肌淋心后前左右上下双峰肺肝支麻瘤癌移黄关型组样峰附序";

/// Longer words first where one starts with another.
const HAN: &[(&str, Cues)] = &[
    ("椎间盘", SPINE | DISC),
    ("椎间", SPINE | DISC),
    ("椎板切除", SPINE | SURGERY),
    ("椎板成形", SPINE | SURGERY),
    ("椎管减压", SPINE | SURGERY),
    ("椎", SPINE | BONE),
    ("神经根", SPINE | ROOT),
    ("神经", ROOT),
    ("支配", NEUROLOGICAL),
    ("麻痹", ROOT),
    ("信号", MR | SIGNAL),
    ("加权", MR | SIGNAL),
    ("压脂", MR),
    ("像", MR),
    ("序列", MR),
    ("皮节", NEUROLOGICAL),
    ("感觉", NEUROLOGICAL),
    ("肌节", NEUROLOGICAL),
    ("补体", NOT_C),
    ("血清", NOT_C | THYROID),
    ("甲状腺", THYROID),
    ("甲功", THYROID),
    ("游离", THYROID),
    ("期", STAGE),
    ("癌", STAGE),
    ("图", NAMED),
    ("表", NAMED),
    ("组", NAMED),
    ("型", NAMED),
    ("样本", NAMED),
    ("心音", NOT_S),
    ("肺段", NOT_S),
    ("肝", NOT_S),
    ("周围", 0),
    ("周", COUNTED),
    ("天", COUNTED),
    ("年", COUNTED),
    ("月", COUNTED),
    ("日", COUNTED),
    ("次", COUNTED),
    ("个", COUNTED),
    ("例", COUNTED),
    ("级", COUNTED),
    ("分", COUNTED),
    ("岁", COUNTED),
    ("片", COUNTED),
    ("张", COUNTED),
    ("处", COUNTED),
    ("厘", COUNTED),
    ("毫", COUNTED),
    ("侧方", ADJECTIVE),
    ("侧", COUNTED),
    ("节段", SPINE | LEVEL | ADJECTIVE),
    ("节", COUNTED),
    ("骨折", SPINE | BONE),
    ("骨质", SPINE | BONE),
    ("滑脱", SPINE | BONE),
    ("横突", SPINE | BONE),
    ("棘突", SPINE | BONE),
    ("终板", SPINE | BONE),
    ("峡部", SPINE | BONE),
    ("关节突", SPINE | BONE),
    ("水平", LEVEL | ADJECTIVE),
    ("间隙", SPINE | DISC),
    ("平面", LEVEL | ADJECTIVE),
    ("脊", SPINE),
    ("颈", SPINE),
    ("腰", SPINE),
    ("骶", SPINE),
    ("胸椎", SPINE),
    ("寰", SPINE),
    ("枢椎", SPINE),
    ("齿状突", SPINE),
    ("融合", SPINE | SURGERY),
    ("减压", SPINE | SURGERY),
    ("固定", SPINE | SURGERY),
    ("内固定", SPINE | SURGERY),
    ("黄韧带", SPINE),
    ("硬膜", SPINE),
    ("马尾", SPINE),
    ("后纵韧带", SPINE),
    ("韧带", SPINE),
    ("后路", ADJECTIVE),
    ("前路", ADJECTIVE),
    ("后", ADJECTIVE),
    ("前", ADJECTIVE),
    ("左侧", ADJECTIVE),
    ("右侧", ADJECTIVE),
    ("双侧", ADJECTIVE),
    ("上", ADJECTIVE),
    ("下", ADJECTIVE),
    ("和", AND),
    ("及", AND),
    ("与", AND),
    ("或", AND),
    ("至", TO),
    ("到", TO),
    ("移行", VARIANT | SPINE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chinese_word_is_reached() {
        for (word, expect) in HAN {
            let chars: Vec<char> = word.chars().collect();
            assert_eq!(cues_of_han(&chars), *expect, "{word}");
        }
    }
}
