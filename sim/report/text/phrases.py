"""Names of stances and choices."""

from sim.report.text.words import table

STANCE = table("""
coordination|Coordination under one lead|统一领导与协同程度
layers|Layers of government|层级数
information_stance|How rumours and dissent are met|舆情应对方式
open|open and immediate answers|公开并立即回应
answer|ordinary answers|常规回应
wait|waiting|观望
suppress|suppression|压制
digital_services|Services moved online|线上办理的服务比例
service_projects|Yearly service projects|年度民生实事项目
officials_visits|Officials visiting communities|干部走访下沉
appraisal_pressure|Pressure of appraisal|考核压力
appraisal_by|What districts are appraised by|考核依据
results|results|工作结果
residents|scores of residents|居民评分
audit|Spending and reports audited|审计抽查比例
detection|Automatic detection|智能感知投入
detection_threshold|Threshold of detection|感知告警阈值
privacy_protection|Protection of privacy|隐私保护
campaign|Intensity of a crackdown|专项行动强度
planning_horizon|Years that planning looks ahead|规划前瞻年数
risk_score|sharply where a risk score is high|按风险评分重点
""")
