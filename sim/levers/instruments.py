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
            weight=0.3,
            pace="institution",
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
            weight=0.25,
            pace="mediation",
            brings={"en": "disputes among neighbours and at work settled locally and early", "zh": "邻里与劳动纠纷就近、及早化解"},
            costs={"en": "settlements under pressure are reopened", "zh": "勉强达成的调解会反复"},
        ),
        "social_organisations": Instrument(
            names={"en": "social organisations", "zh": "社会组织"},
            doc={"en": "support for social organisations and their volunteers", "zh": "对社会组织及其志愿者的支持"},
            weight=0.3,
            pace="institution",
            brings={"en": "posts for volunteers, mutual aid, trust, fewer offences", "zh": "志愿岗位、互助与信任增加，违法犯罪减少"},
            costs={
                "en": "hours asked of the same people: fatigue, burn-out; strong neighbourhoods exclude newcomers",
                "zh": "总是同一批人出力：疲劳与倦怠；紧密的邻里排斥新来者",
            },
        ),
        "workplace": Instrument(
            names={"en": "workplace", "zh": "单位与工会"},
            doc={"en": "unions and self-governance at work", "zh": "工会与职工自治"},
            weight=0.15,
            pace="institution",
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
            weight=0.5,
            pace="policing",
            brings={"en": "certainty of sanction, presence", "zh": "处罚更确定，街面见警"},
            costs={"en": "fruitless stops, which cost legitimacy", "zh": "无果盘查，损害公信力"},
        ),
        "courts": Instrument(
            names={"en": "courts", "zh": "法院"},
            doc={"en": "courts and the cases that they can decide", "zh": "法院及其审理能力"},
            weight=0.2,
            pace="institution",
            brings={"en": "cases decided, shorter queues", "zh": "案件得到裁决，排队缩短"},
            costs={"en": "suits among neighbours reduce trust", "zh": "诉讼使邻里疏远，损害信任"},
        ),
        "oversight": Instrument(
            names={"en": "oversight", "zh": "监督"},
            doc={"en": "oversight of officials and police", "zh": "对干部与警察的监督"},
            weight=0.1,
            pace="institution",
            brings={"en": "less corruption, fewer fruitless stops, legitimacy", "zh": "腐败与无果盘查减少，公信力提高"},
            costs={
                "en": "officials' time and caution: fewer requests resolved",
                "zh": "占用干部时间，使其趋于谨慎：办结的诉求减少",
            },
        ),
        "legal_aid": Instrument(
            names={"en": "legal aid", "zh": "法律援助"},
            doc={"en": "legal aid for those who cannot pay", "zh": "为无力负担者提供法律援助"},
            weight=0.1,
            pace="institution",
            brings={"en": "weak parties get access to courts and win more often", "zh": "弱者能打官司，也能打赢"},
            costs={"en": "more suits, longer queues", "zh": "诉讼增多，排队变长"},
        ),
        "legislation": Instrument(
            names={"en": "legislation", "zh": "立法"},
            doc={"en": "drafting and revision of local rules", "zh": "地方立法的起草与修订"},
            weight=0.1,
            pace="slow",
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
            weight=0.35,
            pace="media",
            brings={"en": "stronger norms of those close to the message", "zh": "认同宣传者的规范增强"},
            costs={
                "en": "backlash of those far from it; lower credibility, raised expectations",
                "zh": "不认同者产生抵触；可信度下降，期望升高",
            },
        ),
        "school": Instrument(
            names={"en": "school", "zh": "学校教育"},
            doc={"en": "moral education at school", "zh": "学校的德育"},
            weight=0.35,
            pace="slow",
            brings={"en": "norms acquired at school", "zh": "在规范中成长"},
            costs={"en": "pressure on the young and their parents; very slow", "zh": "青少年及其家长有压力；见效很慢"},
        ),
        "family": Instrument(
            names={"en": "family", "zh": "家庭教育"},
            doc={"en": "support for moral education at home", "zh": "对家庭教育的支持"},
            weight=0.15,
            pace="institution",
            brings={"en": "norms supported at home", "zh": "家中秉持的规范"},
            costs={"en": "family duties: less happiness, less time to volunteer", "zh": "家庭责任加重：幸福感与志愿时间减少"},
        ),
        "workplace": Instrument(
            names={"en": "workplace", "zh": "单位与工会"},
            doc={"en": "moral education at work", "zh": "单位中的职业道德教育"},
            weight=0.15,
            pace="institution",
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
            weight=0.25,
            pace="institution",
            brings={"en": "services for families and the young; skills that help to find work", "zh": "服务家庭与青少年；掌握能就业的技能"},
            costs={"en": "raised expectations", "zh": "期望升高"},
        ),
        "employment": Instrument(
            names={"en": "employment", "zh": "就业"},
            doc={"en": "help to find work", "zh": "就业服务"},
            weight=0.15,
            pace="institution",
            brings={"en": "work found sooner", "zh": "更快找到工作"},
            costs={"en": "crowds out residents' own effort", "zh": "挤出自身努力"},
        ),
        "social_security": Instrument(
            names={"en": "social security", "zh": "社会保障"},
            doc={"en": "pensions, benefits and relief", "zh": "养老金、补助与救济"},
            weight=0.2,
            pace="institution",
            brings={"en": "less strain on old, poor and unemployed residents", "zh": "减轻老人、贫困者与失业者的压力"},
            costs={"en": "slower job search, less own effort", "zh": "求职放缓，自身努力减少"},
        ),
        "health": Instrument(
            names={"en": "health", "zh": "医疗卫生"},
            doc={"en": "health care", "zh": "医疗卫生服务"},
            weight=0.25,
            pace="institution",
            brings={"en": "recovery from fatigue, better health of older residents", "zh": "疲劳得到恢复，老人健康"},
            costs={"en": "wider gap to those without local registration", "zh": "与外来居民的差距扩大"},
        ),
        "housing": Instrument(
            names={"en": "housing", "zh": "住房"},
            doc={"en": "homes built and let at moderate rents", "zh": "建设并以适中租金出租的住房"},
            weight=0.15,
            pace="institution",
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
