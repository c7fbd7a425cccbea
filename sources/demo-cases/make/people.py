"""The invented patients, their hospitals, and how the identifiers are spelled elsewhere.

No such person, hospital, number or address exists: UIDs stand under the example arc 2.999,
telephone numbers are of ranges kept for fiction or not in use, and e-mail ends in `.example`.
Every identifier is rare, so that a search for it finds nothing else.
"""

LUMBAR = dict(
    folder="Ondrejka_Maribel_QX77-40318", charset="ISO_IR 100", root="2.999.774318.4",
    ae="SORGATE_PACS9", name="Ondrejka^Maribel^Quince", other_name="Velthuysen^Maribel",
    id="QX77-40318", other_id="OLDMRN-6619204", issuer="SORRELGATE-MPI-07",
    birth="19790823", birth_time="043817.250000", sex="F", age="044Y",
    home="77 Pellwick Crescent, Thornquist, ZZ 90418", phone="(312) 555-0147",
    mother="Zabrowicz^Ilsabet", occupation="Violas Ondrejka",
    patient_comment="Call husband Casimir Ondrejka (312) 555-0163 after the scan; Ward 7Q bed 14",
    history_note="Seen by Dr. Tolliver; insurance HXM-6620-1985-K; m.ondrejka@sorrelgate.example",
    record_locator="SHELF-QX-881204", referring="Tolliver^Fenwick", performing="Brancatelli^Odalys",
    reading="Haverstraw^Ruskin", operator="Quackenbos^Pim",
    institution="Sorrelgate Regional Hospital", address="418 Wexcombe Lane, Thornquist, ZZ 90417",
    department="Quillon Wing Imaging", station="SORMRQ03", serial="SN-GZ0091477",
    desk_phone="(312) 555-0188", order_comment="Copy to Dr. Tolliver, pager 555-0171, for M. Ondrejka",
    order_reason="Leg pain, Ondrejka",
)

THORACOLUMBAR = dict(
    folder="仝熠澜_住院号ZY0098417", charset="GB18030", root="2.999.660927.11", ae="DANLING_CT2",
    name="Tong^Yilan=仝^熠澜", other_name="仝小澜", id="ZY0098417", other_id="MZ20771553",
    issuer="云榷澹岭主索引", birth="19760314", birth_time="", sex="M", age="047Y",
    home="云榷市黛溪路316弄9号402室", phone="19900007316", mother="郗宛棠", occupation="屋面工，鸿垣筑造",
    patient_comment="家属仝砚秋，电话19900008842；骨七病区23床", history_note="身份证990102197603147714，医保号YB-7730915",
    record_locator="病案架DL-60417", referring="逯^霁川", performing="郤^鹭洲", reading="庹^铭瀚",
    operator="厍^芷蘅", institution="云榷市澹岭医院", address="云榷市澹岭路88号", department="澹岭影像中心",
    station="DLCT-ROOM5", serial="SB771-00942X", desk_phone="0599-0001739",
    order_comment="请电逯霁川医师，0599-0001739", order_reason="仝熠澜外伤",
)

CERVICAL = dict(
    folder="VASHCHENKO-Torvald-KZ88-51907", charset="ISO_IR 100", root="2.999.774318.9",
    ae="BRACKMOOR_CR1", name="Vashchenko^Torvald", other_name="Vashchenko-Lindqvaert^Torvald",
    id="KZ88-51907", other_id="NHX 771 442 9036", issuer="BRACKMOOR-PAS", birth="19611130",
    birth_time="221905.000000", sex="M", age="061Y", home="The Old Toll House, Grebeford, BX9 4ZZ",
    phone="01632 960471", mother="Dvorisk^Halka", occupation="Sexton Grebeford",
    patient_comment="Next of kin: sister Ludmyra Ashgrovel 01632 960582",
    history_note="Letter to Dr. Peregrine Oxtoby, Grebeford Surgery, 14 March 2023",
    record_locator="BRK-VAULT-3317", referring="Oxtoby^Peregrine", performing="Brévelle^Zoé",
    reading="Strathclune^Ailith", operator="Nwabuezeh^Chidubem", institution="Brackmoor Infirmary",
    address="Kestrel Hill, Grebeford, BX9 1QQ", department="Kestrel Plain Film", station="BRKCR-02",
    serial="CRX-5580-QF", desk_phone="01632 960117", plate="PLATE-BX40719",
    order_comment="Report to peregrine.oxtoby@grebeford.example", order_reason="Vashchenko, neck",
)

STENOSIS = dict(
    folder="濮阳沁笙_PY-20817734", charset="ISO_IR 192", root="2.999.660927.23", ae="LINYAN_MR7",
    name="Puyang^Qinsheng=濮阳^沁笙", other_name="濮阳阿笙", id="PY-20817734", other_id="MZ55830126",
    issuer="临砚附院患者库", birth="19550607", birth_time="", sex="F", age="068Y",
    home="临砚市梧桐墩街27号", phone="19900004471", mother="缑素翎", occupation="临砚织锦厂",
    patient_comment="女儿亓官钰潼陪护，19900004508", history_note="身份证990105195506074824；脊柱三病区08床",
    record_locator="病案柜LY-99152", referring="璩^望舒", performing="亓^朝晖", reading="呼延^墨白",
    operator="佴^青峦", institution="临砚大学附属榴园医院", address="临砚市榴园东路5号",
    department="榴园磁共振室", station="LYMR-7B", serial="MRQ-30077-LY", desk_phone="0599-0004420",
    order_comment="联系璩望舒，邮箱wangshu.qu@linyan.example", order_reason="濮阳沁笙复查",
)

# A stray object in the second case's folder belongs to this person.
STRANGER = dict(
    THORACOLUMBAR, name="Lyuqiu^Heng=闾丘^珩之", other_name="闾丘大珩", id="ZY0031155",
    other_id="MZ20990017", birth="19880229", sex="F", age="035Y", home="云榷市黛溪路9弄1号",
    phone="19900009127", mother="缪鹤龄", patient_comment="闾丘珩之，骨七病区31床",
    history_note="身份证990102198802293321", record_locator="病案架DL-10098", occupation="不详",
)
