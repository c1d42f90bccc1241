"""Interpretation of Chinese words instead of keys, and of full-width punctuation between keys and values."""

import re

from sim.messages import Message, Words
from sim.scenario.parsing.widths import narrow

_KEYS = """
name 名称 名字 情景名称
title 标题
description 描述 说明 简介
extends 继承 基于
city 城市
preset 预设 城市预设
scale 比例 规模
communities 社区 社区表
adjacency 邻接 相邻
geometry 几何 边界
rates 已知比率 比率
residents 居民 居民数 人口
districts 区 区数
community_size 社区规模
horizon 模拟时长 期限 时长 时间跨度 年限
budget 预算
policy 政策
self_governance 自治
rule_of_law 法治
moral_education 德治
public_services 公共服务
share 份额 占比 比重
yuan 元 人民币 金额
staff 人员 人数 人员数 配备
staffing 人员配置 人员与成本 编制
currency 货币 币种
cost 成本 单价 人均成本
throughput 工作量
councils 居民议事
mediation 调解 人民调解
social_organisations 社会组织
policing 警务 警力
courts 法院
oversight 监督
legal_aid 法律援助
legislation 立法
media 媒体 媒体宣传
school 学校 学校教育
family 家庭 家庭教育
education 教育
employment 就业
social_security 社会保障 社保
health 医疗 医疗卫生
housing 住房
split 分配 拆分
stance 施政取向 立场 取向
transparency 透明度
timeline 时间线 时间表
shocks 冲击 突发事件
targets 目标
rules 规则
mechanisms 机制
enabled 启用
weights 权重
satisfaction 满意度
stability 稳定度 稳定性
replicates 重复 重复次数
seed 种子 随机种子
kind 类型
at 时间 开始
over 历时
set 设为 设置
lasts 持续
strength 强度
where 地点
district 行政区
metric 指标
responsible 责任人 负责人
scenario 情景 方案
design 设计
factors 因素 因子
outcomes 结果
"""
KEYS = {chinese: key for key, *names in map(str.split, _KEYS.strip().splitlines()) for chinese in names}
"""Key meant by a Chinese word."""

_WIDE_COLON = re.compile(r"^(\s*(?:-\s+)?)([^\s:：#\"'{\[]{1,64})：\s*(.*)$")
_IN_BRACES = re.compile(r"[{\[][^\"'#]*?([：，])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\s#.*")


def key_meant(word: str) -> str | None:
    """The key meant by a Chinese word, with or without a full-width colon after it."""
    plain = narrow(word).strip()
    before, colon, after = plain.partition(":")
    if colon and before:
        before = KEYS.get(before.strip(), before.strip())
        return f"{before}: {after.strip()}" if before.isascii() and "," not in after else None
    return KEYS.get(plain)


def wide_mark(text: str, last: int) -> tuple[tuple[int, int], str, Words, Words, str | None] | None:
    """The first full-width colon or comma, up to a line, where YAML needs a half-width one.

    Returns
    -------
    tuple of position, key, got, expected and suggestion, or None
    """
    for number, line in enumerate(text.split("\n")[:last], 1):
        bare = _QUOTED.sub(lambda found: " " * len(found[0]), line)
        found = _WIDE_COLON.match(bare)
        if found:
            key, rest = KEYS.get(found[2], found[2]), line[found.start(3) :].strip()
            got, expected = Message("a full-width colon (：)"), Message("a half-width colon and a blank behind it (: )")
            return (number, found.end(2) + 1), key, got, expected, f"{key}: {rest}"[:60].strip()
        inside = _IN_BRACES.search(bare)
        if inside:
            at = (number, inside.start(1) + 1)
            if inside[1] == "：":
                return at, "", Message("a full-width colon (：)"), Message("a half-width colon and a blank behind it (: )"), None
            return at, "", Message("a full-width comma (，)"), Message("a half-width comma and a blank behind it (, )"), None
    return None
