"""Stances: policy choices that cost no budget, such as transparency, with default, range, names, benefits and costs.

One row registers a stance (see `sim.levers.rows.Stance`).
"""

from sim.levers.rows import Stance

STANCES: dict[str, Stance] = {
    "coordination": Stance(
        names={"en": "Coordination under unified leadership", "zh": "统一领导与协同程度"},
        doc={"en": "degree to which units work under unified leadership", "zh": "各部门在统一领导下协同工作的程度"},
        default=0.5,
        brings={"en": "faster hand-offs between units", "zh": "部门之间移交更快"},
        costs={"en": "government work fits less well where a community differs", "zh": "在情况特殊的社区，政府工作不够贴合"},
    ),
    "layers": Stance(
        names={"en": "Layers of government", "zh": "层级数"},
        doc={"en": "layers of government that a matter passes", "zh": "一件事项要经过的政府层级数"},
        default=3.0,
        low=1.0,
        high=6.0,
        unit="layers",
        brings={"en": "narrow span of control: work fits better", "zh": "管理幅度小，工作更贴合实际"},
        costs={"en": "every hand-off takes longer", "zh": "每次移交耗时更长"},
    ),
    "transparency": Stance(
        names={"en": "Transparency", "zh": "政务公开程度"},
        doc={"en": "how open the government is about what it does and fails to do", "zh": "政府对其作为与不足的公开程度"},
        default=0.6,
        brings={"en": "legitimacy, less corruption", "zh": "公信力提高，腐败减少"},
        costs={"en": "higher expectations; exposed problems cost legitimacy", "zh": "期望升高；暴露的问题损害公信力"},
    ),
    "information_stance": Stance(
        names={"en": "Response to rumours and dissent", "zh": "舆情应对方式"},
        doc={
            "en": "response to rumours and dissent: open and immediate answers, ordinary answers, waiting, suppression",
            "zh": "如何应对谣言与异议：公开并立即回应、常规回应、观望或压制",
        },
        default="answer",
        choices={
            "open": {"en": "open and immediate answers", "zh": "公开并立即回应"},
            "answer": {"en": "ordinary answers", "zh": "常规回应"},
            "wait": {"en": "waiting", "zh": "观望"},
            "suppress": {"en": "suppression", "zh": "压制"},
        },
        brings={
            "en": "'open' ends rumours and builds credibility; 'suppress' hides dissent at once",
            "zh": "open平息谣言、赢得信任；suppress使异议暂时不显露",
        },
        costs={
            "en": "'open' admits failures and takes time; 'wait' lets rumours run; 'suppress' costs credibility and trust, and hides"
            " what is wrong",
            "zh": "open须承认失误并花费时间；wait任由谣言传播；suppress损害可信度与信任，并掩盖问题",
        },
    ),
    "protest_response": Stance(
        names={"en": "Response to protest", "zh": "对抗议的应对方式"},
        doc={
            "en": "how officials respond to protest: concede, mediate, ignore, disperse",
            "zh": "官员如何应对公开抗议：让步、调解、不予理会或驱散",
        },
        default="mediate",
        choices={
            "ignore": {"en": "ignore", "zh": "不予理会"},
            "mediate": {"en": "mediate", "zh": "调解"},
            "concede": {"en": "concede", "zh": "让步"},
            "disperse": {"en": "disperse", "zh": "驱散"},
        },
        brings={
            "en": "'concede' ends a protest soonest; 'mediate' ends it without a precedent; 'disperse' keeps the streets calm;"
            " 'ignore' costs nobody's time",
            "zh": "concede最快平息抗议；mediate平息抗议而不开先例；disperse使街面平静；ignore不占用任何人的时间",
        },
        costs={
            "en": "'concede' invites further protest; 'mediate' takes mediators' time; 'disperse' brings arrests and angers those who"
            " see it; 'ignore' lets protest run and spread",
            "zh": "concede会招来更多抗议；mediate占用调解员时间；disperse带来拘捕并激怒目睹者；ignore任由抗议持续、蔓延",
        },
    ),
    "migrant_access": Stance(
        names={"en": "Services open to non-local residents", "zh": "向外来居民开放的服务比例"},
        doc={"en": "share of public services open to residents without local registration", "zh": "向无本地户籍居民开放的公共服务比例"},
        default=0.5,
        brings={"en": "services and belonging for residents without local registration", "zh": "外来居民获得服务与归属感"},
        costs={"en": "load on services; resentment where hardship is high", "zh": "服务负荷增加；困难社区产生不满"},
    ),
    "digital_services": Stance(
        names={"en": "Services moved online", "zh": "线上办理的服务比例"},
        doc={"en": "share of services moved online", "zh": "改为线上办理的服务比例"},
        default=0.4,
        brings={"en": "less load, quicker offices", "zh": "负荷减轻，办事更快"},
        costs={"en": "residents over 60 are excluded", "zh": "60岁以上的人难以使用"},
    ),
    "service_projects": Stance(
        names={"en": "Yearly service projects", "zh": "年度民生实事项目"},
        doc={"en": "weight of yearly service projects", "zh": "年度民生实事项目的分量"},
        default=0.3,
        brings={"en": "services where they are lacking, in season", "zh": "在实施季节补上欠缺的服务"},
        costs={"en": "routine work; promises raise expectations", "zh": "挤占日常工作；承诺抬高期望"},
    ),
    "officials_visits": Stance(
        names={"en": "Officials visiting communities", "zh": "干部走访下沉"},
        doc={"en": "how much officials visit communities", "zh": "干部走访社区的力度"},
        default=0.3,
        brings={"en": "voice, cases settled at once", "zh": "居民有处表达，部分纠纷当场解决"},
        costs={"en": "routine work; queue jumping", "zh": "挤占日常工作；有人插队"},
    ),
    "appraisal_pressure": Stance(
        names={"en": "Pressure of appraisal", "zh": "考核压力"},
        doc={"en": "weight of the appraisal of districts", "zh": "对各区考核的分量"},
        default=0.5,
        brings={"en": "effort on what is measured", "zh": "被考核的工作更受重视"},
        costs={"en": "neglect of the rest; overstated reports", "zh": "其余工作受忽视；上报好于实际"},
    ),
    "appraisal_by": Stance(
        names={"en": "Basis of appraisal of districts", "zh": "考核依据"},
        doc={
            "en": "basis of appraisal of districts: results (cases, offences), or scores of residents (services)",
            "zh": "各区的考核依据：工作结果（纠纷、违法犯罪）或居民评分（服务）",
        },
        default="results",
        choices={"results": {"en": "results", "zh": "工作结果"}, "residents": {"en": "scores of residents", "zh": "居民评分"}},
        brings={"en": "'residents': effort on services, honest reports", "zh": "residents：重视服务，上报真实"},
        costs={"en": "'residents': less effort on cases and offences", "zh": "residents：对纠纷与违法犯罪投入减少"},
    ),
    "audit": Stance(
        names={"en": "Spending and reports audited", "zh": "审计抽查比例"},
        doc={"en": "share of spending and reports that is audited", "zh": "接受审计的支出与上报数据的比例"},
        default=0.3,
        brings={"en": "less corruption, honest reports", "zh": "腐败减少，上报真实"},
        costs={
            "en": "officials' time and caution: fewer requests resolved",
            "zh": "占用干部时间，使其趋于谨慎：办结的诉求减少",
        },
    ),
    "detection": Stance(
        names={"en": "Automatic detection", "zh": "智能感知投入"},
        doc={"en": "investment in cameras and automatic detection", "zh": "对摄像头与自动识别的投入"},
        default=0.3,
        brings={"en": "offences found, deterrence at cameras", "zh": "发现违法犯罪，摄像头处有威慑"},
        costs={
            "en": "innocent people flagged, exposure, less participation, upkeep",
            "zh": "无辜者受怀疑，隐私暴露，参与意愿受抑，维护费用",
        },
    ),
    "detection_threshold": Stance(
        names={"en": "Threshold of detection", "zh": "感知告警阈值"},
        doc={
            "en": "signal above which detection flags a person: low finds more offences and flags more innocent people",
            "zh": "信号超过此值即告警：阈值低则发现更多，误报也更多",
        },
        default=0.5,
        brings={"en": "high: fewer innocent people flagged", "zh": "阈值高：误报减少"},
        costs={"en": "high: fewer offences found", "zh": "阈值高：发现的违法犯罪减少"},
    ),
    "privacy_protection": Stance(
        names={"en": "Protection of privacy", "zh": "隐私保护"},
        doc={"en": "limits on the data that detection may keep and combine", "zh": "对感知数据留存与关联的限制"},
        default=0.5,
        brings={"en": "less exposure, fewer false flags", "zh": "隐私暴露减少，误报减少"},
        costs={"en": "fewer offences found", "zh": "发现的违法犯罪减少"},
    ),
    "patrol_targeting": Stance(
        names={"en": "Allocation of police patrols", "zh": "巡逻部署方式"},
        doc={
            "en": "allocation of police patrols: evenly by residents, by recorded offences, by risk score, or around busy places",
            "zh": "巡逻部署：按人口均匀、按案件记录地点、集中于风险评分高处，或围绕人流密集处",
        },
        default="even",
        choices={
            "even": {"en": "evenly by residents", "zh": "按人口均匀"},
            "reported": {"en": "where offences were reported", "zh": "按报案地点"},
            "risk_score": {"en": "concentrated by risk score", "zh": "按风险评分重点"},
            "busy_places": {"en": "around stations, markets and bars", "zh": "围绕车站、市场与酒吧"},
        },
        brings={
            "en": "all but 'even': fewer offences where patrols go",
            "zh": "除even外：巡逻所到之处违法犯罪减少",
        },
        costs={
            "en": "repeated stops and arrests in the same areas; recorded offences follow the patrols, except with 'busy_places'",
            "zh": "盘查与抓捕反复落在同一些地方；除busy_places外，案件记录随巡逻而变",
        },
    ),
    "campaign": Stance(
        names={"en": "Intensity of a crackdown", "zh": "专项行动强度"},
        doc={"en": "intensity of a crackdown", "zh": "专项打击行动的强度"},
        default=0.0,
        brings={"en": "certainty of sanction for some weeks", "zh": "数周之内处罚更确定"},
        costs={
            "en": "wrongful detention, fruitless stops, legitimacy",
            "zh": "错误羁押、无果盘查，损害公信力",
        },
    ),
    "planning_horizon": Stance(
        names={"en": "Planning horizon", "zh": "规划前瞻年数"},
        doc={"en": "planning horizon in years", "zh": "规划向前考虑的年数"},
        default=3.0,
        low=0.5,
        high=15.0,
        unit="years",
        brings={"en": "less congestion", "zh": "拥挤减轻"},
        costs={"en": "restrained inflow, less slack for an immediate response", "zh": "人口流入受限，应急余量减少"},
    ),
}
"""Every stance, in the order of the columns of `sim.levers.LEVER_WEEK`."""
