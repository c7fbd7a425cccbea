"""The invented patients. Nobody here exists, and no name was taken from a list of names.

This file shares no word list with the detectors: whoever changes one may not look at the other.
"""

import dataclasses
import hashlib


def uid(label: str) -> str:
    """A fixed UID under 2.25 (PS3.5, B.2)."""
    digest = hashlib.sha256(f"planted {label}".encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


@dataclasses.dataclass(frozen=True)
class Person:
    """A patient and everybody and everything around them. Dates are `yyyymmdd`."""

    label: str
    name: str
    id: str
    birth: str
    sex: str
    age: str
    phone: str
    street: str
    town: str
    hospital: str
    referring: str
    performing: str
    operator: str
    station: str
    serial: str
    other_id: str
    email: str
    charset: str = "ISO_IR 6"

    def words(self) -> list[tuple[str, str]]:
        """Every string that says who this is, with its class."""
        people = [self.name, self.referring, self.performing, self.operator]
        parts = [
            token
            for person in people
            for group in person.split("=")
            for token in group.replace("-", "^").replace(" ", "^").split("^")
        ]
        named = [("name", token) for token in parts if self._long(token)]
        return named + [
            ("id", self.id),
            ("id", self.other_id),
            ("phone", self.phone),
            ("address", self.street),
            ("address", self.town),
            ("institution", self.hospital.split(" ")[0]),
            ("device", self.station),
            ("device", self.serial),
            ("email", self.email),
        ]

    @staticmethod
    def _long(token: str) -> bool:
        return len(token) >= 5 or (len(token) >= 1 and not token.isascii() and len(token) >= 2)

    def plain(self, which: str = "name") -> str:
        """Given name, then family name, as text has it."""
        family, given = (getattr(self, which).split("=")[0].split("^") + [""])[:2]
        return f"{given} {family}".strip()

    def family(self, which: str = "name") -> str:
        return getattr(self, which).split("^")[0]


def _person(label, name, id, birth, sex, age, town, hospital, staff, charset="ISO_IR 6"):
    n = int(hashlib.sha256(f"person {label}".encode()).hexdigest()[:8], 16)
    referring, performing, operator = staff
    ascii_town = "".join(c for c in town.split()[0] if c.isascii() and c.isalpha())
    return Person(
        label=label,
        name=name,
        id=id,
        birth=birth,
        sex=sex,
        age=age,
        phone=f"({200 + n % 700}) {220 + n % 97}-{1000 + n % 8999:04}",
        street=f"{11 + n % 880} {['Tanglewood', 'Brackenridge', 'Pomander', 'Quarrybank'][n % 4]} Lane",
        town=town,
        hospital=hospital,
        referring=referring,
        performing=performing,
        operator=operator,
        station=f"{ascii_town[:4].upper()}SCAN{n % 90 + 10}",
        serial=f"SN{n % 900000 + 100000}K",
        other_id=f"ZX{n % 8000000 + 1000000}",
        email=f"{label}.contact{n % 900}@{ascii_town.lower()}mail.example",
        charset=charset,
    )


ADA = _person(
    "ada", "THORNQUIST^WILHELMINA^CORDULA", "MH-4471902", "19510317", "F", "073Y",
    "Silverbrook", "Northlake Orthopaedic Hospital",
    ("Brannigan^Ursula", "Castellano^Teobaldo", "Whitcombe^Percival"),
)
BEN = _person(
    "ben", "ABERNETHY-COLEMAN^DESMOND", "77 210 5583", "19680928", "M", "056Y",
    "Harrowgate Falls", "Dunwoody Spine Institute",
    ("Dunsmore^Philippa", "Ekwueme^Chidubem", "Tremblay^Odette"),
)
JORG = _person(
    "jorg", "Müßigbrodt^Jörgen^Øyvind", "K-0098812", "19440522", "M", "080Y",
    "Würzberg", "Sankt-Ottilien Klinikum",
    ("Grünwald^Hedwiga", "Schäuffele^Traugott", "Nørregård^Birgitte"), "ISO_IR 100",
)
GRAZ = _person(
    "graz", "Wołoszczuk^Grażynka", "PL/55120/24", "19791103", "F", "045Y",
    "Świętochłowice", "Wojewódzki Szpital",
    ("Błaszczykowa^Jadwiga", "Żółciński^Zbigniew", "Krawczuk^Mieczysław"), "ISO_IR 101",
)
XIE = _person(
    "xie", "Xietang^Xiaotang=谢^晓棠", "W20883146", "19860214", "F", "038Y",
    "清泉镇", "临江骨科医院",
    ("Fengzi^Jingyun=冯^景云", "Zhuang^Boyuan=庄^伯远", "Taoran^Wenqing=陶^文卿"), "GB18030",
)
LAN = _person(
    "lan", "Huangfu^Ruolan=皇甫^若岚", "310-6654-09", "19930809", "F", "031Y",
    "云溪县", "望湖脊柱中心",
    ("Gongye^Tingfang=公冶^廷芳", "Shangguan^Muchen=上官^慕辰", "Dongfang^Yiran=东方^怡然"),
    "ISO_IR 192",
)
KURI = _person(
    "kuri", "Kurihara^Sayaka=栗原^沙也加", "JP44-01927", "19720630", "F", "052Y",
    "Minazukicho", "Hoshikage Seikei Byoin",
    ("Tokugahara^Renzaburo", "Amamiyagi^Shuichiro", "Fujibayashi^Momoka"),
    "\\ISO 2022 IR 87",
)
ARCHIE = _person(
    "archie", "PETTIBONE^ARCHIBALD^ERASMUS", "0045-991-X", "19301212", "M", "093Y",
    "Cobblestone Bay", "Merriweather Veterans Clinic",
    ("Farquharson^Isolde", "Haverstock^Lemuel", "Inglethorpe^Prudence"),
)
LAKSH = _person(
    "laksh", "Chandrasekharan^Lakshmipriya", "IN7730021", "20010119", "F", "023Y",
    "Vellanikkara", "Padmanabha Spine Trust",
    ("Jeyaratnam^Kumaravel", "Mukhopadhyay^Debolina", "Raghunathan^Sivakami"),
)
FIA = _person(
    "fia", "O'SHAUGHNESSY^FIACHRA", "EIR-334-8801", "19881005", "M", "036Y",
    "Ballynahinch", "Kilbrannan General",
    ("MacGillycuddy^Aoibheann", "Prendergast^Diarmuid", "Loughnane^Sorcha"),
)
MARY = _person(
    "mary", "VANDERVELDE^MARIJKE", "NL905511347", "19650716", "F", "059Y",
    "Oosterschans", "Westerkade Ziekenhuis",
    ("Hoogendoorn^Liesbeth", "Kuijpers^Willemijn", "Zonneveld^Barthold"),
)
MONT = _person(
    "mont", "ESCARRÀ^MONTSERRAT", "HC 8821140", "19590401", "F", "065Y",
    "Vilanoveta", "Puigcerver Hospital",
    ("Banyoles^Guillem", "Castellví^Mireia", "Desclot^Bernadeta"), "ISO_IR 100",
)
TORB = _person(
    "torb", "LINDQVISTEN^TORBEN", "RT-2024-0777", "19470828", "M", "077Y",
    "Skogshult", "Granbacka Onkologen",
    ("Bergendahl^Annelie", "Hallstensson^Ragnhild", "Sjöstrandh^Valdemar"), "ISO_IR 100",
)
SEO = _person(
    "seo", "Hwangbo^Seoyeon=皇甫^瑞娟=황보^서연", "KR0192837", "19961224", "F", "028Y",
    "Haedoriri", "Byeolbit Jeonghyeong",
    ("Namgung^Hyeonjun", "Seonwoo^Miryeong", "Dokgoryeo^Taeyang"), "\\ISO 2022 IR 149",
)

PEOPLE = [ADA, BEN, JORG, GRAZ, XIE, LAN, KURI, ARCHIE, LAKSH, FIA, MARY, MONT, TORB, SEO]
