"""The four levers of the budget and their instruments (levers without a budget: `stances.py`).

One row registers an instrument (see `sim.levers.rows`).
"""

from sim.levers.rows import BudgetLever, Instrument

SELF_GOVERNANCE = BudgetLever(
    names={"en": "Self-governance (自治)", "zh": "自治"},
    doc={"en": "self-governance (自治)", "zh": "自治"},
    share=0.15,
    instruments={
        "councils": Instrument(
            names={"en": "councils", "zh": "居民议事"},
            doc={"en": "residents' councils that decide on local affairs", "zh": "居民议事协商，决定社区事务"},
            weight=240.0,
            staff={"en": "community workers", "zh": "社区工作者"},
            work={"en": "consultations of residents", "zh": "居民协商人次"},
            brings={
                "en": "voice in local affairs, efficacy, turnout, hours asked and given",
                "zh": "社区事务有发言权，效能感、投票率与志愿时间增加",
            },
            costs={
                "en": "fatigue and burn-out, capture by a few, less voice for newcomers",
                "zh": "疲劳与倦怠，少数人把持，新来者话语权减少",
            },
        ),
        "mediation": Instrument(
            names={"en": "mediation", "zh": "人民调解"},
            doc={"en": "people's mediation of disputes in communities", "zh": "社区内的人民调解"},
            weight=41.9,
            staff={"en": "mediators", "zh": "专职调解员"},
            work={"en": "cases mediated", "zh": "调解案件"},
            brings={"en": "disputes among neighbours and at work settled locally and early", "zh": "邻里与劳动纠纷就近、及早化解"},
            costs={"en": "settlements under pressure are reopened", "zh": "勉强达成的调解会反复"},
        ),
        "social_organisations": Instrument(
            names={"en": "social organisations", "zh": "社会组织"},
            doc={"en": "support for social organisations and their volunteers", "zh": "对社会组织及其志愿者的支持"},
            weight=92.9,
            staff={"en": "staff of social organisations", "zh": "社会组织专职人员"},
            work={"en": "places for volunteers", "zh": "志愿服务岗位"},
            brings={"en": "posts for volunteers, mutual aid, trust, fewer offences", "zh": "志愿岗位、互助与信任增加，违法犯罪减少"},
            costs={
                "en": "hours asked of the same people: fatigue, burn-out; strong neighbourhoods exclude newcomers",
                "zh": "总是同一批人出力：疲劳与倦怠；紧密的邻里排斥新来者",
            },
        ),
        "workplace": Instrument(
            names={"en": "workplace", "zh": "单位与工会"},
            doc={"en": "unions and self-governance at work", "zh": "工会与职工自治"},
            weight=75.4,
            staff={"en": "union staff", "zh": "工会专职干部"},
            work={"en": "disputes at work helped", "zh": "协助的劳动纠纷"},
            brings={"en": "conflicts at work settled before they escalate", "zh": "劳动纠纷在升级前解决"},
            costs={"en": "fewer jobs for outsiders", "zh": "圈外人更难找到工作"},
        ),
    },
)
RULE_OF_LAW = BudgetLever(
    names={"en": "Rule of law (法治)", "zh": "法治"},
    doc={"en": "the rule of law (法治)", "zh": "法治"},
    share=0.30,
    instruments={
        "policing": Instrument(
            names={"en": "policing", "zh": "警务"},
            doc={"en": "police officers and their patrols", "zh": "警力与巡逻"},
            weight=765.0,
            staff={"en": "police officers", "zh": "民警"},
            work={"en": "hours on duty", "zh": "执勤小时"},
            brings={"en": "certainty of sanction, presence", "zh": "处罚更确定，街面见警"},
            costs={"en": "fruitless stops, which cost legitimacy", "zh": "无果盘查，损害公信力"},
        ),
        "courts": Instrument(
            names={"en": "courts", "zh": "法院"},
            doc={"en": "courts and the cases that they can decide", "zh": "法院及其审理能力"},
            weight=20.0,
            staff={"en": "judges with assistant and clerk", "zh": "法官（含助理与书记员）"},
            work={"en": "cases decided", "zh": "审结案件"},
            brings={"en": "cases decided, shorter queues", "zh": "案件得到裁决，排队缩短"},
            costs={"en": "suits among neighbours reduce trust", "zh": "诉讼使邻里疏远，损害信任"},
        ),
        "oversight": Instrument(
            names={"en": "oversight", "zh": "监督"},
            doc={"en": "oversight of officials and police", "zh": "对干部与警察的监督"},
            weight=70.6,
            staff={"en": "supervisors and auditors", "zh": "监督与审计人员"},
            work={"en": "cases and audits", "zh": "查办案件与审计项目"},
            brings={"en": "less corruption, fewer fruitless stops, legitimacy", "zh": "腐败与无果盘查减少，公信力提高"},
            costs={
                "en": "officials' time and caution: fewer requests resolved",
                "zh": "占用干部时间，使其趋于谨慎：办结的诉求减少",
            },
        ),
        "legal_aid": Instrument(
            names={"en": "legal aid", "zh": "法律援助"},
            doc={"en": "legal aid for those who cannot pay", "zh": "为无力负担者提供法律援助"},
            weight=4.21,
            staff={"en": "legal aid lawyers", "zh": "法律援助律师"},
            work={"en": "cases aided", "zh": "援助案件"},
            brings={"en": "weak parties get access to courts and win more often", "zh": "弱者能打官司，也能打赢"},
            costs={"en": "more suits, longer queues", "zh": "诉讼增多，排队变长"},
        ),
        "legislation": Instrument(
            names={"en": "legislation", "zh": "立法"},
            doc={"en": "drafting and revision of local rules", "zh": "地方立法的起草与修订"},
            weight=39.91,
            staff={"en": "legislative staff", "zh": "立法工作人员"},
            work={"en": "rules revised", "zh": "制定修订的规则"},
            brings={"en": "clarity: better stops, less discretion, legitimacy", "zh": "规则明确：盘查更准，自由裁量减少，公信力提高"},
            costs={"en": "rigidity: fewer local settlements; very slow", "zh": "僵化：就地和解减少；见效很慢"},
        ),
    },
)
MORAL_EDUCATION = BudgetLever(
    names={"en": "Moral education (德治)", "zh": "德治"},
    doc={"en": "moral education (德治)", "zh": "德治"},
    share=0.10,
    instruments={
        "media": Instrument(
            names={"en": "media", "zh": "媒体宣传"},
            doc={"en": "public messages in the media", "zh": "媒体上的公共宣传"},
            weight=160.0,
            staff={"en": "publicity staff", "zh": "宣传人员"},
            work={"en": "messages received", "zh": "宣传触达人次"},
            brings={"en": "stronger norms of those close to the message", "zh": "认同宣传者的规范增强"},
            costs={
                "en": "backlash of those far from it; lower credibility, raised expectations",
                "zh": "不认同者产生抵触；可信度下降，期望升高",
            },
        ),
        "school": Instrument(
            names={"en": "school", "zh": "学校教育"},
            doc={"en": "moral education at school", "zh": "学校的德育"},
            weight=77.6,
            staff={"en": "teachers of morality and law", "zh": "道德与法治教师"},
            work={"en": "pupil-hours taught", "zh": "学生课时"},
            brings={"en": "norms acquired at school", "zh": "在规范中成长"},
            costs={"en": "pressure on the young and their parents; very slow", "zh": "青少年及其家长有压力；见效很慢"},
        ),
        "family": Instrument(
            names={"en": "family", "zh": "家庭教育"},
            doc={"en": "support for moral education at home", "zh": "对家庭教育的支持"},
            weight=30.0,
            staff={"en": "family education workers", "zh": "家庭教育指导人员"},
            work={"en": "family visits", "zh": "入户指导次数"},
            brings={"en": "norms supported at home", "zh": "家中秉持的规范"},
            costs={"en": "family duties: less happiness, less time to volunteer", "zh": "家庭责任加重：幸福感与志愿时间减少"},
        ),
        "workplace": Instrument(
            names={"en": "workplace", "zh": "单位与工会"},
            doc={"en": "moral education at work", "zh": "单位中的职业道德教育"},
            weight=32.43,
            staff={"en": "trainers at work", "zh": "单位培训人员"},
            work={"en": "people taught", "zh": "受训人次"},
            brings={"en": "norms supported at work", "zh": "工作中秉持的规范"},
            costs={"en": "perceived as pressure: lower happiness", "zh": "被视为压力：幸福感下降"},
        ),
    },
)
PUBLIC_SERVICES = BudgetLever(
    names={"en": "Public services", "zh": "公共服务"},
    doc={"en": "public services", "zh": "公共服务"},
    share=0.40,
    instruments={
        "education": Instrument(
            names={"en": "education", "zh": "教育"},
            doc={"en": "schools and training", "zh": "学校与培训"},
            weight=330.0,
            staff={"en": "teachers and trainers", "zh": "教师与培训师"},
            work={"en": "places for learners", "zh": "学位与培训名额"},
            brings={"en": "services for families and the young; skills that help to find work", "zh": "服务家庭与青少年；掌握能就业的技能"},
            costs={"en": "raised expectations", "zh": "期望升高"},
        ),
        "employment": Instrument(
            names={"en": "employment", "zh": "就业"},
            doc={"en": "help to find work", "zh": "就业服务"},
            weight=170.0,
            staff={"en": "employment advisers", "zh": "就业服务人员"},
            work={"en": "services to job seekers", "zh": "就业服务人次"},
            brings={"en": "work found sooner", "zh": "更快找到工作"},
            costs={"en": "crowds out residents' own effort", "zh": "挤出自身努力"},
        ),
        "social_security": Instrument(
            names={"en": "social security", "zh": "社会保障"},
            doc={"en": "pensions, benefits and relief", "zh": "养老金、补助与救济"},
            weight=242.9,
            staff={"en": "social security staff", "zh": "社会保障经办人员"},
            work={"en": "people served", "zh": "服务对象人数"},
            brings={"en": "less strain on old, poor and unemployed residents", "zh": "减轻老人、贫困者与失业者的压力"},
            costs={"en": "slower job search, less own effort", "zh": "求职放缓，自身努力减少"},
        ),
        "health": Instrument(
            names={"en": "health", "zh": "医疗卫生"},
            doc={"en": "health care", "zh": "医疗卫生服务"},
            weight=342.9,
            staff={"en": "health staff", "zh": "医护人员"},
            work={"en": "visits", "zh": "就诊与随访人次"},
            brings={"en": "recovery from fatigue, better health of older residents", "zh": "疲劳得到恢复，老人健康"},
            costs={"en": "wider gap to those without local registration", "zh": "与外来居民的差距扩大"},
        ),
        "housing": Instrument(
            names={"en": "housing", "zh": "住房"},
            doc={"en": "homes built and let at moderate rents", "zh": "建设并以适中租金出租的住房"},
            weight=114.1,
            staff={"en": "housing staff", "zh": "住房保障人员"},
            work={"en": "households served", "zh": "服务家庭户数"},
            brings={"en": "homes for newcomers and the young, less congestion", "zh": "新来者与青年有房住，拥挤减轻"},
            costs={"en": "redevelopment and relocation reduce trust among neighbours", "zh": "改造与搬迁损害邻里信任"},
        ),
    },
)

BUDGET_LEVERS: dict[str, BudgetLever] = {
    "self_governance": SELF_GOVERNANCE,
    "rule_of_law": RULE_OF_LAW,
    "moral_education": MORAL_EDUCATION,
    "public_services": PUBLIC_SERVICES,
}
"""Every lever of the budget; instruments are in the order of the columns of ``share`` in `sim.levers.LEVER_WEEK`."""
